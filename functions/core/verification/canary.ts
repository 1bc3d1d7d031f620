import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { SESSION_MIN_SECONDS } from '../grant/durations.ts';
import { decideGrant, type Grant } from '../grant/grant.ts';
import { sessionName, subjectDigest } from '../grant/session-name.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import type { Profile } from '../profile/profile.ts';
import { isScopeValue, type ScopeParameters } from '../profile/scope-parameters.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { leastConstraint } from '../token/sender-constraint.ts';
import type { Assumption } from './probe-ports.ts';

/**
 * How a tenant's profile is tried: by a real grant, by the role alone where no request can be made up, or not at all. The
 * assumption is what the role must allow.
 */
export type Canary = { readonly assumption: Assumption } & (
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'role_only'; readonly parameter: string }
  | { readonly kind: 'refused'; readonly failure: VendingError }
);

/** Nobody's token: the same for every verification, so that CloudTrail shows them under one session name. */
const CANARY = { issuer: 'latchkey:verification', subject: 'canary' };

/** Values that scope parameters without an example commonly take. None can open more than what the profile opens to the tenant. */
const SCOPE_VALUES = [
  'latchkey-probe',
  'latchkey-probe/',
  'probe',
  'probe/',
  'PROBE',
  'p',
  '0',
  '2026',
  '2026-01',
  '2026-01-01',
  '2026/01/',
  '00000000-0000-4000-8000-000000000000',
];

/**
 * The grant that a caller of the tenant would get, for the least time, as if the tenant were active: that it is not yet is
 * why it is verified.
 */
export function planCanary(tenant: Tenant, profile: Profile, clock: Clock): Canary {
  const scope = scopeValues(profile.scope);
  if (scope.missing !== undefined) {
    return { kind: 'role_only', assumption: assumptionByHand(tenant, profile), parameter: scope.missing };
  }
  try {
    const request = { durationSeconds: SESSION_MIN_SECONDS, scope: scope.values };
    const active = { ...tenant, status: 'active' as const };
    const caller = canaryCaller(tenant, profile, clock);
    const grant = decideGrant(caller, active, profile, request, clock);
    return { kind: 'grant', grant, assumption: assumptionIn(grant) };
  } catch (failure) {
    if (!(failure instanceof VendingError)) throw failure;
    return { kind: 'refused', assumption: assumptionByHand(tenant, profile), failure };
  }
}

function canaryCaller(
  { tenantId }: Tenant,
  { requiredScopes, senderConstraint }: Profile,
  clock: Clock,
): Caller {
  return {
    ...CANARY,
    tenant: { kind: 'tenant', issuer: CANARY.issuer, tenantId },
    scopes: new Set(requiredScopes),
    clientId: undefined,
    tokenId: undefined,
    validUntil: new Date(clock().getTime() + SESSION_MIN_SECONDS * 1000),
    senderConstraint: leastConstraint(senderConstraint),
  };
}

/** Optional parameters are left out: that opens most, so most is tried. */
function scopeValues(parameters: ScopeParameters): {
  readonly values: Readonly<Record<string, string>>;
  readonly missing: string | undefined;
} {
  const required = [...parameters].filter(([, { optional }]) => !optional);
  const found = required.map(
    ([name, { pattern, example }]) =>
      [name, example ?? SCOPE_VALUES.find((value) => isScopeValue(value, pattern))] as const,
  );
  return {
    values: Object.fromEntries(
      found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    missing: found.find(([, value]) => value === undefined)?.[0],
  };
}

function assumptionIn(grant: Grant): Assumption {
  const { roleArn, roleSessionName, tags, transitiveTagKeys, sourceIdentity, externalId } = grant;
  return { roleArn, roleSessionName, tags, transitiveTagKeys, sourceIdentity, externalId };
}

/** What the trust policy would see of a grant, without tags that only a grant can render. */
function assumptionByHand({ tenantId, roles }: Tenant, profile: Profile): Assumption {
  const ownRole = Object.hasOwn(roles, profile.name) ? roles[profile.name] : undefined;
  const name = sessionName(tenantId, subjectDigest(CANARY));
  return {
    roleArn: ownRole?.roleArn ?? profile.roleArn,
    roleSessionName: name,
    tags: [{ key: TENANT_TAG_KEY, value: tenantId }],
    transitiveTagKeys: profile.transitiveTagKeys.filter((key) => key === TENANT_TAG_KEY),
    sourceIdentity: profile.sourceIdentity ? name : undefined,
    externalId: ownRole?.externalId,
  };
}
