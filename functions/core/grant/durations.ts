import type { Making } from './method.ts';

/** The shortest session that STS makes, in seconds. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_MIN_SECONDS = 900;

/**
 * The longest session made from another one, in seconds. A Lambda function's own role is a session already, and AWS gives a
 * session made from a session one hour at most, whatever the role allows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const ROLE_CHAINING_MAX_SECONDS = 3600;

/** The most that a role allows to a session that is not chained, in seconds: one for a token, an assertion or an IAM user. */
export const ROLE_MAX_SECONDS = 43_200;

/** The longest session of an IAM user, in seconds. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export const USER_MAX_SECONDS = 129_600;

/** The longest session that AWS makes so, in seconds. */
export function longestSession({ method, mfa }: Pick<Making, 'method' | 'mfa'>): number {
  if (method === 'federationToken' || method === 'sessionToken') return USER_MAX_SECONDS;
  return method === 'assumeRole' && mfa === 'none' ? ROLE_CHAINING_MAX_SECONDS : ROLE_MAX_SECONDS;
}
