import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { POLICY_MAX_CHARACTERS, renderPolicy } from '../profile/policy-template.ts';
import type { Profile } from '../profile/profile.ts';
import { readScope } from '../profile/scope-parameters.ts';
import { type PlaceholderValues, TENANT_ID_PLACEHOLDER } from '../profile/template.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { satisfies } from '../token/sender-constraint.ts';
import { ROLE_CHAINING_MAX_SECONDS, SESSION_MIN_SECONDS } from './durations.ts';
import { sessionName, subjectDigest } from './session-name.ts';
import { renderTags, type SessionTag } from './session-tags.ts';

/** What a caller asks for; everything may be left out. */
export interface VendRequest {
  /** Default: the tenant's default profile. */
  readonly profile?: string | undefined;
  /** Default: the profile's. */
  readonly durationSeconds?: number | undefined;
  /** Values for the profile's scope parameters. */
  readonly scope?: Readonly<Record<string, string>> | undefined;
}

/**
 * The complete request to STS AssumeRole, bounded to one tenant. Only `decideGrant` makes one, and nothing is added to
 * it or left out of it on the way. `policy` is never empty: without a policy, STS gives the whole role.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export interface Grant {
  readonly tenantId: Tenant['tenantId'];
  readonly profile: string;
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly durationSeconds: number;
  readonly policy: string;
  readonly policyArns: readonly string[];
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  readonly externalId: string | undefined;
}

/** SHA-256 of the session policy, base64url: what logs say of it. */
export function policyDigest({ policy }: Pick<Grant, 'policy'>): string {
  return createHash('sha256').update(policy).digest('base64url');
}

/**
 * The one place where permission is decided. Returns a grant bounded to the tenant, or throws a `VendingError` that
 * says why there is none: `tenant_inactive`, `token_expired`, `profile_not_granted`, `insufficient_scope`,
 * `token_not_bound`, `duration_out_of_range`, `scope_invalid`, `policy_unrenderable`, `policy_too_large`. Pure: the same arguments give
 * the same grant. `profile` is undefined when nobody has written one of the requested name.
 */
export function decideGrant(
  caller: Caller,
  tenant: Tenant,
  profile: Profile | undefined,
  request: VendRequest,
  clock: Clock,
): Grant {
  if (tenant.status !== 'active') throw new VendingError('tenant_inactive');
  if (caller.validUntil <= clock()) throw new VendingError('token_expired');
  // The same answer for a profile that does not exist: names of profiles are nobody's to probe.
  if (profile === undefined || !tenant.profiles.includes(profile.name))
    throw new VendingError('profile_not_granted');
  if (!profile.requiredScopes.every((scope) => caller.scopes.has(scope)))
    throw new VendingError('insufficient_scope');
  if (!satisfies(profile.senderConstraint, caller.senderConstraint))
    throw new VendingError('token_not_bound');

  const durationSeconds = decideDuration(tenant, profile, request.durationSeconds);
  const values = placeholderValues(tenant, readScope(profile.scope, request.scope ?? {}));
  const policy = renderPolicy(profile.policy, values);
  if (policy.length + profile.policyArns.join('').length > POLICY_MAX_CHARACTERS)
    throw new VendingError('policy_too_large');

  const name = sessionName(tenant.tenantId, subjectDigest(caller));
  const ownRole = Object.hasOwn(tenant.roles, profile.name) ? tenant.roles[profile.name] : undefined;
  return Object.freeze({
    tenantId: tenant.tenantId,
    profile: profile.name,
    roleArn: ownRole?.roleArn ?? profile.roleArn,
    roleSessionName: name,
    durationSeconds,
    policy,
    policyArns: profile.policyArns,
    tags: renderTags(profile.tags, values),
    transitiveTagKeys: profile.transitiveTagKeys,
    sourceIdentity: profile.sourceIdentity ? name : undefined,
    externalId: ownRole?.externalId,
  });
}

function decideDuration(tenant: Tenant, profile: Profile, requested: number | undefined): number {
  const maximum = Math.min(
    profile.durationSeconds.maximum,
    tenant.maximumDurationSeconds ?? ROLE_CHAINING_MAX_SECONDS,
  );
  const seconds = requested ?? Math.min(profile.durationSeconds.default, maximum);
  if (Number.isInteger(seconds) && seconds >= SESSION_MIN_SECONDS && seconds <= maximum) return seconds;
  throw new VendingError('duration_out_of_range', { detail: durationDetail(seconds, maximum) });
}

function durationDetail(seconds: number, maximum: number): string {
  const range = `durationSeconds must be a whole number from ${SESSION_MIN_SECONDS} to ${maximum} for this profile`;
  if (!(seconds > ROLE_CHAINING_MAX_SECONDS)) return range;
  return (
    `${range}: AWS limits a session made from another session (role chaining, as by a Lambda function) to one hour; ` +
    'use GET /credentials/container, from which every AWS SDK refreshes by itself'
  );
}

function placeholderValues(tenant: Tenant, scope: ReadonlyMap<string, string>): PlaceholderValues {
  const values = new Map<string, string>([[TENANT_ID_PLACEHOLDER, tenant.tenantId]]);
  for (const [name, value] of Object.entries(tenant.attributes))
    values.set(`tenant.attributes.${name}`, value);
  for (const [name, value] of scope) values.set(`scope.${name}`, value);
  return values;
}
