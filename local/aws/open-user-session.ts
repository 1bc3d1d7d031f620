import type { Policy } from '../../policy/policy.ts';
import { issueCredentials } from './issue-credentials.ts';
import type { SessionOptions } from './open-session.ts';
import { accountOf, type Session, type TemporarySession, type UserKey } from './session.ts';

/** What a session for whoever an IAM user vouches for is made with, everything already decided. */
export interface FederatedUserGrant {
  /** Whoever it is that the user vouches for. */
  readonly name: string;
  readonly durationSeconds: number;
  readonly tags: Session['tags'];
  readonly sessionPolicies: readonly Policy[];
}

/** The ARN of a federated user, `arn:aws:sts::111122223333:federated-user/NAME`. */
export function federatedUserArn(user: Pick<Session, 'entityArn'>, name: string): string {
  return `${user.entityArn.split(':', 2).join(':')}:sts::${accountOf(user)}:federated-user/${name}`;
}

/** Opens a session that has what both the user's policies and the session policies give, of which there is always a list. */
export function openFederatedUserSession(
  user: UserKey,
  { name, durationSeconds, tags, sessionPolicies }: FederatedUserGrant,
  options: SessionOptions,
): TemporarySession {
  const own = {
    kind: 'federatedUser',
    arn: federatedUserArn(user, name),
    userId: `${accountOf(user)}:${name}`,
    tags,
    sessionPolicies,
  } as const;
  return open({ ...user, ...own }, durationSeconds, options);
}

/** Opens a session that has what the user has, and tells whether an MFA code came for it. */
export function openUserSession(
  user: UserKey,
  {
    durationSeconds,
    mfaAuthenticatedAt,
  }: Pick<Session, 'mfaAuthenticatedAt'> & { readonly durationSeconds: number },
  options: SessionOptions,
): TemporarySession {
  return open({ ...user, kind: 'userSession', mfaAuthenticatedAt }, durationSeconds, options);
}

function open(
  holder: Omit<TemporarySession, 'credentials'>,
  durationSeconds: number,
  { sessions, clock }: SessionOptions,
): TemporarySession {
  const issuedAt = clock();
  const session = { ...holder, issuedAt, credentials: issueCredentials(issuedAt, durationSeconds) };
  sessions.set(session.credentials.accessKeyId, session);
  return session;
}
