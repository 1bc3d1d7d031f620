import type { AuditEvent } from './audit-event.ts';
import type { Caller, TenantReference } from './caller.ts';
import type { VendedCredentials } from './credentials.ts';
import type { Grant } from './grant.ts';
import type { Issuer } from './issuer.ts';
import type { Tenant } from './tenant.ts';

/** Turns a bearer token into the caller it speaks for, or throws a `VendingError` (401, or 503 without keys). */
export interface TokenVerifier {
  verify(token: string): Promise<Caller>;
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
  assume(grant: Grant): Promise<VendedCredentials>;
}

/** Keeps tenants within their own limits; throws `tenant_throttled` for one vend too many. */
export interface TenantThrottle {
  admit(tenant: Tenant): void;
}

/** Where outcomes are written down. Returns when the event is written: nothing is answered before. */
export interface AuditLog {
  record(event: AuditEvent): void;
}
