import type { Issuer } from '../issuer/issuer.ts';
import type { PolicyStatement } from '../profile/policy-document.ts';
import type { Revocation } from '../revocation/revocation.ts';
import type { TenantRecord, TenantStatus } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { VerificationReport } from '../verification/verification.ts';

/** A shared issuer as the registry keeps it. */
export interface SharedIssuerRecord {
  readonly issuer: Issuer & { readonly binding: { readonly kind: 'claim' } };
  /** Grows by one with every write. */
  readonly version: number;
}

/** A tenant in a list. */
export interface TenantSummary {
  readonly tenantId: string;
  readonly displayName: string;
  readonly status: TenantStatus;
  readonly version: number;
  readonly updatedAt: string;
}

/** Which part of a list is wanted: at most `limit`, behind the one named `after`. */
export interface Page {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** A part of a list, in the order of names; `next` is the `after` of the next part. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * The registry as those write it who administer it. Reads are consistent and remember nothing. Every write is all or
 * nothing, and throws `write_conflict` when what is stored is not `previous` any more. All throw `registry_unavailable`,
 * and `record_invalid` for what somebody else put there.
 */
export interface TenantStore {
  readTenant(tenantId: TenantId): Promise<TenantRecord | undefined>;
  /** Tenants that have been defined, by id. May be a second behind. */
  listTenants(page: Page): Promise<Listed<TenantSummary>>;
  /**
   * Writes the record, binds issuers and claims that are new in it, and frees those that are gone: at once for nobody
   * else, for others when the last session can have ended. Throws `binding_taken`, and `issuer_not_found` for a claim of
   * an issuer that is not there or not shared. `previous` undefined: there must be none.
   */
  writeTenant(next: TenantRecord, previous: TenantRecord | undefined): Promise<void>;

  readIssuer(url: string): Promise<SharedIssuerRecord | undefined>;
  listIssuers(page: Page): Promise<Listed<SharedIssuerRecord>>;
  /** Throws `binding_taken` for an issuer that is some tenant's own. */
  writeIssuer(next: SharedIssuerRecord, previous: SharedIssuerRecord | undefined): Promise<void>;
  /** Throws `issuer_in_use` while a tenant is bound by a claim of it. */
  deleteIssuer(previous: SharedIssuerRecord): Promise<void>;
}

/** Cuts off sessions of one tenant on one role or user of this deployment; throws `revocations_full` and `revocation_failed`. */
export interface SessionRevoker {
  revoke(revocation: Revocation & { readonly principalArn: string }): Promise<void>;
}

/** The revocations of each role and user, by its ARN, kept so that writers at the same time lose nothing. */
export interface RevocationStore {
  read(arn: string): Promise<{ readonly revocations: readonly Revocation[]; readonly version: number }>;
  /** Throws `write_conflict` when the stored version is not `previousVersion` (0: none) any more. */
  write(arn: string, revocations: readonly Revocation[], previousVersion: number): Promise<void>;
}

/**
 * Sets the one inline policy by which a role or user refuses sessions; no statements: takes it away. A user that does not exist has no sessions.
 * Throws `revocation_failed`.
 */
export interface RevocationPolicyWriter {
  write(arn: string, statements: readonly PolicyStatement[]): Promise<void>;
}

/** Runs every probe for one tenant as it stands in the registry; throws `tenant_not_found` and `verification_unavailable`. */
export interface TenantVerifier {
  verify(tenantId: TenantId): Promise<VerificationReport>;
}

/** Something that Latchkey has to say of a tenant to whoever listens on its bus. */
export interface Announcement {
  readonly type:
    | 'TenantOnboarded'
    | 'TenantOnboardingFailed'
    | 'TenantDefinitionChanged'
    | 'TenantStatusChanged'
    | 'TenantSessionsRevoked'
    | 'TenantVerificationFailed'
    | 'TenantEventRejected';
  readonly tenantId: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** The event that led to it, where one did. */
  readonly causedBy?: string | undefined;
}

/** Tells whoever listens. At least once: the same thing may be said twice. Throws `events_unavailable`. */
export interface Announcer {
  announce(announcement: Announcement): Promise<void>;
}

/** Puts a template where CloudFormation can fetch it; gives undefined where there is no such place. */
export interface TemplateHost {
  publish(
    name: string,
    template: object,
  ): Promise<{ readonly url: string; readonly expiration: Date } | undefined>;
}
