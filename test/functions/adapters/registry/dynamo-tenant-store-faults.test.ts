import { describe, expect, it, test } from 'vitest';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import { offboardTenant, suspendTenant } from '../../../../functions/core/administration/tenant-changes.ts';
import { isSameData } from '../../../../functions/core/same-data.ts';
import type { TenantRecord } from '../../../../functions/core/tenant/tenant-record.ts';
import { NOW } from '../../core/sample.ts';
import type { Fault } from '../faulty-dynamodb.ts';
import {
  codeOf,
  type DynamoRegistry,
  definedTenant,
  ownIssuer,
  redefined,
  sharedIssuer,
  startDynamoRegistry,
} from './dynamo-registry.ts';

const POOL = 'https://pool.example';
const OWN = 'https://own.example';
const FAULTS: readonly Fault[] = ['reset before', 'reset after', '500 before', '500 after'];

const acme = definedTenant('acme', {
  claims: [{ issuer: POOL, value: 'a' }],
  issuers: [ownIssuer(OWN)],
});
const rebound = redefined(acme, { claims: [{ issuer: POOL, value: 'b' }] });

type Work = (store: TenantStore) => Promise<void>;

/** As Administration writes: it reads what is there, and has nothing to do when that is what shall be there. */
const bring =
  (next: TenantRecord): Work =>
  async (store) => {
    const previous = await store.readTenant(next.tenantId);
    if (previous === undefined || !isSameData(previous, next)) await store.writeTenant(next, previous);
  };
const bringShared: Work = async (store) => {
  const previous = await store.readIssuer(POOL);
  if (previous?.version !== 2) await store.writeIssuer(sharedIssuer(POOL, 2), previous);
};
const dropShared: Work = async (store) => {
  const previous = await store.readIssuer(POOL);
  if (previous !== undefined) await store.deleteIssuer(previous);
};
const nothing: Work = async () => {};

const WRITES: readonly [string, Work, Work][] = [
  ['a new tenant', nothing, bring(acme)],
  ['other bindings', bring(acme), bring(rebound)],
  ['a suspension', bring(acme), bring(suspendTenant(acme, 'operator', NOW))],
  ['an offboarding', bring(acme), bring(offboardTenant(acme, NOW))],
  ['a shared issuer', nothing, bringShared],
  ['the end of a shared issuer', nothing, dropShared],
];

/** A registry of its own, in which everything that comes before has been done. */
async function within<T>(
  prepare: Work,
  look: (table: DynamoRegistry, store: TenantStore) => Promise<T>,
): Promise<T> {
  const table = await startDynamoRegistry();
  try {
    const store = createDynamoTenantStore({ ...table.as('store'), clock: () => NOW });
    await store.writeIssuer(sharedIssuer(POOL), undefined);
    await prepare(store);
    return await look(table, store);
  } finally {
    await table.close();
  }
}

describe.each(WRITES)('of %s', (_, prepare, write) => {
  let known: ReturnType<typeof writeUndisturbed> | undefined;
  const undisturbed = () => {
    known ??= writeUndisturbed();
    return known;
  };
  const writeUndisturbed = () =>
    within(prepare, async (table, store) => {
      const before = await table.items();
      const sentBefore = table.requests.length;
      await write(store);
      const requests = table.requests.slice(sentBefore);
      return { before, after: await table.items(), requests };
    });

  test.each(FAULTS)('one request fails: %s', async (fault) => {
    const { after, requests } = await undisturbed();
    expect(requests.length).toBeGreaterThan(1);
    const runs = [...requests.keys()].map((place) =>
      within(prepare, async (table, store) => {
        const failing = table.requests.length + place + 1;
        table.fail((_operation, count) => (count === failing ? fault : undefined));
        await write(store);
        expect(await table.items()).toEqual(after);
      }),
    );
    await Promise.all(runs);
  });

  test.each(FAULTS)('everything fails from one request on: %s', async (fault) => {
    const { before, after, requests } = await undisturbed();
    const runs = [...requests.keys()].map((place) =>
      within(prepare, async (table, store) => {
        const failing = table.requests.length + place + 1;
        table.fail((_operation, count) => (count >= failing ? fault : undefined));
        expect(await codeOf(write(store))).toBe('registry_unavailable');
        table.fail(() => undefined);
        // Nothing of it, or all of it.
        const isDone = fault.endsWith('after') && place === requests.length - 1;
        expect(await table.items()).toEqual(isDone ? after : before);
        await write(store);
        expect(await table.items()).toEqual(after);
      }),
    );
    await Promise.all(runs);
  });
});

