import type { JudgedSession } from './preview-judge.ts';

/**
 * The condition keys whose values a session itself decides, undefined where it says that there is none; no request can say
 * otherwise. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function sessionKeys({
  roleArn,
  tags,
  sourceIdentity,
}: Pick<JudgedSession, 'roleArn' | 'tags' | 'sourceIdentity'>): Readonly<Record<string, string | undefined>> {
  return {
    // Of other keys nothing is known: a role has tags of its own, which its sessions carry.
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:PrincipalTag/${key}`, value])),
    'aws:PrincipalAccount': roleArn.split(':')[4],
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': 'AssumedRole',
    'aws:SourceIdentity': sourceIdentity,
  };
}
