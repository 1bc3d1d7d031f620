import type { PolicyDocument } from '../../../functions/core/profile/policy-document.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import type { Ownership } from '../../../prove/ownership.ts';
import type { Counterexample, Proof } from '../../../prove/proof.ts';
import { proveProfile } from '../../../prove/prove-profile.ts';
import { readUnchecked } from '../unchecked-profile.ts';
import { isAllowed, judge, renderSession } from './brute-force.ts';
import { type CorpusEntry, type CorpusStatement, type CorpusVerdict, roleOf } from './entry.ts';

const MANAGED = 'arn:aws:iam::111122223333:policy/managed';

/** An entry as a profile is written. */
export function definitionOf({ session, managed, scope = {}, tags = {} }: CorpusEntry): ProfileDefinition {
  return {
    name: 'corpus',
    description: 'an entry of the corpus',
    roleArn: 'arn:aws:iam::111122223333:role/tenant',
    // A cast: statements of the corpus may be roles', which have elements that a profile lacks.
    policy: { Version: '2012-10-17', Statement: session as PolicyDocument['Statement'] } as never,
    policyArns: managed === undefined ? [] : [{ arn: MANAGED, boundedBecause: 'somebody said so' }],
    scope: Object.fromEntries(
      Object.entries(scope).map(([name, pattern]) => [name, { description: name, pattern }]),
    ),
    tags: { ...tags },
  };
}

/** Proves an entry, past the checks that refuse profiles when they are parsed. */
export function prove(entry: CorpusEntry): Proof {
  return proveProfile({
    profile: readUnchecked(definitionOf(entry), {}),
    role: {
      identityPolicies: { own: document(roleOf(entry)) },
      ...(entry.boundary && { boundary: document(entry.boundary) }),
    },
    managedPolicies: entry.managed ? { [MANAGED]: document(entry.managed) } : {},
    ownership: ownershipOf(entry),
    resources: {},
  });
}

function document(Statement: readonly CorpusStatement[]) {
  return { Version: '2012-10-17', Statement };
}

function ownershipOf({ owns, shared = [] }: CorpusEntry): Ownership {
  return {
    owned: owns.flatMap(({ resource, key, values = [], actions }, index) => {
      const owned = { name: `owned ${index}`, resource, ...(actions && { actions }) };
      if (key === undefined) return [owned];
      const reach = key === 's3:prefix' ? 'listing' : 'equal';
      return values.map((value) => ({ ...owned, by: { key, value, reach } as const }));
    }),
    shared: shared.map((one) => ({ ...one, why: 'the corpus says so' })),
  };
}

/** What a proof comes to: the worst of its rows. */
export function verdictOf({ rows, passed, undecided }: Proof): CorpusVerdict | 'not decided' {
  if (rows.some(({ verdict }) => verdict === 'crosses')) return 'crosses';
  if (undecided !== undefined || rows.some(({ verdict }) => verdict === 'not decided')) return 'not decided';
  if (rows.some(({ verdict }) => verdict === 'undeclared')) return 'undeclared';
  return passed ? 'isolated' : 'not decided';
}

/** The counterexamples of a proof that evaluator and declaration do not bear out, each by what it is worth instead. */
export function unconfirmed(entry: CorpusEntry, { rows }: Proof): readonly unknown[] {
  const failures = rows.filter(({ verdict }) => verdict === 'crosses' || verdict === 'undeclared');
  return failures.flatMap((row) => {
    const found = row.counterexample && confirm(entry, row.counterexample);
    return found === row.verdict ? [] : [{ claimed: row.verdict, found, counterexample: row.counterexample }];
  });
}

/** What a counterexample is, decided once more and from the written policies. */
function confirm(
  entry: CorpusEntry,
  { tenantId, action, resource, context, ...example }: Counterexample,
): string {
  const placeholders = new Map([
    ...Object.entries(example.attributes).map(
      ([name, value]) => [`tenant.attributes.${name}`, value] as const,
    ),
    ...Object.entries(example.scope).map(([name, value]) => [`scope.${name}`, value] as const),
  ]);
  const keys = Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  const request = { action, resource, keys };
  if (!isAllowed(renderSession(entry, tenantId, placeholders), request)) return 'denied';
  return judge(entry, tenantId, request)?.verdict ?? 'own';
}
