import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import type { AuditLog } from '../ports.ts';
import type { Preview, PreviewTenant } from '../preview/preview.ts';
import { parsePreviewRequest } from '../preview/preview-request.ts';
import type { PolicyStatement } from '../profile/policy-document.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import type { Resources } from '../profile/resources.ts';
import type { ParseSamlMetadata } from '../saml/saml-provider.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { VerificationReport } from '../verification/verification.ts';
import type {
  Announcer,
  Listed,
  Page,
  SessionRevoker,
  SharedIssuerRecord,
  TemplateHost,
  TenantStore,
  TenantSummary,
  TenantVerifier,
} from './administrative-ports.ts';
import { createAuditedAct } from './audited-act.ts';
import { createDefinitionFit, type ProveProfile } from './definition-fit.ts';
import { createEventApplication } from './event-application.ts';
import { createExternalId } from './external-id.ts';
import { createIssuerAdministration } from './issuer-administration.ts';
import { parseRequested } from './request-invalid.ts';
import { quickCreateUrl, renderRoleTemplate } from './role-template.ts';
import { createSessionCut } from './session-cut.ts';
import { createTenantAdministration } from './tenant-administration.ts';
import type { EventOutcome } from './tenant-changes.ts';
import type { TenantEvent } from './tenant-event.ts';
import { createTenantRecords } from './tenant-records.ts';
import { createTenantVerification } from './tenant-verification.ts';

/** Who does something, and under which id it is written down. */
export interface Act {
  /** Joins the answer, the audit event and the access log. */
  readonly requestId: string;
  /** The ARN that IAM authorised, or what delivered an event. */
  readonly actor: string;
}

/** What must be stored for a write to happen: that version (If-Match), nothing (If-None-Match: *), or whatever is there. */
export type Precondition = number | 'absent' | 'any';

/** How a tenant is put. */
export interface PutOptions {
  /** Whether a tenant that this makes stays suspended until its verification has passed. */
  readonly holdUntilVerified?: boolean;
}

/** What became of the sessions of a tenant. */
export interface RevocationReport {
  readonly tenantId: string;
  /** Sessions issued before are cut off; UTC, whole seconds. */
  readonly before: string;
  /** How long it may take until that holds everywhere. */
  readonly effectiveWithinSeconds: number;
  readonly roles: readonly {
    readonly roleArn: string;
    /** `by_customer`: the role is in the tenant's own account, where `statement` has to be added by its owner. */
    readonly outcome: 'cut_off' | 'by_customer';
    readonly statement: PolicyStatement;
  }[];
  readonly users: readonly {
    readonly userArn: string;
    /** `unconfirmed`: nobody could say whether there is such a user; the tenant may not use it now, and nobody need have made it. */
    readonly outcome: 'cut_off' | 'unconfirmed';
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
    options?: PutOptions,
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
  /** What a vend would give, vending nothing. Throws what a vend would, and `request_invalid`. */
  previewTenant(act: Act, tenantId: TenantId, request: unknown): Promise<Preview>;
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

/** Everything outside that administration touches, and what it knows of this deployment. */
export interface AdministrationOptions {
  readonly store: TenantStore;
  readonly profiles: ProfileBook;
  /** What this deployment provides: the roles and users on which sessions are cut off. */
  readonly resources: Resources;
  readonly verifier: TenantVerifier;
  readonly revoker: SessionRevoker;
  readonly announcer: Announcer;
  readonly templateHost: TemplateHost;
  readonly preview: PreviewTenant;
  readonly proveProfile: ProveProfile;
  readonly parseSamlMetadata: ParseSamlMetadata;
  readonly auditLog: AuditLog;
  readonly clock: Clock;
  /** The vend function's role: the one that roles in customers' accounts trust. */
  readonly vendRoleArn: string;
  /** Whether issuers' keys may be fetched by http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
  readonly createExternalId?: (() => string) | undefined;
}

/** The one way to change the registry. */
export function createAdministration(options: AdministrationOptions): Administration {
  const { store, clock, auditLog } = options;
  const records = createTenantRecords({
    store,
    clock,
    createExternalId: options.createExternalId ?? createExternalId,
  });
  const audited = createAuditedAct(auditLog);
  const parts = {
    ...options,
    records,
    audited,
    assertFits: createDefinitionFit(options),
    cutSessions: createSessionCut({ ...options, records }),
    verify: createTenantVerification({ ...options, records }),
  };
  const applyEvent = createEventApplication(parts);
  return {
    ...createTenantAdministration(parts),
    ...createIssuerAdministration(parts),
    applyEvent: (act, event) =>
      audited('tenant.event', act, { tenantId: event.tenantId }, (note) => applyEvent(event, note)),
    previewTenant: (act, tenantId, written) =>
      audited('tenant.preview', act, { tenantId }, async (note) => {
        const request = parseRequested(() => parsePreviewRequest(written));
        const record = await records.read(tenantId);
        note({ version: record.version });
        const preview = options.preview(record, request);
        const { profile, method, roleArn, userArn } = preview;
        note({
          profile,
          method,
          ...(roleArn === undefined ? {} : { roleArn }),
          ...(userArn === undefined ? {} : { userArn }),
        });
        return preview;
      }),
    roleTemplate: (act, tenantId) =>
      audited('tenant.role_template', act, { tenantId }, async (note) => {
        const record = await records.read(tenantId);
        note({ version: record.version });
        return publishRoleTemplate(record, options);
      }),
  };
}

async function publishRoleTemplate(
  { tenantId, externalId, offboardedAt }: TenantRecord,
  { vendRoleArn, templateHost }: Pick<AdministrationOptions, 'vendRoleArn' | 'templateHost'>,
): Promise<RoleTemplate> {
  if (offboardedAt !== undefined) throw new VendingError('tenant_offboarded');
  const template = renderRoleTemplate({ tenantId, externalId, vendRoleArn });
  const hosted = await templateHost.publish(`latchkey-${tenantId}.json`, template);
  const quickCreate =
    hosted === undefined
      ? undefined
      : { url: quickCreateUrl({ tenantId, vendRoleArn }, hosted.url), expiration: hosted.expiration };
  return { tenantId, externalId, vendRoleArn, template, quickCreate };
}
