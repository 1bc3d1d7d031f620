import type { AwsCredentialIdentity } from '@smithy/types';

/** What Latchkey vended, in the form that every client of AWS SDK v3 takes. */
export interface LatchkeyCredentials extends AwsCredentialIdentity {
  readonly sessionToken: string;
  /** STS's own, corrected for the skew between this machine's clock and the server's; never later. */
  readonly expiration: Date;
  readonly accountId: string;
  /** Finds the vend in Latchkey's audit log. */
  readonly vendId: string;
  readonly tenantId: string;
  readonly profile: string;
  /** Whose credentials they are, as AWS says it: a role's session, a federated user, or an IAM user. */
  readonly sessionArn: string;
  /** The same of a role's session; undefined of the others, whose profiles have the method federationToken or sessionToken. */
  readonly assumedRoleArn?: string;
}
