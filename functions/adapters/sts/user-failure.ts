import { VendingError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant/grant.ts';
import { isRegionOff } from './sts-failure.ts';

/** What AWS says of an access key that is not active or not there, and of a secret that is not the key's. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const KEYS_REFUSED: ReadonlySet<string> = new Set(['InvalidClientTokenId', 'SignatureDoesNotMatch']);

/** Whether STS does not know who asks. Nobody has looked at what was asked then, an MFA code or anything else. */
export function isRefusalOfKeys(failure: unknown): failure is VendingError {
  if (!(failure instanceof VendingError)) return false;
  const { name } = Object(failure.cause) as { readonly name?: unknown };
  return KEYS_REFUSED.has(String(name));
}

/** The failure of an IAM user's request as what it stands for where no role is in between. */
export function userFailure(failure: unknown, { method }: Pick<Grant, 'method'>): unknown {
  if (!(failure instanceof VendingError) || method === 'assumeRole') return failure;
  const { cause } = failure;
  if (failure.code === 'tag_session_denied')
    return new VendingError('tag_session_denied', {
      detail: "AWS refuses the session tags: the IAM user's policy must allow it sts:TagSession",
      cause,
    });
  // There is no role; that STS is off in a Region is another matter.
  if (failure.code === 'role_not_assumable' && !isRegionOff(failure))
    return new VendingError('sts_rejected', {
      detail: 'AWS refuses the IAM user: its policy must allow what the method of the profile asks of STS',
      cause,
    });
  return failure;
}
