import type { Secret } from '../secret.ts';

/** Credentials as STS answered them, with what it says of the session. */
export interface VendedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
  /** STS's own, never later. */
  readonly expiration: Date;
  readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string };
  /** Percent of what STS packs policies and tags into; undefined where STS does not say. */
  readonly packedPolicySize: number | undefined;
  readonly sourceIdentity: string | undefined;
  /** Of the STS endpoint that answered. */
  readonly stsRegion: string;
}

/** The three parts as an AWS SDK client takes them: for the adapter that makes one, and kept nowhere. */
export function revealed({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: Pick<VendedCredentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>) {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken.reveal(),
  };
}
