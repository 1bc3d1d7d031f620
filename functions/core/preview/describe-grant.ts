import { estimatePackedPercent } from '../grant/packed-size.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { explainDuration } from './duration-reason.ts';
import type { Preview } from './preview.ts';
import type { JudgedSession, SessionJudge } from './preview-judge.ts';
import type { PreviewRequest } from './preview-request.ts';
import type { ComparedProfile } from './profile-diff.ts';
import { temperVerdict } from './temper-verdict.ts';

/** The part of a preview that the grant itself decides, with a verdict for each request that was asked about. */
export function describeGrant(
  { profile, grant, session, judge }: ComparedProfile,
  { issuer }: Caller,
  tenant: Tenant,
  { durationSeconds, requests }: PreviewRequest,
) {
  const { roleArn, roleSessionName, sourceIdentity, tags, transitiveTagKeys, policy, policyArns } = grant;
  return {
    profile: profile.name,
    requiredScopes: profile.requiredScopes,
    roleArn,
    passesExternalId: grant.externalId !== undefined,
    issuer,
    roleSessionName,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    tags,
    transitiveTagKeys,
    duration: explainDuration(grant.durationSeconds, profile, tenant, durationSeconds),
    policy: JSON.parse(policy) as PolicyDocument,
    policyArns,
    policyCharacters: policy.length + policyArns.join('').length,
    packedPolicyPercent: estimatePackedPercent(grant) ?? 0,
    evaluation: describeEvaluation(session, judge),
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

function describeEvaluation(
  { rolePolicy, roleArn }: JudgedSession,
  { fault }: SessionJudge,
): Preview['evaluation'] {
  const known = rolePolicy !== undefined;
  const evaluated = known
    ? "evaluated: the role's own policy and the session policy"
    : `evaluated: the session policy alone, since the policy of ${roleArn} is not known here`;
  return { rolePolicy: known, note: `${evaluated}; ${NOT_SEEN}`, ...(fault === undefined ? {} : { fault }) };
}
