import { createContext } from '../../policy/context.ts';
import { evaluateResourcePolicy } from '../../policy/evaluate.ts';
import type { Policy } from '../../policy/policy.ts';
import { issueCredentials } from './issue-credentials.ts';
import type { LocalRole } from './roles.ts';
import type { Session, Sessions, TemporarySession } from './session.ts';

/** What a session of a role is made with, everything already decided. */
export interface SessionGrant {
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly Policy[] | undefined;
  /** Left out, no identity provider vouched for anybody. */
  readonly federation?: Session['federation'];
  /** Whether a session of a role asks; left out, it does not. */
  readonly chained?: boolean;
}

/** Where sessions live, and the time. */
export interface SessionOptions {
  readonly sessions: Sessions;
  readonly clock: () => Date;
}

/** Opens a session of a role: issues credentials that the local doors know until they expire. */
export function openSession(
  role: LocalRole,
  grant: SessionGrant,
  { sessions, clock }: SessionOptions,
): TemporarySession {
  const issuedAt = clock();
  const { sessionName, durationSeconds, federation, chained = false, ...bounds } = grant;
  const session: TemporarySession = {
    ...bounds,
    kind: 'assumedRole',
    credentials: issueCredentials(issuedAt, durationSeconds),
    issuedAt,
    entityArn: role.arn,
    arn: `${role.arn.split(':', 2).join(':')}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    entity: role,
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html: a role's sessions do not tell.
    mfaAuthenticatedAt: undefined,
    federation,
    chained,
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
): TemporarySession {
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
