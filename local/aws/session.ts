import type { Policy } from '../../policy/policy.ts';
import type { LocalRole } from './roles.ts';

/** Credentials as STS hands them out; `expiration` is when they stop working. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** An access key of an IAM user: it has no token, and works until it is deleted. */
export interface LongTermCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: never;
  readonly expiration?: never;
}

/** An identity provider that vouched for whoever assumed a role. */
export interface Federation {
  /** As `aws:FederatedProvider` says it. */
  readonly provider: string;
  /** What the token or the assertion put into the context of every request: `accounts.example.com:sub`, `saml:iss`, … */
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

/** Everything that is known of whoever holds credentials, and everything that bounds what those open. */
interface Holder {
  readonly issuedAt: Date;
  /** The role's or user's own: `arn:aws:iam::111122223333:role/latchkey-tenant` */
  readonly entityArn: string;
  /** As GetCallerIdentity says it: `arn:aws:sts::111122223333:assumed-role/latchkey-tenant/SESSION-NAME` */
  readonly arn: string;
  /** What `aws:userid` holds: `AROA…:SESSION-NAME`, `AIDA…`, `111122223333:NAME`. */
  readonly userId: string;
  /** What the holder may do changes with the policies of the role or user, while the session lives. */
  readonly entity: Pick<LocalRole, 'policies' | 'boundary'>;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  /** Inline and managed session policies together; undefined means that none was passed (not: an empty one). */
  readonly sessionPolicies: readonly Policy[] | undefined;
  /** When an MFA code was given; undefined when none was, and in every session of a role. */
  readonly mfaAuthenticatedAt: Date | undefined;
  /** Undefined when no identity provider vouched for anybody. */
  readonly federation: Federation | undefined;
  /** Whether a session of a role assumed this one: such a session lives an hour at most, in the console as well. */
  readonly chained: boolean;
}

/** A session that STS opened: from AssumeRole and its kin, from GetFederationToken, or from GetSessionToken. */
export interface TemporarySession extends Holder {
  readonly kind: 'assumedRole' | 'federatedUser' | 'userSession';
  readonly credentials: SessionCredentials;
}

/** An IAM user who signs with a long-term key. */
export interface UserKey extends Holder {
  readonly kind: 'user';
  readonly credentials: LongTermCredentials;
}

/** Whoever can sign a request. */
export type Session = TemporarySession | UserKey;

/** Everyone who can sign, by access key id. One per local AWS; an expired session is kept so that its use is told apart from an unknown key. */
export type Sessions = Map<string, Session>;

/** The account that whoever signed belongs to. */
export function accountOf({ entityArn }: Pick<Session, 'entityArn'>): string {
  return entityArn.split(':')[4] ?? '';
}
