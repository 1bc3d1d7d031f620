import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { parseTenantDefinition, type TenantDefinition } from '../tenant/tenant-definition.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { Administration, Precondition, PutOptions } from './administration.ts';
import type { Announcer, TenantStore } from './administrative-ports.ts';
import type { AuditedAct } from './audited-act.ts';
import type { AssertDefinitionFits } from './definition-fit.ts';
import { assertPrecondition } from './precondition.ts';
import { parseRequested } from './request-invalid.ts';
import type { CutSessions } from './session-cut.ts';
import { changed, onboarded, verificationFailed } from './tenant-announcements.ts';
import { defineTenant, offboardTenant, resumeTenant, suspendTenant } from './tenant-changes.ts';
import { assertDefined, isDefined, type TenantRecords } from './tenant-records.ts';
import type { VerifyTenant } from './tenant-verification.ts';

/** What operators do to tenants, with what has been put together for it. */
export interface TenantAdministrationOptions {
  readonly audited: AuditedAct;
  readonly store: Pick<TenantStore, 'listTenants'>;
  readonly records: TenantRecords;
  readonly assertFits: AssertDefinitionFits;
  readonly cutSessions: CutSessions;
  readonly verify: VerifyTenant;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

type Operations =
  | 'putTenant'
  | 'getTenant'
  | 'listTenants'
  | 'suspendTenant'
  | 'resumeTenant'
  | 'revokeSessions'
  | 'offboardTenant'
  | 'verifyTenant';

/** The part of `Administration` that operators have of tenants. Announcements follow each call, for one before may have been lost. */
export function createTenantAdministration(
  options: TenantAdministrationOptions,
): Pick<Administration, Operations> {
  const { audited, store, records, assertFits, cutSessions, verify, announcer, clock } = options;

  function define(
    tenantId: TenantId,
    definition: TenantDefinition,
    precondition: Precondition,
    { holdUntilVerified = false }: PutOptions,
  ) {
    return records.change(tenantId, (stored) => {
      if (stored?.offboardedAt !== undefined) throw new VendingError('tenant_offboarded');
      assertPrecondition(precondition, isDefined(stored) ? stored.version : undefined);
      const made = records.create(tenantId);
      const before = stored ?? (holdUntilVerified ? { ...made, holds: ['onboarding' as const] } : made);
      return { record: defineTenant(before, definition, clock()) };
    });
  }

  async function changeStatus(
    tenantId: TenantId,
    precondition: Precondition,
    change: (record: TenantRecord) => TenantRecord,
  ): Promise<TenantRecord> {
    const { record } = await records.change(tenantId, (stored) => {
      const defined = assertDefined(stored);
      assertPrecondition(precondition, defined.version);
      return { record: change(defined) };
    });
    return record;
  }

  async function announceStatus(record: TenantRecord): Promise<TenantRecord> {
    await announcer.announce(changed('TenantStatusChanged', record));
    return record;
  }

  return {
    putTenant: (act, tenantId, written, precondition, putOptions = {}) =>
      audited('tenant.put', act, { tenantId }, async (note) => {
        const definition = parseRequested(() => parseTenantDefinition(written));
        assertFits(tenantId, definition);
        const { before, record } = await define(tenantId, definition, precondition, putOptions);
        note({ version: record.version });
        await announcer.announce(changed('TenantDefinitionChanged', record));
        return { record, created: !isDefined(before) };
      }),

    getTenant: (act, tenantId) =>
      audited('tenant.get', act, { tenantId }, async (note) => {
        const record = await records.read(tenantId);
        note({ version: record.version });
        return record;
      }),

    listTenants: (act, page) => audited('tenant.list', act, {}, () => store.listTenants(page)),

    suspendTenant: (act, tenantId, precondition) =>
      audited('tenant.suspend', act, { tenantId }, async (note) => {
        const record = await changeStatus(tenantId, precondition, (before) =>
          suspendTenant(before, 'operator', clock()),
        );
        note({ version: record.version });
        return announceStatus(record);
      }),

    resumeTenant: (act, tenantId, precondition) =>
      audited('tenant.resume', act, { tenantId }, async (note) => {
        const record = await changeStatus(tenantId, precondition, (before) =>
          resumeTenant(before, ['operator', 'event'], clock()),
        );
        note({ version: record.version });
        return announceStatus(record);
      }),

    revokeSessions: (act, tenantId) =>
      audited('tenant.revoke', act, { tenantId }, async (note) => {
        await records.read(tenantId);
        const { record, report } = await cutSessions(tenantId, 'now');
        note({ version: record.version });
        return report;
      }),

    offboardTenant: (act, tenantId, precondition) =>
      audited('tenant.offboard', act, { tenantId }, async (note) => {
        const ended = await changeStatus(tenantId, precondition, (before) => offboardTenant(before, clock()));
        note({ version: ended.version });
        const { record } = await cutSessions(tenantId, 'recorded');
        note({ version: record.version });
        return announceStatus(record);
      }),

    verifyTenant: (act, tenantId) =>
      audited('tenant.verify', act, { tenantId }, async (note) => {
        const verified = await verify(tenantId);
        const { record, report, wasHeld, failures } = verified;
        note({ version: record.version });
        // Also when the hold is gone: it may have been lifted by a call that could not say so any more.
        if (report.passed && (wasHeld || cameByEvents(record))) await announcer.announce(onboarded(record));
        if (failures.length > 0)
          await announcer.announce(
            verificationFailed(wasHeld ? 'TenantOnboardingFailed' : 'TenantVerificationFailed', verified),
          );
        return report;
      }),
  };
}

function cameByEvents({ events }: TenantRecord): boolean {
  return events.definition !== undefined || events.status !== undefined;
}
