import { TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import type { Decision } from '../policy/evaluate.ts';
import type { Run } from './automata/find-word.ts';
import { MOST_EXCEPTIONS } from './automata/language.ts';
import { type ConcreteRequest, confirm, type Suspicion } from './confirm.ts';
import { ask, type Query } from './query.ts';
import type { Search } from './search.ts';
import type { Solution } from './solver.ts';
import { type FixedValues, OTHER, OTHER_BEGINNING, type Reading } from './symbols.ts';
import { TENANTS, writeOut } from './write-out.ts';

/** A request that the evaluator allows. */
export interface Confirmed {
  readonly request: ConcreteRequest;
  readonly decision: Decision;
}

const MOST_ATTEMPTS = 20;
/** Values as one would tell it; a search with them is short. */
const TELLING: readonly (readonly (readonly [string, string])[])[] = [
  [
    [TENANT_ID_PLACEHOLDER, 'acme'],
    [OTHER, 'globex'],
  ],
  [
    [TENANT_ID_PLACEHOLDER, 'acme'],
    [OTHER, 'acme-prod'],
  ],
  [[TENANT_ID_PLACEHOLDER, 'acme']],
];
/** The tenant of all of these. */
export const ACME: Reading = { fixed: new Map([[TENANT_ID_PLACEHOLDER, 'acme']]), excluded: [] };

/**
 * Turns what the search over all values found into one request with values, and has the evaluator confirm it. Values that
 * the search found are fixed one by one, and the search is repeated with them: with all fixed, it is exact. What it found
 * may be of no one tenant; ids with which there is nothing are then excluded, and it is repeated for all others.
 * `impossible` is proved; with `unconfirmed`, nothing is known.
 */
export function confirmQuery(
  search: Search,
  query: Query,
  suspicion: Suspicion,
): Confirmed | 'impossible' | 'unconfirmed' {
  const excluded: string[] = [];
  for (;;) {
    const solution = ask(search.solverFor({ fixed: new Map(), excluded }), query);
    if (solution === undefined) return 'impossible';
    const found = tell(search, query, suspicion) ?? attempt(search, query, suspicion, []);
    if (found !== undefined) return found;
    const ids = [...valuesOf(TENANT_ID_PLACEHOLDER, runsOf(solution))].filter(
      (id) => !excluded.includes(id) && ask(search.solverFor(withTenant(id)), query) === undefined,
    );
    if (ids.length === 0 || excluded.length + ids.length > MOST_EXCEPTIONS) return 'unconfirmed';
    excluded.push(...ids);
  }
}

function withTenant(id: string): Reading {
  return { fixed: new Map([[TENANT_ID_PLACEHOLDER, id]]), excluded: [] };
}

/** A request of the tenant acme's that the evaluator confirms; undefined says nothing about other tenants. */
export function tell(search: Search, query: Query, suspicion: Suspicion): Confirmed | undefined {
  for (const fixed of TELLING) {
    const found = attempt(search, query, suspicion, fixed);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A confirmed request with these values and few others that are fixed on the way. */
function attempt(
  search: Search,
  query: Query,
  suspicion: Suspicion,
  begin: readonly (readonly [string, string])[],
): Confirmed | undefined {
  let left = MOST_ATTEMPTS;
  const attemptWith = (fixed: FixedValues): Confirmed | undefined => {
    left -= 1;
    const solution = left < 0 ? undefined : ask(search.solverFor({ fixed, excluded: [] }), query);
    if (solution === undefined) return undefined;
    const runs = runsOf(solution);
    const request = writeOut(search, solution, runs, fixed);
    const decision = request && confirm(search, request, suspicion);
    if (request !== undefined && decision !== undefined) return { request, decision };
    const name = nextToFix(runs, fixed);
    if (name === undefined) return undefined;
    const known = name === TENANT_ID_PLACEHOLDER ? TENANTS.slice(0, 2) : [];
    for (const value of new Set([...valuesOf(name, runs), ...known])) {
      const found = attemptWith(new Map([...fixed, [name, value]]));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return attemptWith(new Map(begin));
}

function runsOf({ action, resource, keys }: Solution): readonly Run[] {
  return [action, resource, ...[...keys.values()].flat()].flatMap(({ runs }) => runs);
}

function nextToFix(runs: readonly Run[], fixed: FixedValues): string | undefined {
  const open = [TENANT_ID_PLACEHOLDER, ...runs.map(({ variable }) => variable)];
  return open.find((name) => !fixed.has(name) && name !== OTHER && name !== OTHER_BEGINNING);
}

function valuesOf(name: string, runs: readonly Run[]): ReadonlySet<string> {
  return new Set(runs.filter(({ variable }) => variable === name).map(({ value }) => value));
}
