import type { Listed, Page, SharedIssuerRecord, TenantSummary } from './administrative-ports.ts';
import type { PolicyStatement } from './policy-document.ts';
import type { EventOutcome } from './tenant-changes.ts';
import type { TenantEvent } from './tenant-event.ts';
import type { TenantId } from './tenant-id.ts';
import type { TenantRecord } from './tenant-record.ts';
import type { VerificationReport } from './verification.ts';

/** Who does something, and under which id it is written down. */
export interface Act {
  /** Joins the answer, the audit event and the access log. */
  readonly requestId: string;
  /** The ARN that IAM authorised, or what delivered an event. */
  readonly actor: string;
}

/** What must be stored for a write to happen: that version (If-Match), nothing (If-None-Match: *), or whatever is there. */
export type Precondition = number | 'absent' | 'any';

/** What became of the sessions of a tenant. */
export interface RevocationReport {
  readonly tenantId: string;
  /** Sessions issued before are cut off; UTC, whole seconds. */
  readonly before: string;
  /** How long AWS may take until that holds everywhere. */
  readonly effectiveWithinSeconds: number;
  readonly roles: readonly {
    readonly roleArn: string;
    /** `by_customer`: the role is in the tenant's own account, where `statement` has to be added by its owner. */
    readonly outcome: 'cut_off' | 'by_customer';
    readonly statement: PolicyStatement;
  }[];
}

/** A role for a customer's own account, as CloudFormation makes it. */
export interface RoleTemplate {
  readonly tenantId: string;
  readonly externalId: string;
  /** The one principal that the role trusts. */
  readonly vendRoleArn: string;
  readonly template: object;
  /** A link that opens CloudFormation with the template filled in; undefined where no bucket hosts templates. */
  readonly quickCreate: { readonly url: string; readonly expiration: Date } | undefined;
}

/**
 * Everything that can be done to tenants and shared issuers: by operators over HTTP, by events, and by stacks. Each call
 * throws `VendingError` alone and leaves one audit event. What is written is complete before anything follows from it
 * (a revocation, a verification, an announcement), and the same call again carries on where one failed.
 */
export interface Administration {
  /** Creates or replaces what an operator writes of a tenant. Throws `request_invalid` with every fault, `precondition_failed`, `binding_taken`, `issuer_not_found`, `tenant_offboarded`. */
  putTenant(
    act: Act,
    tenantId: TenantId,
    definition: unknown,
    precondition: Precondition,
  ): Promise<{ readonly record: TenantRecord; readonly created: boolean }>;
  getTenant(act: Act, tenantId: TenantId): Promise<TenantRecord>;
  listTenants(act: Act, page: Page): Promise<Listed<TenantSummary>>;
  /** No new credentials, everywhere within `REGISTRY_LAG_SECONDS`. */
  suspendTenant(act: Act, tenantId: TenantId, precondition: Precondition): Promise<TenantRecord>;
  /** Lifts what an operator or an event put on; not the hold of an onboarding that has not been verified. */
  resumeTenant(act: Act, tenantId: TenantId, precondition: Precondition): Promise<TenantRecord>;
  /** Cuts off the sessions of this tenant that are outstanding. Throws `revocation_failed`, with the statement to add by hand. */
  revokeSessions(act: Act, tenantId: TenantId): Promise<RevocationReport>;
  /** For good: no new credentials, outstanding sessions cut off, bindings freed when the last of them has ended. */
  offboardTenant(act: Act, tenantId: TenantId, precondition: Precondition): Promise<TenantRecord>;
  /** Runs every probe; when all pass, an onboarding that waits for it is complete. */
  verifyTenant(act: Act, tenantId: TenantId): Promise<VerificationReport>;
  roleTemplate(act: Act, tenantId: TenantId): Promise<RoleTemplate>;
  /** Applies what the control plane says, in whatever order and however often it is delivered. */
  applyEvent(act: Act, event: TenantEvent): Promise<EventOutcome>;

  putIssuer(
    act: Act,
    issuer: unknown,
    precondition: Precondition,
  ): Promise<{ readonly record: SharedIssuerRecord; readonly created: boolean }>;
  getIssuer(act: Act, url: string): Promise<SharedIssuerRecord>;
  listIssuers(act: Act, page: Page): Promise<Listed<SharedIssuerRecord>>;
  deleteIssuer(act: Act, url: string, precondition: Precondition): Promise<void>;
}
