import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { SESSION_MIN_SECONDS } from '../grant/durations.ts';
import { decideGrant, type Grant } from '../grant/grant.ts';
import { functionFor, ridesInToken } from '../grant/method.ts';
import { presumeCaller, presumeRequest } from '../grant/presumed.ts';
import { sessionName, subjectDigest } from '../grant/session-name.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import type { Profile } from '../profile/profile.ts';
import { isScopeValue, type ScopeParameters } from '../profile/scope-parameters.ts';
import { ROUTES } from '../routes.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { type Judgement, judgeUnknownScope } from './judge-probe.ts';
import type { Assumption } from './probe-ports.ts';

/**
 * How a tenant's profile is tried: by a real grant, by the role alone where no request can be made up, or not at all: for it is
 * refused, or takes what nobody here has. The assumption is what a role sees of the vend; undefined where there is no role.
 */
export type Canary = { readonly assumption: Assumption | undefined } & (
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'role_only'; readonly assumption: Assumption; readonly parameter: string }
  | { readonly kind: 'refused'; readonly failure: VendingError }
  | { readonly kind: 'untried'; readonly judgement: Judgement }
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
  const elsewhere = judgeElsewhere(profile);
  const scope = scopeValues(profile.scope);
  const byHand = assumptionByHand(tenant, profile);
  if (scope.missing !== undefined) {
    if (elsewhere === undefined && byHand !== undefined && comesByAssumeRole(profile))
      return { kind: 'role_only', assumption: byHand, parameter: scope.missing };
    const judgement = elsewhere ?? judgeUnknownScope(scope.missing);
    return { kind: 'untried', assumption: byHand, judgement };
  }
  try {
    const grant = decideCanary(tenant, profile, scope.values, clock);
    const assumption = assumptionIn(grant);
    return elsewhere === undefined
      ? { kind: 'grant', grant, assumption }
      : { kind: 'untried', assumption, judgement: elsewhere };
  } catch (failure) {
    if (!(failure instanceof VendingError)) throw failure;
    return { kind: 'refused', assumption: byHand, failure };
  }
}

/** Whether sessions come by AssumeRole from whoever runs this, so that a role's trust policy can be asked about each part of a vend. */
export function comesByAssumeRole({ method, mfa }: Pick<Profile, 'method' | 'mfa'>): boolean {
  return method === 'assumeRole' && mfa === 'none';
}

function decideCanary(
  tenant: Tenant,
  profile: Profile,
  scope: Readonly<Record<string, string>>,
  clock: Clock,
): Grant {
  const validUntil = new Date(clock().getTime() + SESSION_MIN_SECONDS * 1000);
  const caller = presumeCaller(tenant, profile, { ...CANARY, validUntil, scopes: profile.requiredScopes });
  const request = { ...presumeRequest(profile), durationSeconds: SESSION_MIN_SECONDS, scope };
  return decideGrant(caller, { ...tenant, status: 'active' }, profile, request, clock);
}

/** How a profile is judged that nobody can vend by here; undefined for one that can be tried. */
function judgeElsewhere(profile: Profile): Judgement | undefined {
  const lacked = lackedFor(profile);
  if (lacked === undefined) return undefined;
  const route = ROUTES[functionFor(profile)];
  const detail = `a session takes ${lacked}, which is not here: try it as the tenant, by POST ${route}`;
  return { outcome: 'not_applicable', detail };
}

/** What nobody has who verifies. */
function lackedFor(profile: Profile): string | undefined {
  const { method, mfa } = profile;
  if (method === 'saml') return "an assertion of the tenant's identity provider";
  if (ridesInToken(profile)) return "a token of the tenant's issuer";
  if (mfa === 'required') return "a code of the MFA device of the tenant's IAM user";
  return functionFor(profile) === 'iam-user' ? 'the long-term keys of an IAM user' : undefined;
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

function assumptionIn(grant: Grant): Assumption | undefined {
  const { roleArn, roleSessionName, tags, transitiveTagKeys, sourceIdentity, externalId } = grant;
  if (roleArn === undefined) return undefined;
  return { roleArn, roleSessionName, tags, transitiveTagKeys, sourceIdentity, externalId };
}

/** What the trust policy would see of a grant, without tags that only a grant can render. */
function assumptionByHand({ tenantId, roles }: Tenant, profile: Profile): Assumption | undefined {
  if (profile.roleArn === undefined) return undefined;
  const ownRole = Object.hasOwn(roles, profile.name) ? roles[profile.name] : undefined;
  const name = sessionName(tenantId, subjectDigest(CANARY));
  return {
    roleArn: ownRole?.roleArn ?? profile.roleArn,
    roleSessionName: name,
    tags: [{ key: TENANT_TAG_KEY, value: tenantId }],
    transitiveTagKeys: profile.transitiveTagKeys.filter((key) => key === TENANT_TAG_KEY),
    sourceIdentity: profile.sourceIdentity ? name : undefined,
    externalId: profile.method === 'assumeRole' ? ownRole?.externalId : undefined,
  };
}
