import type { ErrorCode } from './errors.ts';
import type { Method } from './grant/method.ts';
import type { ShadowFacts } from './grant/shadow.ts';
import type { SenderConstraint } from './token/caller.ts';

/** What a tenant's app asks for. */
export type VendingOperation = 'vend' | 'whoami' | 'console_session' | 'decode_message';

/** What is done to the registry. */
export type AdministrativeOperation =
  | 'tenant.put'
  | 'tenant.get'
  | 'tenant.list'
  | 'tenant.suspend'
  | 'tenant.resume'
  | 'tenant.revoke'
  | 'tenant.offboard'
  | 'tenant.verify'
  | 'tenant.preview'
  | 'tenant.role_template'
  | 'tenant.event'
  | 'issuer.put'
  | 'issuer.get'
  | 'issuer.list'
  | 'issuer.delete';

/**
 * One outcome of one request, good or bad. Everything that joins it with CloudTrail (access key id, session name) and
 * with a caller's report (vend id); no token, no secret, and of the token's claims only a digest.
 */
export interface AuditEvent {
  readonly operation: VendingOperation | AdministrativeOperation;
  readonly code: 'granted' | ErrorCode;
  readonly vendId: string;
  /** Who administers: the ARN that IAM authorised, or what delivered an event. */
  readonly actor?: string;
  readonly milliseconds: number;
  readonly issuer?: string;
  /** See `subjectDigest`: also the last part of session name and source identity. */
  readonly subjectDigest?: string;
  readonly tenantId?: string;
  /** Of the tenant's record, after what was done to it. */
  readonly version?: number;
  readonly profile?: string;
  /** The operation of STS by which the session is made. */
  readonly method?: Method;
  readonly roleArn?: string;
  /** The IAM user that asked STS, where one did. */
  readonly userArn?: string;
  readonly roleSessionName?: string;
  readonly sourceIdentity?: string;
  readonly durationSeconds?: number;
  /** SHA-256 of the session policy, base64url. */
  readonly policyDigest?: string;
  readonly accessKeyId?: string;
  /** Whether limits were counted by this instance alone, since the usage table could not be asked. */
  readonly limits?: 'alone';
  /** Of the STS endpoint that answered. */
  readonly stsRegion?: string;
  /** How the caller showed that the token is its own; absent for a bare bearer token. */
  readonly senderConstraint?: SenderConstraint;
  /** Percent. */
  readonly packedPolicySize?: number;
  /** Keys of session tags that were left out since STS found the session too large. */
  readonly droppedTags?: readonly string[];
  /** How the outcome would differ by the shadow of the profile, where it has one. */
  readonly shadow?: ShadowFacts;
  /** What went wrong underneath, for the log alone. */
  readonly cause?: unknown;
}
