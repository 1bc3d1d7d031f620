import * as z from 'zod/mini';
import { VendingError } from '../errors.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import { parse } from '../parse.ts';
import type { PolicyConditions, PolicyStatement } from '../profile/policy-document.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import { tenantId } from '../tenant-id.ts';
import type { Revocable } from './revocable.ts';

/** The longest that a change of a record takes to count in every function instance, in seconds. */
export const REGISTRY_LAG_SECONDS = 30;

/**
 * How long it may take until a revocation holds everywhere, in seconds: IAM promises no figure for a changed policy, and it
 * is usually a few seconds; and a write that was overtaken by a later one is made good by the next sweep.
 */
export const REVOCATION_EFFECTIVE_SECONDS = 600;

/** How long a revocation is kept beyond the longest session, in seconds: for clocks that differ. */
const TOLERANCE_SECONDS = 300;

/**
 * What one role may be given in statements that cut off sessions. A role's inline policies may have 10,240 characters
 * together, of which the role's own need some. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const REVOCATION_POLICY_MAX_CHARACTERS = 6000;

/** The same of an IAM user, whose inline policies may have 2,048: what it is permitted has to stand in managed policies. */
export const REVOCATION_USER_POLICY_MAX_CHARACTERS = 1900;

const instant = z.iso.datetime({ precision: 0 });
const revocation = z.strictObject({ tenantId, before: instant });

/** One tenant, whose sessions on a role or user are refused when they were issued before an instant (whole seconds, UTC). */
export type Revocation = Readonly<z.output<typeof revocation>>;

/** The revocations of a role or user as they were stored; throws `ConfigurationError`. */
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
export function sweepRevocations(
  revocations: readonly Revocation[],
  { longestSessionSeconds }: Pick<Revocable, 'longestSessionSeconds'>,
  now: Date,
): readonly Revocation[] {
  const keptMilliseconds = (longestSessionSeconds + TOLERANCE_SECONDS) * 1000;
  return revocations.filter(({ before }) => Date.parse(before) + keptMilliseconds > now.getTime());
}

/**
 * The statements that cut off sessions, a statement per instant. Where they would be longer than the role or user can hold, the
 * oldest take the instant of the next: that ends sessions which could have lived on, and spares none. Throws
 * `revocations_full` when even so there are too many: on a role about 110 tenants of the longest ids, or 400 of short ones, within as long as
 * its sessions may live (an hour, or 12); on the user of federated users 34, or 110, within 36 hours.
 */
export function renderRevocations(
  revocations: readonly Revocation[],
  { isShared, policyMaxCharacters }: Pick<Revocable, 'isShared' | 'policyMaxCharacters'>,
): readonly PolicyStatement[] {
  // The revocations are one tenant's, and so is everything that they cut off.
  if (!isShared) return revocations.map(({ before }) => renderUntagged(before));
  const groups: Group[] = [...Map.groupBy(revocations, ({ before }) => before)]
    .map(([before, members]) => ({
      before,
      tenantIds: members.map(({ tenantId }) => tenantId as string).sort(),
    }))
    .sort((a, b) => (a.before < b.before ? -1 : 1));
  while (groups.length > 1 && charactersOf(groups) > policyMaxCharacters) {
    const [oldest, next] = groups as [Group, Group];
    groups.splice(0, 2, { ...next, tenantIds: [...oldest.tenantIds, ...next.tenantIds].sort() });
  }
  if (charactersOf(groups) > policyMaxCharacters)
    throw new VendingError('revocations_full', { retryAfterSeconds: 300 });
  return groups.map(renderGroup);
}

/** The statement that cuts off one tenant's sessions, for whoever keeps the role or user by hand. */
export function renderRevocation(
  { tenantId, before }: Revocation,
  { isShared }: Pick<Revocable, 'isShared'>,
): PolicyStatement {
  return isShared ? renderGroup({ before, tenantIds: [tenantId] }) : renderUntagged(before);
}

interface Group {
  readonly before: string;
  readonly tenantIds: readonly string[];
}

/** Both conditions must hold: of other tenants nothing is cut off, and of this one nothing new. */
function renderGroup({ before, tenantIds }: Group): PolicyStatement {
  return deny({
    ...issuedBefore(before),
    StringEquals: { [`aws:PrincipalTag/${TENANT_TAG_KEY}`]: tenantIds },
  });
}

/** Of the user's long-term keys, with which the next session is made, nothing: they have no issue time. */
function renderUntagged(before: string): PolicyStatement {
  return deny(issuedBefore(before));
}

/**
 * The key is there for all temporary credentials, whichever operation of STS they come from.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
 */
function issuedBefore(before: string): PolicyConditions {
  return { DateLessThan: { 'aws:TokenIssueTime': before } };
}

function deny(Condition: PolicyConditions): PolicyStatement {
  return { Effect: 'Deny', Action: '*', Resource: '*', Condition };
}

function charactersOf(groups: readonly Group[]): number {
  return JSON.stringify(groups.map(renderGroup)).length;
}
