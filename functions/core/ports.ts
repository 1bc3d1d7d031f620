import type { AuditEvent } from './audit-event.ts';
import type { Deadline } from './deadline.ts';
import type { VendedCredentials } from './grant/credentials.ts';
import type { Grant } from './grant/grant.ts';
import type { Issuer } from './issuer/issuer.ts';
import type { Secret } from './secret.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Caller, TenantReference } from './token/caller.ts';
import type { DpopProof } from './token/dpop-proof.ts';
import type { PresentedToken } from './token/presented-token.ts';
import type { VerifiedToken } from './token/verified-token.ts';

/**
 * Turns a token as it was presented into the caller it speaks for, or throws a `VendingError`: 401, or 503 when keys or
 * the memory of used tokens cannot be had.
 */
export interface TokenVerifier {
  verify(presented: PresentedToken, deadline: Deadline): Promise<Caller>;
}

/**
 * Verifies an access token by itself: form, issuer, signature, times and claims (RFC 9068, RFC 8725). Throws a
 * `VendingError`.
 */
export interface AccessTokenVerifier {
  verify(token: Secret, deadline: Deadline): Promise<VerifiedToken>;
}

/** Remembers what may be used once: tokens by issuer and `jti`, DPoP proofs by key and `jti`. */
export interface ReplayStore {
  /**
   * Whether this is the first use. `key` names one thing, unambiguously; it is remembered until `until` at least. Throws
   * `replay_check_unavailable` when it cannot tell: then nobody may use it.
   */
  isFirstUse(key: string, until: Date, deadline: Deadline): Promise<boolean>;
}

/** Checks who made a DPoP proof. */
export interface ProofVerifier {
  /**
   * Throws `proof_invalid` unless the key that the proof brings along has the thumbprint `jkt` (RFC 7638) and has signed
   * the proof.
   */
  verify(proof: DpopProof, jkt: string): Promise<void>;
}

/** The nonces that DPoP proofs must hold (RFC 9449, 9). */
export interface ProofNonces {
  /** Those that are taken at this moment, by every instance; the newest first. Throws `replay_check_unavailable` when it cannot tell. */
  current(): Promise<readonly [newest: string, ...older: string[]]>;
}

/**
 * What is known of issuers and tenants. Undefined means that there is none, and may be remembered as such; throws
 * `registry_unavailable` when it cannot tell, `record_invalid` when a record is damaged.
 */
export interface TenantRegistry {
  findIssuer(url: string): Promise<Issuer | undefined>;
  findTenant(reference: TenantReference): Promise<Tenant | undefined>;
}

/** Turns a grant into credentials, adding and dropping nothing; throws a `VendingError` for what STS refuses. */
export interface RoleAssumer {
  assume(grant: Grant, deadline: Deadline): Promise<VendedCredentials>;
}

/** How a vend was counted: with those of all instances, or, while they cannot be told of one another, by this instance `alone`. */
export type Counted = 'together' | 'alone';

/**
 * Keeps tenants and their callers within their limits, and all of them together within what the deployment may ask of STS.
 * Throws `tenant_throttled`, `subject_throttled` or `deployment_throttled` for one vend too many, each with the seconds
 * after which another try has a chance.
 */
export interface VendThrottle {
  admit(tenant: Tenant, caller: Caller, deadline: Deadline): Promise<Counted>;
}

/** Where outcomes are written down. Returns when the event is written: nothing is answered before. */
export interface AuditLog {
  record(event: AuditEvent): void;
}
