import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { POLICY_MAX_CHARACTERS, renderPolicy } from '../profile/policy-template.ts';
import type { Profile } from '../profile/profile.ts';
import { readScope } from '../profile/scope-parameters.ts';
import { type PlaceholderValues, renderTemplate, TENANT_ID_PLACEHOLDER } from '../profile/template.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { satisfies } from '../token/sender-constraint.ts';
import { assertCarried } from './carried.ts';
import { longestSession, ROLE_CHAINING_MAX_SECONDS, SESSION_MIN_SECONDS } from './durations.ts';
import { minified } from './grant-form.ts';
import { type Making, ridesInToken } from './method.ts';
import { federatedUserName, sessionName, subjectDigest } from './session-name.ts';
import { renderTags, type SessionTag } from './session-tags.ts';
import {
  type MfaCode,
  type ProvidedContext,
  readContexts,
  readMfa,
  type VendRequest,
} from './vend-request.ts';

/**
 * The complete request to STS, bounded to one tenant: all of it but the token or assertion that the caller came with. Only `decideGrant` makes one, and nothing is added to
 * it or left out of it on the way; a verification alters one to what AWS must refuse. `policy` is never empty: without a policy, STS gives the whole role.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export interface Grant extends Omit<Making, 'mfa'> {
  readonly tenantId: Tenant['tenantId'];
  readonly profile: string;
  /** Undefined where sessions are an IAM user's own. */
  readonly roleArn: string | undefined;
  /** The IAM user that asks STS; undefined where none does. */
  readonly userArn: string | undefined;
  /** Of `saml`, as IAM knows the identity provider. */
  readonly samlProviderArn: string | undefined;
  /** With `federationToken`, the federated user's name. */
  readonly roleSessionName: string;
  readonly durationSeconds: number;
  readonly policy: string;
  readonly policyArns: readonly string[];
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  readonly externalId: string | undefined;
  readonly mfa: MfaCode | undefined;
  readonly contexts: readonly ProvidedContext[];
  /** Keys of the tags that are dropped, in this order, when STS finds policy and tags too large: `smallerForms`. */
  readonly droppableTags: readonly string[];
}

/** SHA-256 of the session policy, base64url: what logs say of it. */
export function policyDigest({ policy }: Pick<Grant, 'policy'>): string {
  return createHash('sha256').update(policy).digest('base64url');
}

/**
 * The one place where permission is decided. Returns a grant bounded to the tenant, or throws a `VendingError` that
 * says why there is none: `tenant_inactive`, `token_expired`, `assertion_expired`, `profile_not_granted`, `insufficient_scope`,
 * `token_not_bound`, `profile_elsewhere`, `mfa_required`, `request_invalid`, `token_tags_mismatch`, `duration_out_of_range`,
 * `scope_invalid`, `policy_unrenderable`, `policy_too_large`. Pure: the same arguments give the same grant. `profile` is undefined when nobody has written one of the requested name.
 */
export function decideGrant(
  caller: Caller,
  tenant: Tenant,
  profile: Profile | undefined,
  request: VendRequest,
  clock: Clock,
): Grant {
  if (tenant.status !== 'active') throw new VendingError('tenant_inactive');
  if (caller.validUntil <= clock())
    throw new VendingError(caller.samlProviderArn === undefined ? 'token_expired' : 'assertion_expired');
  // The same answer for a profile that does not exist: names of profiles are nobody's to probe.
  if (profile === undefined || !tenant.profiles.includes(profile.name))
    throw new VendingError('profile_not_granted');
  if (!profile.requiredScopes.every((scope) => caller.scopes.has(scope)))
    throw new VendingError('insufficient_scope');
  if (!satisfies(profile.senderConstraint, caller.senderConstraint))
    throw new VendingError('token_not_bound');
  // An assertion is the one thing that STS takes for such a profile, and no other profile takes one.
  if ((profile.method === 'saml') !== (caller.samlProviderArn !== undefined))
    throw new VendingError('profile_elsewhere');

  const durationSeconds = decideDuration(tenant, profile, request.durationSeconds);
  const values = placeholderValues(tenant, readScope(profile.scope, request.scope ?? {}));
  const packed = {
    policy: renderFitting(tenant, profile, values),
    // GetSessionToken takes none.
    tags: profile.method === 'sessionToken' ? [] : renderTags(profile.tags, values),
    transitiveTagKeys: profile.transitiveTagKeys,
  };
  return Object.freeze({
    tenantId: tenant.tenantId,
    profile: profile.name,
    method: profile.method,
    webIdentityToken: profile.webIdentityToken,
    ...principalOf(tenant, profile, values),
    ...namesOf(tenant, caller, profile, packed),
    samlProviderArn: caller.samlProviderArn,
    durationSeconds,
    ...packed,
    policyArns: profile.policyArns,
    mfa: readMfa(profile, request.mfa),
    contexts: readContexts(profile, request.contexts),
    droppableTags: profile.droppableTags,
  });
}

