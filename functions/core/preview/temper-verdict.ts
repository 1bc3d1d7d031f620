import { accountOf } from '../arn.ts';
import type { Grant } from '../grant/grant.ts';
import type { JudgedRequest, Verdict } from './preview-judge.ts';
import { principalAccount } from './session-keys.ts';

/**
 * The verdict with what nobody here knows: managed session policies beside the inline one, and resource-based policies
 * without which nothing opens (another account's resources, KMS keys, roles to assume). What they could turn round is
 * undecided.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function temperVerdict(
  verdict: Verdict,
  request: Pick<JudgedRequest, 'action' | 'resource'>,
  { policyArns, ...principal }: Pick<Grant, 'roleArn' | 'userArn' | 'policyArns'>,
): Verdict {
  const { effect, sessionEffect, reason } = verdict;
  const undecided = (unknown: string): Verdict => ({
    effect: 'undecided',
    sessionEffect,
    reason: `${reason}; but ${unknown}`,
  });
  if (policyArns.length > 0) {
    const names = policyArns.join(', ');
    if (effect === 'allowed') return undecided(`${names} may deny it, and cannot be read here`);
    // Session policies are one set: where the role denies, no policy in it can allow.
    if (effect === 'implicitly_denied' && sessionEffect === 'implicitly_denied')
      return undecided(`${names} may allow it, and cannot be read here`);
  }
  const owner = effect === 'allowed' ? closedBy(request, principalAccount(principal)) : undefined;
  return owner === undefined ? verdict : undecided(`${owner} has to allow it as well, and is not known here`);
}

function closedBy(
  { action, resource }: Pick<JudgedRequest, 'action' | 'resource'>,
  own: string | undefined,
): string | undefined {
  const [service = ''] = action.toLowerCase().split(':');
  const account = accountOf(resource) ?? '';
  if (/^\d{12}$/.test(account) && account !== own) return `a resource-based policy in account ${account}`;
  if (service === 'kms' && /^arn:[^:]+:kms:[^:]*:\d{12}:key\//.test(resource)) return "the key's policy";
  if (service === 'sts' && /^arn:[^:]+:iam::\d{12}:role\//.test(resource)) return "the role's trust policy";
  return undefined;
}
