import { refuseFaults } from '../administration/request-invalid.ts';
import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { decideGrant, type Grant } from '../grant/grant.ts';
import type { Making, Method, WebIdentityToken } from '../grant/method.ts';
import { presumeRequest } from '../grant/presumed.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import type { Profile } from '../profile/profile.ts';
import { type Tenant, tenantOf } from '../tenant/tenant.ts';
import { statusOfTenant, type TenantRecord, type TenantStatus } from '../tenant/tenant-record.ts';
import { describeGrant } from './describe-grant.ts';
import type { DurationReason } from './duration-reason.ts';
import { judgeUserAlone } from './judge-user-alone.ts';
import type { ContextValues, Effect, JudgedSession, OpenJudge } from './preview-judge.ts';
import type { PreviewRequest } from './preview-request.ts';
import { type ComparedProfile, diffProfiles, type ProfileDiff } from './profile-diff.ts';
import { type SampleCaller, sampleCaller } from './sample-caller.ts';
import { sessionKeys } from './session-keys.ts';
import { type DeployedProfiles, findTriedProfiles, type ProfileSource } from './tried-profiles.ts';

/** What a vend would ask of STS, and what the session could do. Nothing is vended for it. */
export interface Preview {
  readonly tenantId: string;
  /** As the tenant is now; it is previewed as if it were active. */
  readonly status: TenantStatus;
  readonly profile: string;
  readonly source: ProfileSource;
  /** Whether the tenant may use the profile now; one that stands in the request is previewed either way. */
  readonly granted: boolean;
  readonly requiredScopes: readonly string[];
  readonly method: Method;
  /** Of `webIdentity`. */
  readonly webIdentityToken?: WebIdentityToken;
  readonly mfa: Making['mfa'];
  /** What the session would be made from: a role, an IAM user, or a role for what an IAM user asks. */
  readonly roleArn?: string;
  readonly userArn?: string;
  readonly passesExternalId: boolean;
  /** The issuer of the sample caller. */
  readonly issuer: string;
  readonly roleSessionName: string;
  readonly sourceIdentity?: string;
  readonly tags: Grant['tags'];
  readonly transitiveTagKeys: readonly string[];
  readonly duration: DurationReason;
  readonly policy: PolicyDocument;
  readonly policyArns: readonly string[];
  /** Of policy and managed policy ARNs together, of the 2048 that STS takes. */
  readonly policyCharacters: number;
  /** An estimate; over 100, STS would refuse. */
  readonly packedPolicyPercent: number;
  readonly evaluation: {
    /** Whether the role's own policy is known here; else the session policy alone was evaluated. */
    readonly rolePolicy: boolean;
    readonly note: string;
    /** Why the session policy cannot be evaluated: AWS might refuse it, too. */
    readonly fault?: string;
  };
  readonly requests: readonly PreviewedRequest[];
  readonly diff?: ProfileDiff;
}

/** What would become of one request. */
export interface PreviewedRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: ContextValues;
  readonly effect: Effect;
  readonly reason: string;
}

/** What previews are made with. */
export interface PreviewOptions extends DeployedProfiles {
  /** The policy of the deployment's tenant role, and of its role for tokens and assertions, which permits the same; undefined where the deployment does not tell. */
  readonly tenantRolePolicy: object | undefined;
  readonly openJudge: OpenJudge;
  readonly clock: Clock;
}

/**
 * Previews a vend for a tenant, by the very function that decides it. Throws what a vend would, with the cause for the
 * operator to read, `tenant_offboarded`, and `request_invalid` for a profile that must not be served. Pure.
 */
export type PreviewTenant = (record: TenantRecord, request: PreviewRequest) => Preview;

