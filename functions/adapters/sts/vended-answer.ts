import type { AssumedRoleUser, Credentials } from '@aws-sdk/client-sts';
import { VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import { wholeForm } from '../../core/grant/grant-form.ts';
import { secret } from '../../core/secret.ts';

/** What every operation that makes sessions answers. */
export interface SessionAnswer {
  readonly Credentials?: Credentials | undefined;
  readonly PackedPolicySize?: number | undefined;
  readonly SourceIdentity?: string | undefined;
}

/** Credentials as STS answered them, without whose they are. Blank ones, or some without an end, are worse than none: clients keep them. */
export function readCredentials(
  { Credentials, PackedPolicySize, SourceIdentity }: SessionAnswer,
  grant: Grant,
  stsRegion: string,
): VendedCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !(Expiration && Expiration.getTime() > 0))
    throw unusable('the answer of STS lacks a part of the credentials');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: secret(SecretAccessKey),
    sessionToken: secret(SessionToken),
    expiration: Expiration,
    assumedRoleUser: undefined,
    federatedUser: undefined,
    user: undefined,
    identity: undefined,
    packedPolicySize: PackedPolicySize,
    sourceIdentity: SourceIdentity,
    stsRegion,
    form: wholeForm(grant),
  };
}

/**
 * Whose session it is. An answer to another request, which whatever stands in between could mix up, would be another
 * tenant's: the name of a session says whose it is.
 */
export function readAssumedRoleUser(
  user: AssumedRoleUser | undefined,
  { roleSessionName }: Grant,
): NonNullable<VendedCredentials['assumedRoleUser']> {
  const { Arn, AssumedRoleId } = user ?? {};
  if (!Arn || !AssumedRoleId) throw unusable('the answer of STS lacks a part of the credentials');
  if (!Arn.endsWith(`/${roleSessionName}`)) throw unusable('the answer of STS is of another session');
  return { arn: Arn, assumedRoleId: AssumedRoleId };
}

/** An answer that is none. */
export function unusable(cause: string): VendingError {
  return new VendingError('sts_unavailable', { cause, retryAfterSeconds: 1 });
}