describe('of many who write at the same time', () => {
  const ids = [...Array(20).keys()].map((each) => `tenant-${each}`);

  test.each([
    ['a claim', { claims: [{ issuer: POOL, value: 'a' }] }],
    ['an issuer', { issuers: [ownIssuer(OWN)] }],
  ])('one has %s', async (_, wanted) => {
    await within(nothing, async (table) => {
      const outcomes = await Promise.all(
        ids.map((id) => {
          // Each a function instance of its own.
          const store = createDynamoTenantStore({ ...table.as('store'), clock: () => NOW });
          return codeOf(store.writeTenant(definedTenant(id, wanted), undefined));
        }),
      );
      expect(outcomes.filter((code) => code === undefined)).toHaveLength(1);
      expect(outcomes.filter((code) => code === 'binding_taken')).toHaveLength(ids.length - 1);
      const winner = ids[outcomes.indexOf(undefined)];
      const items = await table.items();
      expect(items.filter(({ sk }) => sk === 'tenant').map(({ pk }) => pk)).toEqual([`tenant#${winner}`]);
      expect(items.filter((item) => 'tenantId' in item).map(({ tenantId }) => tenantId)).toEqual([winner]);
    });
  });

  it('one writes the version that all have read', async () => {
    await within(bring(acme), async (table) => {
      const outcomes = await Promise.all(
        ids.map((displayName) => {
          const store = createDynamoTenantStore({ ...table.as('store'), clock: () => NOW });
          return codeOf(store.writeTenant(redefined(acme, { displayName }), acme));
        }),
      );
      expect(outcomes.filter((code) => code === undefined)).toHaveLength(1);
      expect(outcomes.filter((code) => code === 'write_conflict')).toHaveLength(ids.length - 1);
      const stored = (await table.items()).find(({ sk }) => sk === 'tenant');
      expect(stored?.['displayName']).toBe(ids[outcomes.indexOf(undefined)]);
    });
  });
});

describe('of a transaction that is cancelled', () => {
  const cancelled = (...codes: string[]) =>
    Response.json(
      {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        Message: 'Transaction cancelled',
        CancellationReasons: codes.map((Code) => ({ Code })),
      },
      { status: 400 },
    );

  test.each([
    ['another in the way, twice', 2, ['None', 'TransactionConflict'], undefined],
    ['another in the way, always', 99, ['None', 'TransactionConflict'], 'write_conflict'],
    ['throttling, twice', 2, ['ThrottlingError', 'None'], undefined],
    ['throttling, always', 99, ['ThrottlingError', 'None'], 'registry_unavailable'],
    [
      'another in the way of what fails',
      1,
      ['TransactionConflict', 'ConditionalCheckFailed'],
      'binding_taken',
    ],
    [
      'a record that changed, first of all',
      1,
      ['ConditionalCheckFailed', 'ConditionalCheckFailed'],
      'write_conflict',
    ],
    ['an item that AWS refuses', 1, ['None', 'ValidationError'], 'registry_unavailable'],
  ])('for %s', async (_, times, codes, outcome) => {
    await within(nothing, async (table, store) => {
      let left = times;
      table.fail(() => (left-- > 0 ? cancelled(...codes) : undefined));
      expect(await codeOf(store.writeTenant(acme, undefined))).toBe(outcome);
      table.fail(() => undefined);
      expect(await table.items()).toHaveLength(outcome === undefined ? 4 : 1);
    });
  });
});