/** In the fewest characters where it has too many for STS. */
function renderFitting({ tenantId }: Tenant, profile: Profile, values: PlaceholderValues): string {
  const most = POLICY_MAX_CHARACTERS - profile.policyArns.join('').length;
  const whole = renderPolicy(profile.policy, values);
  const policy = whole.length <= most ? whole : minified({ policy: whole, tenantId });
  if (policy.length > most) throw new VendingError('policy_too_large');
  return policy;
}

function principalOf(
  tenant: Tenant,
  profile: Profile,
  values: PlaceholderValues,
): Pick<Grant, 'roleArn' | 'userArn' | 'externalId'> {
  const ownRole = Object.hasOwn(tenant.roles, profile.name) ? tenant.roles[profile.name] : undefined;
  const { userArn } = profile;
  return {
    roleArn: profile.roleArn === undefined ? undefined : (ownRole?.roleArn ?? profile.roleArn),
    userArn: userArn === undefined ? undefined : renderTemplate(userArn, values, (value) => value),
    // Of a caller with a token or an assertion, AWS takes none.
    externalId: profile.method === 'assumeRole' ? ownRole?.externalId : undefined,
  };
}

/** Who the session says that it is: in CloudTrail, and in everything that it opens further. */
function namesOf(
  { tenantId }: Tenant,
  caller: Caller,
  profile: Profile,
  packed: Pick<Grant, 'tags' | 'transitiveTagKeys'>,
): Pick<Grant, 'roleSessionName' | 'sourceIdentity'> {
  const digest = subjectDigest(caller);
  const name = sessionName(tenantId, digest);
  if (profile.method === 'federationToken')
    return { roleSessionName: federatedUserName(tenantId, digest), sourceIdentity: undefined };
  if (profile.method === 'sessionToken') return { roleSessionName: name, sourceIdentity: undefined };
  if (!ridesInToken(profile))
    return { roleSessionName: name, sourceIdentity: profile.sourceIdentity ? name : undefined };
  const carried = assertCarried(caller.carried, { tenantId, ...packed });
  return { roleSessionName: carried.roleSessionName ?? name, sourceIdentity: carried.sourceIdentity };
}

function decideDuration(tenant: Tenant, profile: Profile, requested: number | undefined): number {
  const maximum = Math.min(
    profile.durationSeconds.maximum,
    tenant.maximumDurationSeconds ?? Number.POSITIVE_INFINITY,
  );
  const seconds = requested ?? Math.min(profile.durationSeconds.default, maximum);
  if (Number.isInteger(seconds) && seconds >= SESSION_MIN_SECONDS && seconds <= maximum) return seconds;
  throw new VendingError('duration_out_of_range', { detail: durationDetail(seconds, maximum, profile) });
}

function durationDetail(seconds: number, maximum: number, making: Making): string {
  const range = `durationSeconds must be a whole number from ${SESSION_MIN_SECONDS} to ${maximum} for this profile`;
  if (!(seconds > ROLE_CHAINING_MAX_SECONDS) || longestSession(making) > ROLE_CHAINING_MAX_SECONDS)
    return range;
  return (
    `${range}: AWS limits a session made from another session (role chaining, as by a Lambda function) to one hour; ` +
    'use GET /credentials/container, from which every AWS SDK refreshes by itself, or a profile with the method webIdentity, which gives up to 12 hours'
  );
}

function placeholderValues(tenant: Tenant, scope: ReadonlyMap<string, string>): PlaceholderValues {
  const values = new Map<string, string>([[TENANT_ID_PLACEHOLDER, tenant.tenantId]]);
  for (const [name, value] of Object.entries(tenant.attributes))
    values.set(`tenant.attributes.${name}`, value);
  for (const [name, value] of scope) values.set(`scope.${name}`, value);
  return values;
}
