import type { ContextFacts } from '../../policy/context.ts';
import type { Session } from './session.ts';

/**
 * Global condition keys that no request of a role session to this machine has: nothing comes through a VPC, an organisation or
 * another service, and no role or resource is tagged.
 */
const ABSENT = [
  'aws:PrincipalTag/*',
  'aws:RequestTag/*',
  'aws:ResourceTag/*',
  'iam:ResourceTag/*',
  'aws:CalledVia',
  'aws:CalledViaFirst',
  'aws:CalledViaLast',
  'aws:FederatedProvider',
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
  'aws:username',
];

/**
 * What a request's context says of the session that makes it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 */
export function callerFacts(session: Session, region: string, now: Date): Required<ContextFacts> {
  const tags = Object.entries(session.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    values: {
      ...Object.fromEntries(tags),
      'aws:CurrentTime': now.toISOString(),
      'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
      'aws:PrincipalAccount': session.roleArn.split(':')[4],
      'aws:PrincipalArn': session.roleArn,
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': region,
      'aws:SecureTransport': 'false',
      'aws:SourceIdentity': session.sourceIdentity,
      'aws:SourceIp': '127.0.0.1',
      'aws:TokenIssueTime': session.issuedAt.toISOString(),
      'aws:ViaAWSService': 'false',
      'aws:userid': session.assumedRoleId,
    },
    absent: ABSENT,
  };
}
