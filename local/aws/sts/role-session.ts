import type { ContextFacts } from '../../../policy/context.ts';
import { openSession, type SessionGrant } from '../open-session.ts';
import { validationError } from '../query/constraints.ts';
import { type LocalRole, splitRoleArn } from '../roles.ts';
import type { Session, TemporarySession } from '../session.ts';
import type { StsOptions } from './sts-options.ts';

const DEFAULT_DURATION_SECONDS = 3600;

/** What a call that wants a session of a role says of it. */
export type RoleSessionRequest = Pick<Session, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'> & {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string | undefined;
  /** The ARNs of those who provide a context. */
  readonly contextProviders?: readonly string[] | undefined;
};

/** Throws ValidationError when a role's ARN is none. */
export function checkRoleArn(roleArn: string): void {
  if (splitRoleArn(roleArn) === undefined) throw validationError(`${roleArn} is invalid`);
}

/** The condition keys of STS (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html). */
export function roleSessionFacts(request: RoleSessionRequest): ContextFacts['values'] {
  return {
    ...tagFacts(request.tags),
    'aws:ResourceAccount': splitRoleArn(request.roleArn)?.account,
    'sts:RequestContextProviders': request.contextProviders,
    'sts:TransitiveTagKeys': request.transitiveTagKeys,
    'sts:RoleSessionName': request.sessionName,
    'sts:ExternalId': request.externalId,
    'sts:SourceIdentity': request.sourceIdentity,
  };
}

/** What the context says of tags that a call passes. */
export function tagFacts(tags: Session['tags']): ContextFacts['values'] {
  const requestTags = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(requestTags), 'aws:TagKeys': Object.keys(tags) };
}

/** Opens a session of a role for whoever may have it; throws ValidationError when it would live longer than the role lets it. */
export function openRoleSession(
  role: LocalRole,
  {
    durationSeconds = DEFAULT_DURATION_SECONDS,
    mostSeconds = durationSeconds,
    ...grant
  }: Omit<SessionGrant, 'durationSeconds'> & {
    readonly durationSeconds: number | undefined;
    /** What an identity provider shortens it to. */
    readonly mostSeconds?: number | undefined;
  },
  { sessions, clock, sessionClock = clock }: StsOptions,
): TemporarySession {
  if (durationSeconds > role.maxSessionDurationSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const seconds = Math.min(durationSeconds, mostSeconds);
  return openSession(role, { ...grant, durationSeconds: seconds }, { sessions, clock: sessionClock });
}

/** The members that the answer to every operation has that opens a session of a role. */
export function describeRoleSession(session: TemporarySession, packedPolicySize: number | undefined): object {
  const { arn, userId, sourceIdentity } = session;
  return {
    Credentials: describeCredentials(session),
    AssumedRoleUser: { Arn: arn, AssumedRoleId: userId },
    ...(packedPolicySize !== undefined && { PackedPolicySize: packedPolicySize }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
export function describeCredentials({ credentials }: TemporarySession): object {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration.toISOString().replace('.000Z', 'Z'),
  };
}
