import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { TenantStore } from './administrative-ports.ts';
import { writeOptimistically } from './optimistic-write.ts';
import { newTenant } from './tenant-changes.ts';

/** A tenant that somebody has defined. */
export type DefinedTenant = TenantRecord & { readonly definition: TenantDefinition };

/** The records of tenants, as everything that administers them reads and changes them. */
export interface TenantRecords {
  /** Throws `tenant_not_found`. */
  read(tenantId: TenantId): Promise<DefinedTenant>;
  /** A record that is not stored yet, with an external id of its own. */
  create(tenantId: TenantId): TenantRecord;
  /** See `writeOptimistically`: `decide` may be asked more than once. */
  change<Decision extends { readonly record: TenantRecord }>(
    tenantId: TenantId,
    decide: (before: TenantRecord | undefined) => Decision | Promise<Decision>,
  ): Promise<Decision & { readonly before: TenantRecord | undefined }>;
}

/** What records are kept in and made with. */
export interface TenantRecordsOptions {
  readonly store: Pick<TenantStore, 'readTenant' | 'writeTenant'>;
  readonly clock: Clock;
  readonly createExternalId: () => string;
}

/** The records in a store. */
export function createTenantRecords({ store, clock, createExternalId }: TenantRecordsOptions): TenantRecords {
  return {
    read: async (tenantId) => assertDefined(await store.readTenant(tenantId)),
    create: (tenantId) => newTenant({ tenantId, externalId: createExternalId() }, clock()),
    change: (tenantId, decide) =>
      writeOptimistically({
        read: () => store.readTenant(tenantId),
        decide,
        write: (next, before) => store.writeTenant(next, before),
      }),
  };
}

/** The record of a defined tenant; throws `tenant_not_found` also for one that only events have spoken of so far. */
export function assertDefined(record: TenantRecord | undefined): DefinedTenant {
  if (!isDefined(record)) throw new VendingError('tenant_not_found');
  return record;
}

/** Whether an operator would find the tenant. */
export function isDefined(record: TenantRecord | undefined): record is DefinedTenant {
  return record?.definition !== undefined;
}
