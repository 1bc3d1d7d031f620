import type { Policy, Statement } from '../policy/policy.ts';
import type { Suspicion } from './confirm.ts';
import { ACME, confirmQuery, tell } from './counterexample.ts';
import { describe } from './describe.ts';
import { withFamiliarAction } from './familiar-action.ts';
import type { ProofRow } from './proof.ts';
import { ask, type Query } from './query.ts';
import { type Requirement, requirementsOf } from './requirement.ts';
import type { Search } from './search.ts';
import { policiesOf, type Row } from './session-layers.ts';
import type { Solver } from './solver.ts';
import { ANY_READING } from './symbols.ts';
import { Undecided } from './undecided.ts';

/** What is found of a row; what is left out is empty. */
export type Finding = Pick<ProofRow, 'verdict'> & Partial<ProofRow>;

/**
 * A crossing of one row by a tenant called acme, if there is one: found in few steps where there is. Undefined decides
 * nothing.
 */
export function tellRow(search: Search, row: Row): Finding | undefined {
  const avoided = deniesOf(search);
  const ways = waysThrough(search, row, search.solverFor(ACME));
  for (const { name, statement } of search.claims.reaches) {
    const suspicion = { reaches: statement };
    for (const way of ways) {
      const query = { required: [...way, ...requirementsOf(statement)], avoided };
      const found = tell(search, query, suspicion);
      if (found === undefined) continue;
      const familiar = withFamiliarAction(search, row, found, suspicion);
      return { verdict: 'crosses', counterexample: describe(search, row, familiar, name) };
    }
  }
  return undefined;
}

/** Decides one row. Throws `Undecided`, and `BudgetSpent` when the search ran out of steps. */
export function proveRow(search: Search, row: Row): Finding {
  const denies = deniesOf(search);
  const solver = search.solverFor(ANY_READING);
  const isPossible = (query: Query) => ask(solver, query) !== undefined;
  const ways = waysThrough(search, row, solver).filter((required) =>
    isPossible({ required, avoided: denies }),
  );
  if (ways.length === 0) return { verdict: 'closed' };

  let unconfirmed: string | undefined;
  const find = (query: Query, suspicion: Suspicion, name?: string) => {
    const found = confirmQuery(search, query, suspicion);
    if (found === 'impossible') return undefined;
    if (found !== 'unconfirmed')
      return describe(search, row, withFamiliarAction(search, row, found, suspicion), name);
    unconfirmed ??= doubt(name);
    return undefined;
  };
  for (const { name, statement } of search.claims.reaches) {
    for (const way of ways) {
      const query = { required: [...way, ...requirementsOf(statement)], avoided: denies };
      const counterexample = find(query, { reaches: statement }, name);
      if (counterexample !== undefined) return { verdict: 'crosses', counterexample };
    }
  }
  // What is found for all values at once may be of none: then nothing is known.
  if (unconfirmed !== undefined) throw new Undecided(unconfirmed);
  const { own, shared } = search.claims;
  const declared = [...denies, ...own, ...shared.map(({ statement }) => statement)];
  for (const required of ways) {
    const counterexample = find({ required, avoided: declared }, { undeclared: true });
    if (counterexample !== undefined) return { verdict: 'undeclared', counterexample };
  }
  if (unconfirmed !== undefined) throw new Undecided(unconfirmed);
  const used = shared.filter(({ statement }) =>
    ways.some((way) =>
      isPossible({ required: [...way, ...requirementsOf(statement)], avoided: [...denies, ...own] }),
    ),
  );
  return used.length === 0 ? { verdict: 'own' } : { verdict: 'shared', shared: used.map(({ why }) => why) };
}

function doubt(name: string | undefined): string {
  return name === undefined
    ? 'whether it opens something that is not declared: no request could be confirmed'
    : `whether it reaches another tenant's ${name}: no request could be confirmed`;
}

/** Every choice of one Allow from each kind of policy that must allow. */
function waysThrough(
  { layers: { identity, boundary, session } }: Search,
  { statement }: Row,
  solver: Solver,
): readonly (readonly Requirement[])[] {
  const first: readonly (readonly Requirement[])[] = [requirementsOf(statement)];
  // Without a session policy, the row is of the role's own.
  const others = [session && identity, boundary].filter((policies) => policies !== undefined);
  return others.reduce(
    (ways, policies) =>
      ways
        .flatMap((way) => allows(policies).map((allow) => [...way, ...requirementsOf(allow)]))
        .filter((way) => solver.solve(way) !== undefined),
    first,
  );
}

function allows(policies: readonly Policy[]): readonly Statement[] {
  return policies.flatMap(({ statements }) => statements).filter(({ effect }) => effect === 'Allow');
}

function deniesOf({ layers }: Search): readonly Statement[] {
  return policiesOf(layers)
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Deny');
}
