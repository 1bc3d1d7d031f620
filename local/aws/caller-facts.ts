import type { ContextFacts } from '../../policy/context.ts';
import { accountOf, type Session } from './session.ts';

/**
 * Global condition keys that no request to this machine has: nothing comes through a VPC, an organisation or another service,
 * and no role, user or resource is tagged.
 */
const ABSENT = [
  'aws:PrincipalTag/*',
  'aws:RequestTag/*',
  'aws:ResourceTag/*',
  'iam:ResourceTag/*',
  'aws:CalledVia',
  'aws:CalledViaFirst',
  'aws:CalledViaLast',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalServiceName',
  'aws:PrincipalServiceNamesList',
  'aws:ResourceOrgID',
  'aws:ResourceOrgPaths',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
  'aws:SourceVpc',
  'aws:SourceVpcArn',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
];

/** Keys that a request has not that nobody signed. Of what else would say who signed, AWS tells not what it says then. */
const UNSIGNED_ABSENT = [
  'aws:FederatedProvider',
  'aws:MultiFactorAuthAge',
  'aws:MultiFactorAuthPresent',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:SourceIdentity',
  'aws:TokenIssueTime',
  'aws:username',
];

/** As the page on policy variables has it; a user's temporary credentials are the user's. */
const PRINCIPAL_TYPES = {
  assumedRole: 'AssumedRole',
  federatedUser: 'FederatedUser',
  user: 'User',
  userSession: 'User',
} as const;

/**
 * What a request's context says of the session that makes it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
export function callerFacts(session: Session, region: string, now: Date): Required<ContextFacts> {
  const tags = Object.entries(session.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    values: {
      ...requestFacts(region, now),
      ...session.federation?.facts,
      ...Object.fromEntries(tags),
      ...mfaFacts(session, now),
      'aws:FederatedProvider': session.federation?.provider,
      'aws:PrincipalAccount': accountOf(session),
      'aws:PrincipalArn': session.kind === 'federatedUser' ? session.arn : session.entityArn,
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalType': PRINCIPAL_TYPES[session.kind],
      'aws:SourceIdentity': session.sourceIdentity,
      'aws:TokenIssueTime': session.kind === 'user' ? undefined : session.issuedAt.toISOString(),
      'aws:userid': session.userId,
      'aws:username': PRINCIPAL_TYPES[session.kind] === 'User' ? session.arn.split('/').at(-1) : undefined,
    },
    absent: ABSENT,
  };
}

/** What the context says of a request that nobody signed, as one with a token or an assertion in the place of a signature. */
export function unsignedFacts(region: string, now: Date): Required<ContextFacts> {
  return { values: requestFacts(region, now), absent: [...ABSENT, ...UNSIGNED_ABSENT] };
}

function requestFacts(region: string, now: Date): ContextFacts['values'] {
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'false',
    'aws:SourceIp': '127.0.0.1',
    'aws:ViaAWSService': 'false',
  };
}

/** Long-term keys know nothing of MFA: not even that there was none. */
function mfaFacts({ kind, mfaAuthenticatedAt }: Session, now: Date): ContextFacts['values'] {
  if (mfaAuthenticatedAt === undefined) {
    return {
      'aws:MultiFactorAuthPresent': kind === 'user' ? undefined : 'false',
      'aws:MultiFactorAuthAge': undefined,
    };
  }
  const age = Math.floor((now.getTime() - mfaAuthenticatedAt.getTime()) / 1000);
  return { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': String(age) };
}
