import { createHash } from 'node:crypto';
import type { TenantId } from '../tenant-id.ts';
import type { Caller } from '../token/caller.ts';

/** Of 64 characters a tenant id takes up to 48 and the dot one; 15 base64url characters are 90 bits. */
const DIGEST_LENGTH = 15;

/**
 * Who is asking, without saying who: a digest of issuer and subject. The same in the session name, the source identity
 * and the audit log, so that CloudTrail and the log join, and nobody's subject (often an e-mail address) is spread over both.
 */
export function subjectDigest({ issuer, subject }: Pick<Caller, 'issuer' | 'subject'>): string {
  // JSON keeps the two apart: no issuer and subject can be moved across the border to give another pair's text.
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url')
    .slice(0, DIGEST_LENGTH);
}

/**
 * `acme.f3XkP0…`: RoleSessionName and SourceIdentity, 2–64 of `[\w+=,.@-]`. Always a digest, never the subject cut off at
 * the limit: two callers do not come to share a name because their subjects begin alike.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function sessionName(tenantId: TenantId, digest: string): string {
  return `${tenantId}.${digest}`;
}

/**
 * `k3Fz….f3XkP0…`: Name of a federated user, 2–32 of `[\w+=,.@-]`, for which a tenant id can be too long: digests of the tenant
 * and of the caller. The tag `TenantId` says whose it is.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
export function federatedUserName(tenantId: TenantId, digest: string): string {
  return `${createHash('sha256').update(tenantId).digest('base64url').slice(0, DIGEST_LENGTH)}.${digest}`;
}

/** Whether the text has the form that `subjectDigest` gives. */
export function isSubjectDigest(text: string): boolean {
  return new RegExp(`^[\\w-]{${DIGEST_LENGTH}}$`).test(text);
}
