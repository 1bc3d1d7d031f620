import { beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoRevocationStore } from '../../../../functions/adapters/registry/dynamo-revocation-store.ts';
import type { RevocationStore } from '../../../../functions/core/administration/administrative-ports.ts';
import { parseRevocations } from '../../../../functions/core/revocation/revocation.ts';
import { codeOf, type DynamoRegistry, startDynamoRegistry } from './dynamo-registry.ts';

const ROLE = 'arn:aws:iam::111122223333:role/latchkey-tenant';
const revocations = parseRevocations([{ tenantId: 'acme', before: '2026-11-21T12:00:00Z' }]);

let table: DynamoRegistry;
let store: RevocationStore;

beforeEach(async () => {
  table = await startDynamoRegistry();
  store = createDynamoRevocationStore(table.as('store'));
  return () => table.close();
});

describe('the revocations of a role', () => {
  it('are none at first', async () => {
    expect(await store.read(ROLE)).toEqual({ revocations: [], version: 0 });
  });

  it('are read as they were written, and apart from those of other roles', async () => {
    await store.write(ROLE, revocations, 0);
    expect(await store.read(ROLE)).toEqual({ revocations, version: 1 });
    await store.write(ROLE, [], 1);
    expect(await store.read(ROLE)).toEqual({ revocations: [], version: 2 });
    expect(await store.read(`${ROLE}-2`)).toEqual({ revocations: [], version: 0 });
  });

  test.each([0, 2])('are not written over version 1 by who has read version %d', async (version) => {
    await store.write(ROLE, revocations, 0);
    expect(await codeOf(store.write(ROLE, [], version))).toBe('write_conflict');
    expect(await store.read(ROLE)).toEqual({ revocations, version: 1 });
  });

  it('are written by one of many at the same time', async () => {
    const outcomes = await Promise.all([...Array(10)].map(() => codeOf(store.write(ROLE, revocations, 0))));
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('write_conflict'), undefined]);
  });

  it('are written once when the answer is lost', async () => {
    let isFirst = true;
    table.fail(() => {
      if (!isFirst) return undefined;
      isFirst = false;
      return 'reset after';
    });
    await store.write(ROLE, revocations, 0);
    expect(await store.read(ROLE)).toEqual({ revocations, version: 1 });
  });

  test.each([
    ['no list', { record: 'all', version: 1 }],
    ['no instant', { record: [{ tenantId: 'acme', before: 'now' }], version: 1 }],
    ['no version', { record: [] }],
  ])('are refused with %s', async (_, item) => {
    await table.put({ pk: `revocations#${ROLE}`, sk: 'revocations', ...item });
    expect(await codeOf(store.read(ROLE))).toBe('record_invalid');
  });

  it('are unavailable, not none, when DynamoDB fails', async () => {
    table.fail(() => '500 before');
    expect(await codeOf(store.read(ROLE))).toBe('registry_unavailable');
    expect(await codeOf(store.write(ROLE, revocations, 0))).toBe('registry_unavailable');
  });
});
