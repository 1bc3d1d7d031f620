import type { RevocationStore } from '../../core/administration/administrative-ports.ts';
import { VendingError } from '../../core/errors.ts';
import { parseRevocations } from '../../core/revocation/revocation.ts';
import type { DynamoTenantRegistryOptions } from './dynamo-tenant-registry.ts';
import { registryKey } from './registry-key.ts';
import { createRegistryTable } from './registry-table.ts';
import { damaged, parseStored } from './stored-record.ts';

/** The revocations of each role, in an item of the registry table. Throws `registry_unavailable` and `record_invalid` as well. */
export function createDynamoRevocationStore(options: DynamoTenantRegistryOptions): RevocationStore {
  const table = createRegistryTable(options);
  return {
    async read(roleArn) {
      const item = await table.read(registryKey.revocations(roleArn));
      if (item === undefined) return { revocations: [], version: 0 };
      const { record, version } = item;
      if (typeof version !== 'number') throw damaged(`revocations of ${roleArn}: the item has no version`);
      return { revocations: parseStored(() => parseRevocations(record)), version };
    },

    async write(roleArn, revocations, previousVersion) {
      const item = {
        ...registryKey.revocations(roleArn),
        record: revocations,
        version: previousVersion + 1,
      };
      await table.write([
        {
          put: item,
          ...(previousVersion === 0
            ? { condition: 'attribute_not_exists(#pk)' }
            : { condition: '#version = :version', values: { ':version': previousVersion } }),
          refusal: () => new VendingError('write_conflict'),
        },
      ]);
    },
  };
}
