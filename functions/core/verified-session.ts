import { accountOf } from './arn.ts';
import { VendingError } from './errors.ts';
import type { CallerIdentity } from './ports.ts';
import type { Vend } from './vending.ts';

/**
 * Throws `session_mismatch` unless STS says of vended credentials what it said when it made them: that session of a role, by ARN and
 * by id.
 */
export function assertOwnSession(
  { credentials: { assumedRoleUser } }: Pick<Vend, 'credentials'>,
  { account, arn, userId }: CallerIdentity,
): void {
  const isOwn = arn === assumedRoleUser?.arn && userId === assumedRoleUser.assumedRoleId;
  if (isOwn && account === accountOf(arn)) return;
  throw new VendingError('session_mismatch', {
    cause: `STS identifies the credentials as ${arn} of account ${account}, and vended them as ${assumedRoleUser?.arn ?? 'no session of a role'}`,
  });
}
