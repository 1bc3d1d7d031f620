import { accountOf } from '../arn.ts';
import type { JudgedSession } from './preview-judge.ts';

type Session = Pick<
  JudgedSession,
  'method' | 'roleArn' | 'userArn' | 'roleSessionName' | 'tags' | 'sourceIdentity'
>;

/**
 * The condition keys whose values a session itself decides, undefined where it says that there is none; no request can say
 * otherwise. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function sessionKeys(session: Session): Readonly<Record<string, string | undefined>> {
  const { tags, sourceIdentity } = session;
  return {
    // Of other keys nothing is known: a role has tags of its own, which its sessions carry.
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:PrincipalTag/${key}`, value])),
    'aws:PrincipalAccount': principalAccount(session),
    'aws:PrincipalIsAWSService': 'false',
    'aws:SourceIdentity': sourceIdentity,
    ...principalKeys(session),
  };
}

/** The account of the role or user that a session is made from. */
export function principalAccount({
  roleArn,
  userArn,
}: Pick<JudgedSession, 'roleArn' | 'userArn'>): string | undefined {
  return accountOf(roleArn ?? userArn ?? '');
}

/** By kind of principal. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function principalKeys({ method, roleArn, userArn, roleSessionName }: Session) {
  if (method === 'federationToken') {
    const [arn, partition] = userArn?.split(':') ?? [];
    const account = principalAccount({ roleArn, userArn });
    return {
      'aws:PrincipalArn': `${arn}:${partition}:sts::${account}:federated-user/${roleSessionName}`,
      'aws:PrincipalType': 'FederatedUser',
    };
  }
  if (method === 'sessionToken') return { 'aws:PrincipalArn': userArn, 'aws:PrincipalType': 'User' };
  return { 'aws:PrincipalArn': roleArn, 'aws:PrincipalType': 'AssumedRole' };
}
