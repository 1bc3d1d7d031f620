/** Credentials as STS answered them, with what it says of the session. */
export interface VendedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** STS's own, never later. */
  readonly expiration: Date;
  readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string };
  /** Percent of what STS packs policies and tags into; undefined where STS does not say. */
  readonly packedPolicySize: number | undefined;
  readonly sourceIdentity: string | undefined;
}