/** See `PreviewTenant`. */
export function createPreview(options: PreviewOptions): PreviewTenant {
  const { clock } = options;
  return (record, request) => {
    const tenant = tenantOf(record);
    if (tenant === undefined) throw new VendingError('tenant_not_found');
    if (record.offboardedAt !== undefined) throw new VendingError('tenant_offboarded');
    const { tried, deployed, source } = findTriedProfiles(tenant, request, options);
    if (tried === undefined) throw new VendingError('profile_not_granted');
    if (request.diff && deployed === undefined)
      throw new VendingError('request_invalid', {
        detail: `diff: there is no profile ${tried.name} to compare with`,
      });
    const granted = tenant.profiles.includes(tried.name);
    const vendable: Tenant = {
      ...tenant,
      status: 'active',
      profiles: source === 'request' ? [...tenant.profiles, tried.name] : tenant.profiles,
    };
    const compared = request.diff && deployed !== undefined ? deployed : undefined;
    const callerFor = sampleCaller(
      tenant,
      compared === undefined ? [tried] : [tried, compared],
      request,
      clock,
    );
    const open = (profile: Profile, scope: PreviewRequest['scope']) =>
      openSession(callerFor, vendable, profile, { ...request, scope }, options);

    const after = open(tried, scopeFor(tried, compared, request.scope));
    assertContexts(after.session, request);
    const before =
      compared &&
      namingSide('the deployed profile', () => open(compared, scopeFor(compared, tried, request.scope)));
    return {
      tenantId: tenant.tenantId,
      status: statusOfTenant(record),
      source,
      granted,
      ...describeGrant(after, vendable, request),
      ...(before === undefined ? {} : { diff: diffProfiles({ before, after, tenant, request, ...options }) }),
    };
  };
}

function openSession(
  callerFor: SampleCaller,
  tenant: Tenant,
  profile: Profile,
  { durationSeconds, scope = {} }: Pick<PreviewRequest, 'durationSeconds' | 'scope'>,
  { resources, tenantRolePolicy, openJudge, clock }: PreviewOptions,
): ComparedProfile {
  const asked = { ...presumeRequest(profile), profile: profile.name, durationSeconds, scope };
  const { caller, grant } = withCause(() => {
    const caller = callerFor(profile);
    return { caller, grant: decideGrant(caller, tenant, profile, asked, clock) };
  });
  const { tenantRoleArn, federatedRoleArn } = resources;
  const isKnown = grant.roleArn !== undefined && [tenantRoleArn, federatedRoleArn].includes(grant.roleArn);
  const session: JudgedSession = {
    ...grant,
    // Nor a policy: GetSessionToken takes neither.
    tags: grant.method === 'sessionToken' ? [] : grant.tags,
    rolePolicy: isKnown ? tenantRolePolicy : undefined,
    now: clock(),
  };
  const judge = grant.method === 'sessionToken' ? judgeUserAlone(session) : openJudge(session);
  return { profile, caller, grant, session, scope, judge };
}

/** What the session itself says is no request's to say: the answer would be about somebody else. */
function assertContexts(session: JudgedSession, { requests }: Pick<PreviewRequest, 'requests'>): void {
  const fixed = new Set(Object.keys(sessionKeys(session)).map((key) => key.toLowerCase()));
  refuseFaults(
    'preview',
    requests.flatMap(({ context }, index) =>
      Object.keys(context)
        .filter((key) => fixed.has(key.toLowerCase()))
        .map((key) => ({
          path: ['requests', index, 'context', key],
          message: 'got a value, expected none: the session decides it',
        })),
    ),
  );
}

/** Of two profiles that are compared, each takes what it has a parameter for; what neither has is refused as ever. */
function scopeFor(
  profile: Profile,
  other: Profile | undefined,
  scope: PreviewRequest['scope'] = {},
): Readonly<Record<string, string>> {
  const isOthers = (name: string) => !profile.scope.has(name) && other?.scope.has(name) === true;
  return Object.fromEntries(Object.entries(scope).filter(([name]) => !isOthers(name)));
}

/** Operators may read what a tenant's app is not told: causes of a grant are sentences of our own, without values. */
function withCause<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof VendingError) || typeof error.cause !== 'string') throw error;
    throw new VendingError(error.code, { detail: `${error.message}: ${error.cause}`, cause: error.cause });
  }
}

function namingSide<T>(side: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof VendingError)) throw error;
    throw new VendingError(error.code, { detail: `${side}: ${error.message}`, cause: error.cause });
  }
}
