import type { Secret } from '../secret.ts';
import type { GrantForm } from './grant-form.ts';

/** Credentials as STS answered them, with what it says of the session. */
export interface VendedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
  /** STS's own, never later. */
  readonly expiration: Date;
  /** Of a session of a role. */
  readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string } | undefined;
  /** Of `federationToken`. */
  readonly federatedUser: { readonly arn: string; readonly federatedUserId: string } | undefined;
  /** Of `sessionToken`: the IAM user, as STS says of the new credentials. */
  readonly user: { readonly arn: string; readonly userId: string } | undefined;
  /** Of `webIdentity` and `saml`: what STS read in the token or assertion. */
  readonly identity: FederatedIdentity | undefined;
  /** Percent of what STS packs policies and tags into; undefined where STS does not say. */
  readonly packedPolicySize: number | undefined;
  readonly sourceIdentity: string | undefined;
  /** The form of the grant that STS took. */
  readonly form: GrantForm;
  /** Of the STS endpoint that answered. */
  readonly stsRegion: string;
}

/** Who a token or assertion speaks of, by STS. */
export interface FederatedIdentity {
  readonly subject: string | undefined;
  readonly audience: string | undefined;
  /** With `webIdentity`: the issuer's URL, or its provider's ARN in IAM. */
  readonly provider?: string | undefined;
  /** With `saml`. */
  readonly issuer?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly nameQualifier?: string | undefined;
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
