import type { LatchkeyCredentials } from './credentials.ts';

/** Whose credentials they are. */
export type SessionArns = Pick<LatchkeyCredentials, 'sessionArn' | 'assumedRoleArn' | 'accountId'>;

/** What STS says of a role's session, of a federated user, and of an IAM user's own session, by the member of the answer that it stands in. */
const FORMS = {
  assumedRoleUser: /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/[\w+=,.@/-]+$/,
  federatedUser: /^arn:aws[a-z-]*:sts::(\d{12}):federated-user\/[\w+=,.@-]+$/,
  user: /^arn:aws[a-z-]*:iam::(\d{12}):user\/[\w+=,.@/-]+$/,
} as const;

/** A member of the answer that says whose session it is. */
export type SessionKind = keyof typeof FORMS;

/** All of them. */
export const SESSION_KINDS = Object.keys(FORMS) as readonly SessionKind[];

/** The ARN of a session of that kind; undefined for anything else. */
export function parseSessionArn(arn: unknown, kind: SessionKind): SessionArns | undefined {
  const accountId = typeof arn === 'string' ? FORMS[kind].exec(arn)?.[1] : undefined;
  if (typeof arn !== 'string' || accountId === undefined) return undefined;
  return { sessionArn: arn, accountId, ...(kind === 'assumedRoleUser' ? { assumedRoleArn: arn } : {}) };
}
