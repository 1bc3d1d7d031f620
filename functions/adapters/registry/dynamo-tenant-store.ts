import type {
  Listed,
  Page,
  SharedIssuerRecord,
  TenantStore,
  TenantSummary,
} from '../../core/administration/administrative-ports.ts';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import { parseIssuer } from '../../core/issuer/issuer.ts';
import { parseTenantRecord, statusOfTenant, type TenantRecord } from '../../core/tenant/tenant-record.ts';
import type { DynamoTenantRegistryOptions } from './dynamo-tenant-registry.ts';
import { FREE_AT, LIST_INDEX, registryKey } from './registry-key.ts';
import { createRegistryTable, namesIn, type RegistryTable, type StoredItem } from './registry-table.ts';
import { damaged, parseStored } from './stored-record.ts';
import { BOUND_TIMES, bindingWrites, inSeconds } from './tenant-bindings.ts';

/** The registry table, and the time by which bindings are given up. */
export interface DynamoTenantStoreOptions extends DynamoTenantRegistryOptions {
  readonly clock: Clock;
}

/** The store over the same table and items as `createDynamoTenantRegistry` reads. Every write is one transaction. */
export function createDynamoTenantStore({ clock, ...options }: DynamoTenantStoreOptions): TenantStore {
  const table = createRegistryTable(options);
  return {
    async readTenant(tenantId) {
      const item = await table.read(registryKey.tenant(tenantId));
      const record = item && parseStored(() => parseTenantRecord(item['record']));
      if (record !== undefined && record.tenantId !== tenantId)
        throw damaged(`tenant ${tenantId}: the record is that of tenant ${record.tenantId}`);
      return record;
    },

    listTenants: (page) => list(table, 'tenant', page, parseSummary),

    async writeTenant(next, previous) {
      await table.write([
        {
          put: tenantItem(next),
          ...(previous === undefined
            ? { condition: 'attribute_not_exists(#pk)' }
            : { condition: '#record.#version = :version', values: { ':version': previous.version } }),
          refusal: () => new VendingError('write_conflict'),
        },
        ...bindingWrites(next, previous, clock()),
      ]);
    },

    async readIssuer(url) {
      const item = await table.read(registryKey.issuer(url));
      // A tenant's own, or one that was.
      if (item === undefined || 'tenantId' in item) return undefined;
      const shared = parseShared(item);
      if (shared.issuer.url !== url) throw damaged('issuer: the record names another issuer');
      return shared;
    },

    listIssuers: (page) => list(table, 'issuer', page, parseShared),

    async writeIssuer(next, previous) {
      const free = `attribute_not_exists(#pk) OR #${FREE_AT} < :now`;
      await table.write([
        {
          put: issuerItem(next),
          ...(previous === undefined
            ? { condition: free, values: { ':now': inSeconds(clock()) } }
            : { condition: '#version = :version', values: { ':version': previous.version } }),
          refusal: (existing) =>
            new VendingError(existing && 'tenantId' in existing ? 'binding_taken' : 'write_conflict'),
        },
      ]);
    },

    deleteIssuer: (previous) => deleteIssuer(table, previous, clock()),
  };
}

/** Together with the version, the count tells whether a claim was bound after none was found. */
async function deleteIssuer(
  table: RegistryTable,
  { issuer: { url }, version }: SharedIssuerRecord,
  now: Date,
): Promise<void> {
  const key = registryKey.issuer(url);
  const times = (await table.read(key))?.[BOUND_TIMES];
  if (await hasClaims(table, key.pk, now)) throw new VendingError('issuer_in_use');
  await table.write([
    {
      delete: key,
      ...(times === undefined
        ? {
            condition: `#version = :version AND attribute_not_exists(#${BOUND_TIMES})`,
            values: { ':version': version },
          }
        : {
            condition: `#version = :version AND #${BOUND_TIMES} = :times`,
            values: { ':version': version, ':times': times },
          }),
      refusal: () => new VendingError('write_conflict'),
    },
  ]);
}

/** Whether a tenant has a claim of the issuer, or had one so shortly ago that nobody else may have it. */
async function hasClaims(table: RegistryTable, pk: string, now: Date): Promise<boolean> {
  const KeyConditionExpression = '#pk = :pk AND begins_with(#sk, :claim)';
  const FilterExpression = `attribute_not_exists(#${FREE_AT}) OR #${FREE_AT} >= :now`;
  const query = {
    KeyConditionExpression,
    FilterExpression,
    ExpressionAttributeNames: namesIn(KeyConditionExpression + FilterExpression),
    ExpressionAttributeValues: { ':pk': pk, ':claim': 'claim#', ':now': inSeconds(now) },
    ConsistentRead: true,
  };
  return (await table.query(query, 1)).length > 0;
}

async function list<T>(
  table: RegistryTable,
  kind: 'tenant' | 'issuer',
  { limit, after = '' }: Page,
  parse: (item: StoredItem) => T,
): Promise<Listed<T>> {
  const { name: IndexName, partitionKey, sortKey } = LIST_INDEX;
  const behind = after === '' ? '' : ` AND #${sortKey} > :after`;
  const KeyConditionExpression = `#${partitionKey} = :kind${behind}`;
  const query = {
    IndexName,
    KeyConditionExpression,
    ExpressionAttributeNames: namesIn(KeyConditionExpression),
    ExpressionAttributeValues: { ':kind': kind, ...(after === '' ? {} : { ':after': after }) },
  };
  // One more than is wanted tells whether there are more.
  const found = await table.query(query, limit + 1);
  const items = found.slice(0, limit);
  const next = found.length > limit ? String(items.at(-1)?.[sortKey]) : undefined;
  return { items: items.map(parse), next };
}

/** What a list shows stands beside the record, so that one that is damaged does not spoil the list. */
function tenantItem(record: TenantRecord) {
  const { tenantId, version, updatedAt, definition } = record;
  const listed = definition && {
    [LIST_INDEX.partitionKey]: 'tenant',
    [LIST_INDEX.sortKey]: tenantId,
    displayName: definition.displayName,
    status: statusOfTenant(record),
    version,
    updatedAt,
  };
  return { ...registryKey.tenant(tenantId), record, ...listed };
}

function parseSummary(item: StoredItem): TenantSummary {
  const {
    listName: tenantId,
    displayName,
    status,
    version,
    updatedAt,
  } = item as Partial<TenantSummary & { listName: string }>;
  const isSummary =
    typeof tenantId === 'string' &&
    typeof displayName === 'string' &&
    (status === 'active' || status === 'suspended' || status === 'offboarded') &&
    typeof version === 'number' &&
    typeof updatedAt === 'string';
  if (!isSummary) throw damaged(`tenant ${tenantId}: what a list shows of it is not whole`);
  return { tenantId, displayName, status, version, updatedAt };
}

function issuerItem({ issuer, version }: SharedIssuerRecord) {
  const listed = { [LIST_INDEX.partitionKey]: 'issuer', [LIST_INDEX.sortKey]: issuer.url };
  return { ...registryKey.issuer(issuer.url), record: issuer, version, ...listed };
}

function parseShared({ record, version }: StoredItem): SharedIssuerRecord {
  const { binding, ...issuer } = parseStored(() => parseIssuer(record));
  if (binding.kind !== 'claim' || typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw damaged(`issuer ${issuer.url}: the item is not that of a shared issuer`);
  return { issuer: { ...issuer, binding }, version };
}
