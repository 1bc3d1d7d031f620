import type { ErrorCode } from './errors.ts';

/**
 * One outcome of one request, good or bad. Everything that joins it with CloudTrail (access key id, session name) and
 * with a caller's report (vend id); no token, no secret, and of the token's claims only a digest.
 */
export interface AuditEvent {
  readonly operation: 'vend' | 'whoami';
  readonly code: 'granted' | ErrorCode;
  readonly vendId: string;
  readonly milliseconds: number;
  readonly issuer?: string;
  /** See `subjectDigest`: also the last part of session name and source identity. */
  readonly subjectDigest?: string;
  readonly tenantId?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly roleSessionName?: string;
  readonly sourceIdentity?: string;
  readonly durationSeconds?: number;
  /** SHA-256 of the session policy, base64url. */
  readonly policyDigest?: string;
  readonly accessKeyId?: string;
  /** Percent. */
  readonly packedPolicySize?: number;
  /** What went wrong underneath, for the log alone. */
  readonly cause?: unknown;
}
