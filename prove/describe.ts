import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import type { Confirmed } from './counterexample.ts';
import { cureFor } from './cure.ts';
import type { AllowedBy, Counterexample } from './proof.ts';
import type { Search } from './search.ts';
import { policiesOf, type Row } from './session-layers.ts';
import { TAGS } from './symbols.ts';

/** A confirmed request as it is reported. `name` is what it reaches; undefined when that is nobody's. */
export function describe(
  search: Search,
  row: Row,
  { request, decision }: Confirmed,
  name: string | undefined,
): Counterexample {
  const { session, action, resource, keys, claimed } = request;
  const context = Object.entries(keys).filter(([key]) => !isDecided(search, key));
  return {
    ...session,
    otherTenantId: name === undefined ? undefined : claimed['latchkey:other.id'],
    reaches: name,
    action,
    resource,
    context: Object.fromEntries(context.map(([key, value]) => [writtenAs(search, key), value ?? null])),
    allowedBy: decision.explanation.effect === 'allowed' ? decision.explanation.by.map(asAllowedBy) : [],
    cure: cureFor(row, request, { reaches: name, isRole: search.profile.policy === undefined }),
  };
}

/** Whether the session itself says what the key is, and no request. */
function isDecided({ profile }: Search, key: string): boolean {
  if (profile.policy === undefined) return key === `${TAGS}${TENANT_TAG_KEY.toLowerCase()}`;
  return key.startsWith(TAGS);
}

/** The key as the policies or the declaration write it. */
function writtenAs({ layers, claims }: Search, key: string): string {
  const statements = [
    ...policiesOf(layers).flatMap((policy) => policy.statements),
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
