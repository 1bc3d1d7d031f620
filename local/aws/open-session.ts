import { randomBytes } from 'node:crypto';
import { createContext } from '../../policy/context.ts';
import { evaluateResourcePolicy } from '../../policy/evaluate.ts';
import type { Policy } from '../../policy/policy.ts';
import type { LocalRole } from './roles.ts';
import type { Session, SessionCredentials, Sessions } from './session.ts';

/** What a session of a role is made with, everything already decided. */
export interface SessionGrant {
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly Policy[] | undefined;
}

/** Where sessions live, and the time. */
export interface SessionOptions {
  readonly sessions: Sessions;
  readonly clock: () => Date;
}

const CREDENTIAL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCESS_KEY_CHARACTERS = 16;

/** Opens a session of a role: issues credentials that the local doors know until they expire. */
export function openSession(
  role: LocalRole,
  grant: SessionGrant,
  { sessions, clock }: SessionOptions,
): Session {
  const issuedAt = clock();
  const { sessionName, durationSeconds, ...bounds } = grant;
  const session: Session = {
    ...bounds,
    credentials: issueCredentials(issuedAt, durationSeconds),
    issuedAt,
    roleArn: role.arn,
    assumedRoleArn: `${role.arn.split(':', 2).join(':')}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    assumedRoleId: `${role.id}:${sessionName}`,
    role,
  };
  sessions.set(session.credentials.accessKeyId, session);
  return session;
}

/**
 * Opens the session that the Lambda service hands to a function as its execution role. Throws when the role's trust policy
 * does not allow `lambda.amazonaws.com` to assume it
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html).
 */
export function openExecutionSession(
  role: LocalRole,
  {
    functionName,
    durationSeconds = 43_200,
    ...options
  }: SessionOptions & {
    /** Names the session, as Lambda does. */
    readonly functionName: string;
    readonly durationSeconds?: number;
  },
): Session {
  const { effect, reason } = evaluateResourcePolicy(role.trustPolicy, {
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: createContext({ values: {} }),
    principal: { type: 'service', name: 'lambda.amazonaws.com' },
  });
  if (effect !== 'allowed') throw new Error(`${role.arn} cannot be an execution role: ${reason}`);
  const grant = {
    sessionName: functionName,
    durationSeconds,
    sourceIdentity: undefined,
    tags: {},
    transitiveTagKeys: [],
    sessionPolicies: undefined,
  };
  return openSession(role, grant, options);
}

function issueCredentials(issuedAt: Date, durationSeconds: number): SessionCredentials {
  const expiration = new Date(issuedAt.getTime() + durationSeconds * 1000);
  // AWS tells whole seconds; what stops working must not have been said to work longer.
  expiration.setMilliseconds(0);
  const key = [...randomBytes(ACCESS_KEY_CHARACTERS)].map((byte) => CREDENTIAL_ALPHABET[byte % 32]).join('');
  return {
    accessKeyId: `ASIA${key}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(180).toString('base64'),
    expiration,
  };
}
