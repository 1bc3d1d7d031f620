import { describe, it } from 'vitest';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import { startDynamoRegistry } from '../../adapters/registry/dynamo-registry.ts';
import { checkInterleavings } from './interleavings.ts';
import { createMemoryTenantStore } from './memory-tenant-store.ts';

describe('the events of a tenant end where their versions say, in whatever order, however often and through whatever failures they come', () => {
  it('often, in memory', async () => {
    await checkInterleavings({ withStore: (work) => work(createMemoryTenantStore()), numRuns: 300 });
  });

  it('in DynamoDB', async () => {
    const withStore: Parameters<typeof checkInterleavings>[0]['withStore'] = async (work) => {
      const table = await startDynamoRegistry();
      try {
        await work(createDynamoTenantStore({ ...table.as('store'), clock: () => new Date() }));
      } finally {
        await table.close();
      }
    };
    await checkInterleavings({ withStore, numRuns: 10 });
  }, 60_000);
});
