import type { Confirmed } from './counterexample.ts';
import { cureFor } from './cure.ts';
import type { AllowedBy, Counterexample } from './proof.ts';
import type { Search } from './search.ts';
import type { Row } from './session-layers.ts';

/** A confirmed request as it is reported. `name` is what it reaches; undefined when that is nobody's. */
export function describe(
  search: Search,
  row: Row,
  { request, decision }: Confirmed,
  name: string | undefined,
): Counterexample {
  const { session, action, resource, keys, claimed } = request;
  const tags = /^aws:principaltag\//;
  const context = Object.entries(keys).filter(([key]) => !tags.test(key));
  return {
    ...session,
    otherTenantId: name === undefined ? undefined : claimed['latchkey:other.id'],
    reaches: name,
    action,
    resource,
    context: Object.fromEntries(context.map(([key, value]) => [writtenAs(search, key), value ?? null])),
    allowedBy: decision.explanation.effect === 'allowed' ? decision.explanation.by.map(asAllowedBy) : [],
    cure: cureFor(row, request, name),
  };
}

/** The key as the policies or the declaration write it. */
function writtenAs({ layers: { identity, boundary = [], session }, claims }: Search, key: string): string {
  const statements = [
    ...[...session, ...identity, ...boundary].flatMap((policy) => policy.statements),
    ...claims.reaches.map(({ statement }) => statement),
    ...claims.shared.map(({ statement }) => statement),
  ];
  const written = statements.flatMap(({ conditions }) => conditions.map((condition) => condition.key));
  return written.find((each) => each.toLowerCase() === key) ?? key;
}

function asAllowedBy({
  kind,
  policy,
  index,
  sid,
}: {
  readonly kind: AllowedBy['kind'];
  readonly policy: string;
  readonly index: number;
  readonly sid: string | undefined;
}): AllowedBy {
  return { kind, policy, statement: sid ?? `Statement[${index}]` };
}
