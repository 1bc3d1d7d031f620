import type {
  SharedIssuerRecord,
  TenantStore,
} from '../../../../functions/core/administration/administrative-ports.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import {
  parseTenantRecord,
  statusOfTenant,
  type TenantRecord,
} from '../../../../functions/core/tenant/tenant-record.ts';

/** What the store holds; a test may look, and put things there. */
export interface MemoryTenantStore extends TenantStore {
  readonly tenants: Map<string, TenantRecord>;
  readonly issuers: Map<string, SharedIssuerRecord>;
}

/**
 * A TenantStore that keeps no more of its contract than core's decisions lean on: versions, whole records, and bindings that
 * two tenants cannot share. What DynamoDB does is tested at its adapter.
 */
export function createMemoryTenantStore(): MemoryTenantStore {
  const tenants = new Map<string, TenantRecord>();
  const issuers = new Map<string, SharedIssuerRecord>();

  function assertBindable(next: TenantRecord): void {
    for (const { issuer } of next.definition?.claims ?? [])
      if (!issuers.has(issuer)) throw new VendingError('issuer_not_found');
    const others = [...tenants.values()]
      .filter(({ tenantId }) => tenantId !== next.tenantId)
      .flatMap(bindingsOf);
    if (bindingsOf(next).some((binding) => others.includes(binding))) throw new VendingError('binding_taken');
  }

  return {
    tenants,
    issuers,
    readTenant: async (tenantId) => tenants.get(tenantId),
    listTenants: async () => ({
      items: [...tenants.values()].map((record) => ({
        tenantId: record.tenantId,
        displayName: record.definition?.displayName ?? '',
        status: statusOfTenant(record),
        version: record.version,
        updatedAt: record.updatedAt,
      })),
      next: undefined,
    }),
    async writeTenant(next, previous) {
      if (tenants.get(next.tenantId)?.version !== previous?.version) throw new VendingError('write_conflict');
      if (next.version !== (previous?.version ?? 0) + 1) throw new Error(`got version ${next.version}`);
      assertBindable(next);
      // As it comes back from a table: parsed, and no object that somebody else still holds.
      tenants.set(next.tenantId, parseTenantRecord(JSON.parse(JSON.stringify(next))));
    },
    readIssuer: async (url) => issuers.get(url),
    listIssuers: async () => ({ items: [...issuers.values()], next: undefined }),
    async writeIssuer(next, previous) {
      if (issuers.get(next.issuer.url)?.version !== previous?.version)
        throw new VendingError('write_conflict');
      issuers.set(next.issuer.url, next);
    },
    async deleteIssuer({ issuer: { url }, version }) {
      if (issuers.get(url)?.version !== version) throw new VendingError('write_conflict');
      issuers.delete(url);
    },
  };
}

function bindingsOf({ definition, offboardedAt }: TenantRecord): readonly string[] {
  if (definition === undefined || offboardedAt !== undefined) return [];
  return [
    ...definition.issuers.map(({ url }) => url),
    ...definition.claims.map(({ issuer, value }) => `${issuer} ${value}`),
  ];
}
