import type { VendedCredentials } from '../grant/credentials.ts';
import type { Grant } from '../grant/grant.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';

/** The parts of a grant that a role's trust policy sees. */
export interface Assumption
  extends Pick<Grant, 'roleSessionName' | 'tags' | 'transitiveTagKeys' | 'sourceIdentity' | 'externalId'> {
  readonly roleArn: string;
}

/** What a probe works with, as long as it takes. */
export type ProbeCredentials = Pick<VendedCredentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

/**
 * What AWS made of something that it should refuse. `unknown`: it could not be asked, or did not decide, by AWS's name for
 * why. `not_applicable`: it cannot be tried here.
 */
export type ProbeAnswer =
  | { readonly kind: 'let_through' | 'refused' }
  | { readonly kind: 'unknown' | 'not_applicable'; readonly reason: string };

/** Asks for sessions that no grant was decided for. None is ever handed out. */
export interface ProbeAssumer {
  /** A session of the role that can do no more than `policy` says; throws a `VendingError` for what STS refuses. */
  assume(assumption: Assumption, policy: PolicyDocument): Promise<ProbeCredentials>;
}

/** Objects that are tried with a session's credentials. */
export interface ProbeObjects {
  /** Writes an object unless there is one: `let_through` says that it is there. */
  putObject(credentials: ProbeCredentials, bucket: string, key: string): Promise<ProbeAnswer>;
  getObject(credentials: ProbeCredentials, bucket: string, key: string): Promise<ProbeAnswer>;
  listObjects(credentials: ProbeCredentials, bucket: string, prefix: string): Promise<ProbeAnswer>;
}

/** Items that are tried with a session's credentials. */
export interface ProbeItems {
  /** Reads the item whose `pk` and `sk` are both `id`; there need be none. `not_applicable` for a table with another key. */
  getItem(credentials: ProbeCredentials, table: string, id: string): Promise<ProbeAnswer>;
}
