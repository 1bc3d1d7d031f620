import type { Policy } from '../../policy/policy.ts';
import type { LocalRole } from './roles.ts';

/** Credentials as STS hands them out; `expiration` is when they stop working. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A role session: who holds the credentials, and everything that bounds what they open. */
export interface Session {
  readonly credentials: SessionCredentials;
  readonly issuedAt: Date;
  /** `arn:aws:iam::111122223333:role/latchkey-tenant` */
  readonly roleArn: string;
  /** `arn:aws:sts::111122223333:assumed-role/latchkey-tenant/SESSION-NAME` */
  readonly assumedRoleArn: string;
  /** `AROA…:SESSION-NAME`, what `aws:userid` holds. */
  readonly assumedRoleId: string;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  /** What the session may do changes with its role's policies, while it lives. */
  readonly role: Pick<LocalRole, 'policies' | 'boundary'>;
  /** Inline and managed session policies together; undefined means that none was passed (not: an empty one). */
  readonly sessionPolicies: readonly Policy[] | undefined;
}

/** Every live session by its access key id. One per local AWS; an expired session is kept so that its use is told apart from an unknown key. */
export type Sessions = Map<string, Session>;
