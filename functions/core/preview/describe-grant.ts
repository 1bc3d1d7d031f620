import { ridesInToken } from '../grant/method.ts';
import { estimatePackedPercent } from '../grant/packed-size.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { explainDuration } from './duration-reason.ts';
import type { Preview } from './preview.ts';
import type { JudgedSession } from './preview-judge.ts';
import type { PreviewRequest } from './preview-request.ts';
import type { ComparedProfile } from './profile-diff.ts';
import { temperVerdict } from './temper-verdict.ts';

/** The part of a preview that the grant itself decides, with a verdict for each request that was asked about. */
export function describeGrant(
  compared: ComparedProfile,
  tenant: Tenant,
  { durationSeconds, requests }: PreviewRequest,
) {
  const { profile, caller, grant, session, judge } = compared;
  const { roleArn, userArn, roleSessionName, sourceIdentity, transitiveTagKeys, policy, policyArns } = grant;
  const { tags } = session;
  return {
    profile: profile.name,
    requiredScopes: profile.requiredScopes,
    method: profile.method,
    ...(profile.webIdentityToken === undefined ? {} : { webIdentityToken: profile.webIdentityToken }),
    mfa: profile.mfa,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(userArn === undefined ? {} : { userArn }),
    passesExternalId: grant.externalId !== undefined,
    issuer: caller.issuer,
    roleSessionName,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    tags,
    transitiveTagKeys,
    duration: explainDuration(grant.durationSeconds, profile, tenant, durationSeconds),
    policy: JSON.parse(policy) as PolicyDocument,
    policyArns,
    policyCharacters: policy.length + policyArns.join('').length,
    packedPolicyPercent: estimatePackedPercent(grant) ?? 0,
    evaluation: describeEvaluation(compared),
    requests: requests.map(({ action, resource, context }) => {
      const request = { action, resource, context };
      const { effect, reason } = temperVerdict(judge.judge(request), request, grant);
      return { ...request, effect, reason };
    }),
  };
}

const NOT_SEEN =
  'not evaluated: resource-based policies, and the policies of an organisation, which may deny it; ' +
  'a request is taken to come now, over TLS and not through another service, unless its context says otherwise';

/** Only said of sessions that AWS also makes without being asked by Latchkey, and so without its session policy. */
const WITHOUT_LATCHKEY =
  "; whoever holds the caller's token or assertion can ask STS without Latchkey: the role's own policy alone bounds the session then, also while the tenant is suspended";

function describeEvaluation({ profile, session, judge: { fault } }: ComparedProfile): Preview['evaluation'] {
  const note = `${evaluatedOf(session)}; ${NOT_SEEN}${ridesInToken(profile) ? WITHOUT_LATCHKEY : ''}`;
  return {
    rolePolicy: session.rolePolicy !== undefined,
    note,
    ...(fault === undefined ? {} : { fault }),
  };
}

function evaluatedOf({ method, rolePolicy, roleArn, userArn }: JudgedSession): string {
  if (method === 'sessionToken') return `evaluated: nothing, since only the policies of ${userArn} count`;
  if (rolePolicy !== undefined) return "evaluated: the role's own policy and the session policy";
  return `evaluated: the session policy alone, since the policy of ${roleArn ?? userArn} is not known here`;
}
