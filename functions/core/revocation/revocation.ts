import * as z from 'zod/mini';
import { VendingError } from '../errors.ts';
import { ROLE_CHAINING_MAX_SECONDS } from '../grant/durations.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import { parse } from '../parse.ts';
import type { PolicyStatement } from '../profile/policy-document.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import { tenantId } from '../tenant-id.ts';

/** The longest that a change of a record takes to count in every function instance, in seconds. */
export const REGISTRY_LAG_SECONDS = 30;

/**
 * How long it may take until a revocation holds everywhere, in seconds: IAM promises no figure for a changed role policy, and it
 * is usually a few seconds; and a write that was overtaken by a later one is made good by the next sweep.
 */
export const REVOCATION_EFFECTIVE_SECONDS = 600;

/** An hour is the longest session; the rest is for clocks that differ. */
const KEPT_SECONDS = ROLE_CHAINING_MAX_SECONDS + 300;

/**
 * What one role may be given in statements that cut off sessions. A role's inline policies may have 10,240 characters
 * together, of which the role's own need some. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const REVOCATION_POLICY_MAX_CHARACTERS = 6000;

const instant = z.iso.datetime({ precision: 0 });
const revocation = z.strictObject({ tenantId, before: instant });

/** One tenant, whose sessions on a role are refused when they were issued before an instant (whole seconds, UTC). */
export type Revocation = Readonly<z.output<typeof revocation>>;

/** The revocations of a role as they were stored; throws `ConfigurationError`. */
export function parseRevocations(stored: unknown): readonly Revocation[] {
  return parse(z.array(revocation), stored, 'revocations');
}

/**
 * From when on sessions of the tenant may stand: now for an active one; for one that is not, also those are cut off
 * that an instance may still have handed out before it heard of the suspension.
 */
export function revocationInstant({ inactiveSince }: Pick<TenantRecord, 'inactiveSince'>, now: Date): Date {
  const heardOf = inactiveSince === undefined ? 0 : Date.parse(inactiveSince) + REGISTRY_LAG_SECONDS * 1000;
  // AWS tells issue times in whole seconds: rounded up, so that a session of this very second is cut off as well.
  return new Date(Math.ceil(Math.max(now.getTime(), heardOf) / 1000) * 1000);
}

/** The revocations with one more; of two of a tenant, the later one holds. */
export function addRevocation(revocations: readonly Revocation[], added: Revocation): readonly Revocation[] {
  const others = revocations.filter(({ tenantId }) => tenantId !== added.tenantId);
  const before = revocations.find(({ tenantId }) => tenantId === added.tenantId)?.before ?? '';
  return [...others, before > added.before ? { ...added, before } : added];
}

/** The revocations that can still cut something off. */
export function sweepRevocations(revocations: readonly Revocation[], now: Date): readonly Revocation[] {
  return revocations.filter(({ before }) => Date.parse(before) + KEPT_SECONDS * 1000 > now.getTime());
}

/**
 * The statements that cut off sessions, a statement per instant. Where they would be longer than a role can hold, the
 * oldest take the instant of the next: that ends sessions which could have lived on, and spares none. Throws
 * `revocations_full` when even so there are too many.
 */
export function renderRevocations(revocations: readonly Revocation[]): readonly PolicyStatement[] {
  const groups: Group[] = [...Map.groupBy(revocations, ({ before }) => before)]
    .map(([before, members]) => ({
      before,
      tenantIds: members.map(({ tenantId }) => tenantId as string).sort(),
    }))
    .sort((a, b) => (a.before < b.before ? -1 : 1));
  while (groups.length > 1 && charactersOf(groups) > REVOCATION_POLICY_MAX_CHARACTERS) {
    const [oldest, next] = groups as [Group, Group];
    groups.splice(0, 2, { ...next, tenantIds: [...oldest.tenantIds, ...next.tenantIds].sort() });
  }
  if (charactersOf(groups) > REVOCATION_POLICY_MAX_CHARACTERS)
    throw new VendingError('revocations_full', { retryAfterSeconds: 300 });
  return groups.map(renderGroup);
}

/** The statement that cuts off one tenant's sessions, for whoever keeps the role by hand. */
export function renderRevocation({ tenantId, before }: Revocation): PolicyStatement {
  return renderGroup({ before, tenantIds: [tenantId] });
}

interface Group {
  readonly before: string;
  readonly tenantIds: readonly string[];
}

/**
 * Both conditions must hold: of other tenants nothing is cut off, and of this one nothing new.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
function renderGroup({ before, tenantIds }: Group): PolicyStatement {
  return {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      DateLessThan: { 'aws:TokenIssueTime': before },
      StringEquals: { [`aws:PrincipalTag/${TENANT_TAG_KEY}`]: tenantIds },
    },
  };
}

function charactersOf(groups: readonly Group[]): number {
  return JSON.stringify(groups.map(renderGroup)).length;
}
