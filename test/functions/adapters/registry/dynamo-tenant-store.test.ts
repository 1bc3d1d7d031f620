import { beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoTenantRegistry } from '../../../../functions/adapters/registry/dynamo-tenant-registry.ts';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import {
  applyTenantEvent,
  newTenant,
  offboardTenant,
  resumeTenant,
  revokeTenant,
  suspendTenant,
} from '../../../../functions/core/administration/tenant-changes.ts';
import type { TenantRegistry } from '../../../../functions/core/ports.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type { TenantReference } from '../../../../functions/core/token/caller.ts';
import { EXTERNAL_ID, NOW } from '../../core/sample.ts';
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
const claim = (value: string, issuer = POOL) => ({ issuer, value });
const byClaim = (value: string): TenantReference => ({ kind: 'claim', ...claim(value) });
const KEPT_SECONDS = 129_600 + 30 + 60;

let table: DynamoRegistry;
let store: TenantStore;
let registry: TenantRegistry;
let now: number;
const pass = (seconds: number) => {
  now += seconds * 1000;
};

beforeEach(async () => {
  now = NOW.getTime();
  table = await startDynamoRegistry();
  store = createDynamoTenantStore({ ...table.as('store'), clock: () => new Date(now) });
  registry = createDynamoTenantRegistry(table.as('vend'));
  await store.writeIssuer(sharedIssuer(POOL), undefined);
  return () => table.close();
});

const acme = definedTenant('acme', { claims: [claim('org_1')], issuers: [ownIssuer(OWN)] });
const rival = (changes: Parameters<typeof redefined>[1]) => definedTenant('globex', changes);

describe('a tenant', () => {
  it('is read as it was written, and found by its claim and by its own issuer', async () => {
    await store.writeTenant(acme, undefined);
    expect(await store.readTenant(acme.tenantId)).toEqual(acme);
    expect((await registry.findTenant(byClaim('org_1')))?.tenantId).toBe('acme');
    const issuer = await registry.findIssuer(OWN);
    expect(issuer).toMatchObject({ url: OWN, binding: { kind: 'tenant', tenantId: 'acme' } });
    const own: TenantReference = { kind: 'tenant', issuer: OWN, tenantId: acme.tenantId };
    expect((await registry.findTenant(own))?.tenantId).toBe('acme');
  });

  it('that nobody has written is none', async () => {
    expect(await store.readTenant(parseTenantId('nobody'))).toBeUndefined();
  });

  it('that nobody has defined yet is kept, and neither listed nor found', async () => {
    const fresh = newTenant({ tenantId: parseTenantId('early'), externalId: EXTERNAL_ID }, NOW);
    const event = { eventId: 'e1', tenantId: fresh.tenantId, version: 2, kind: 'resume' } as const;
    const { record } = applyTenantEvent(fresh, event, NOW);
    await store.writeTenant(record, undefined);
    expect(await store.readTenant(record.tenantId)).toEqual(record);
    expect((await store.listTenants({ limit: 10 })).items).toEqual([]);
    const defined = redefined(record, { claims: [claim('early')] });
    await store.writeTenant(defined, record);
    expect((await registry.findTenant(byClaim('early')))?.tenantId).toBe('early');
  });

  it('is written by one of two who read the same version', async () => {
    await store.writeTenant(acme, undefined);
    const suspended = suspendTenant(acme, 'operator', NOW);
    await store.writeTenant(suspended, acme);
    expect(await codeOf(store.writeTenant(redefined(acme, {}), acme))).toBe('write_conflict');
    expect(await codeOf(store.writeTenant(acme, undefined))).toBe('write_conflict');
    expect(await store.readTenant(acme.tenantId)).toEqual(suspended);
  });

  it('that is not there any more is not written as if it were', async () => {
    expect(await codeOf(store.writeTenant(suspendTenant(acme, 'event', NOW), acme))).toBe('write_conflict');
    expect(await table.items()).toHaveLength(1);
  });

  it('is written alone when its bindings are the same', async () => {
    await store.writeTenant(acme, undefined);
    const before = await table.items();
    const suspended = suspendTenant(acme, 'operator', NOW);
    await store.writeTenant(suspended, acme);
    await store.writeTenant(resumeTenant(suspended, ['operator'], NOW), suspended);
    const bindings = (items: typeof before) => items.filter(({ sk }) => sk !== 'tenant');
    expect(bindings(await table.items())).toEqual(bindings(before));
  });

  it('takes 20 claims of 20 issuers for 20 others and 5 issuers for 5 others in one write', async () => {
    const numbers = [...Array(40).keys()];
    for (const each of numbers) await store.writeIssuer(sharedIssuer(`https://i${each}.example`), undefined);
    const claims = numbers.map((each) => claim('a', `https://i${each}.example`));
    const issuers = numbers.slice(0, 10).map((each) => ownIssuer(`https://o${each}.example`));
    const one = definedTenant('full', { claims: claims.slice(0, 20), issuers: issuers.slice(0, 5) });
    await store.writeTenant(one, undefined);
    const other = redefined(one, { claims: claims.slice(20), issuers: issuers.slice(5) });
    await store.writeTenant(other, one);
    expect(await store.readTenant(one.tenantId)).toEqual(other);
  });
});

describe('a binding', () => {
  test.each([
    ['a claim', rival({ claims: [claim('org_1')] }), 'binding_taken'],
    ['an own issuer', rival({ issuers: [ownIssuer(OWN)] }), 'binding_taken'],
    ['a shared issuer as its own', rival({ issuers: [ownIssuer(POOL)] }), 'binding_taken'],
    ["a claim of another's own issuer", rival({ claims: [claim('x', OWN)] }), 'issuer_not_found'],
    [
      'a claim of an issuer that is not there',
      rival({ claims: [claim('x', 'https://no.example')] }),
      'issuer_not_found',
    ],
    ['a free claim beside a taken one', rival({ claims: [claim('free'), claim('org_1')] }), 'binding_taken'],
  ])("is not another tenant's: %s", async (_, globex, code) => {
    await store.writeTenant(acme, undefined);
    const before = await table.items();
    expect(await codeOf(store.writeTenant(globex, undefined))).toBe(code);
    expect(await table.items()).toEqual(before);
  });

  test.each([
    ['claim', { claims: [] }, { claims: [claim('org_1')] }],
    ['own issuer', { issuers: [] }, { issuers: [ownIssuer(OWN)] }],
  ])(
    'that is given up, a %s, opens nothing, waits for others, and not for its tenant',
    async (_, without, wanted) => {
      const has = { claims: [claim('org_1')], issuers: [ownIssuer(OWN)] };
      const first = definedTenant('acme', has);
      await store.writeTenant(first, undefined);
      const second = redefined(first, { ...has, ...without });
      await store.writeTenant(second, first);
      const found = [await registry.findTenant(byClaim('org_1')), await registry.findIssuer(OWN)];
      expect(found.filter((each) => each === undefined)).toHaveLength(1);
      pass(KEPT_SECONDS);
      const globex = rival(wanted);
      expect(await codeOf(store.writeTenant(globex, undefined))).toBe('binding_taken');
      const third = redefined(second, { ...has });
      await store.writeTenant(third, second);
      const items = await table.items();
      expect(items.some((item) => 'freeAt' in item)).toBe(false);
      const fourth = redefined(third, { ...has, ...without });
      await store.writeTenant(fourth, third);
      pass(KEPT_SECONDS + 2);
      await store.writeTenant(globex, undefined);
      expect(await codeOf(store.writeTenant(redefined(fourth, has), fourth))).toBe('binding_taken');
    },
  );

  it('of a tenant that is offboarded is given up, and the record stays', async () => {
    await store.writeTenant(acme, undefined);
    const offboarded = offboardTenant(acme, NOW);
    await store.writeTenant(offboarded, acme);
    expect(await registry.findTenant(byClaim('org_1'))).toBeUndefined();
    expect(await registry.findIssuer(OWN)).toBeUndefined();
    expect(await store.readTenant(acme.tenantId)).toEqual(offboarded);
    const globex = rival({ claims: [claim('org_1')], issuers: [ownIssuer(OWN)] });
    expect(await codeOf(store.writeTenant(globex, undefined))).toBe('binding_taken');
    pass(KEPT_SECONDS + 2);
    await store.writeTenant(globex, undefined);
    // What still happens to the tombstone takes nothing from whoever came after it.
    await store.writeTenant(revokeTenant(offboarded, NOW, NOW), offboarded);
    expect((await registry.findTenant(byClaim('org_1')))?.tenantId).toBe('globex');
  });

  it('to an own issuer follows what the definition says of it', async () => {
    await store.writeTenant(acme, undefined);
    const issuers = [{ ...ownIssuer(OWN), audience: 'https://other.example' }];
    await store.writeTenant(redefined(acme, { claims: [claim('org_1')], issuers }), acme);
    expect((await registry.findIssuer(OWN))?.audience).toBe('https://other.example');
  });

  it('is not both: an own issuer that is given up is no shared one in the same write', async () => {
    await store.writeTenant(acme, undefined);
    const next = redefined(acme, { claims: [claim('x', OWN)] });
    expect(await codeOf(store.writeTenant(next, acme))).toBe('issuer_not_found');
  });

  it("that somebody else's hand has put in its place is told, not given up", async () => {
    await store.writeTenant(acme, undefined);
    await table.put({ pk: `issuer#${POOL}`, sk: 'claim#org_1', tenantId: 'globex' });
    expect(await codeOf(store.writeTenant(offboardTenant(acme, NOW), acme))).toBe('record_invalid');
    expect(await store.readTenant(acme.tenantId)).toEqual(acme);
  });
});

describe('a shared issuer', () => {
  it('is read as it was written, and replaced by version', async () => {
    expect(await store.readIssuer(POOL)).toEqual(sharedIssuer(POOL));
    expect(await codeOf(store.writeIssuer(sharedIssuer(POOL), undefined))).toBe('write_conflict');
    const next = sharedIssuer(POOL, 2, { claim: 'org' });
    await store.writeIssuer(next, sharedIssuer(POOL));
    expect(await codeOf(store.writeIssuer(next, sharedIssuer(POOL)))).toBe('write_conflict');
    expect(await store.readIssuer(POOL)).toEqual(next);
    expect(await registry.findIssuer(POOL)).toEqual(next.issuer);
  });

  it("is not one that is a tenant's own, until that was given up long ago", async () => {
    await store.writeTenant(acme, undefined);
    expect(await store.readIssuer(OWN)).toBeUndefined();
    expect(await codeOf(store.writeIssuer(sharedIssuer(OWN), undefined))).toBe('binding_taken');
    expect(await codeOf(store.writeIssuer(sharedIssuer(OWN, 2), sharedIssuer(OWN)))).toBe('binding_taken');
    await store.writeTenant(offboardTenant(acme, NOW), acme);
    expect(await store.readIssuer(OWN)).toBeUndefined();
    expect(await codeOf(store.writeIssuer(sharedIssuer(OWN), undefined))).toBe('binding_taken');
    pass(KEPT_SECONDS + 2);
    await store.writeIssuer(sharedIssuer(OWN), undefined);
    expect((await registry.findIssuer(OWN))?.binding.kind).toBe('claim');
  });

  it('is deleted when no tenant has had a claim of it for long', async () => {
    await store.writeTenant(acme, undefined);
    expect(await codeOf(store.deleteIssuer(sharedIssuer(POOL)))).toBe('issuer_in_use');
    await store.writeTenant(redefined(acme, {}), acme);
    pass(KEPT_SECONDS);
    expect(await codeOf(store.deleteIssuer(sharedIssuer(POOL)))).toBe('issuer_in_use');
    pass(2);
    await store.deleteIssuer(sharedIssuer(POOL));
    expect(await registry.findIssuer(POOL)).toBeUndefined();
    expect(await codeOf(store.deleteIssuer(sharedIssuer(POOL)))).toBe('write_conflict');
  });

  it('of another version is not deleted', async () => {
    await store.writeIssuer(sharedIssuer(POOL, 2), sharedIssuer(POOL));
    expect(await codeOf(store.deleteIssuer(sharedIssuer(POOL)))).toBe('write_conflict');
  });

  test.each(['for the first time', 'once more'])(
    'is not deleted under a claim that is bound meanwhile, %s',
    async (time) => {
      const other = definedTenant('globex', { claims: [claim('org_2')] });
      if (time === 'once more') {
        await store.writeTenant(other, undefined);
        await store.writeTenant(offboardTenant(other, NOW), other);
        pass(KEPT_SECONDS + 2);
      }
      // Between the look for claims and the deletion.
      table.fail(async (operation) => {
        if (operation !== 'TransactWriteItems') return;
        table.fail(() => undefined);
        await store.writeTenant(acme, undefined);
      });
      expect(await codeOf(store.deleteIssuer(sharedIssuer(POOL)))).toBe('write_conflict');
      expect((await registry.findTenant(byClaim('org_1')))?.tenantId).toBe('acme');
      expect(await registry.findIssuer(POOL)).toBeDefined();
    },
  );
});

describe('a list', () => {
  const ids = ['aaa', 'bbb', 'ccc', 'ccc-1', 'ddd'];
  beforeEach(async () => {
    for (const id of [...ids].reverse()) await store.writeTenant(definedTenant(id), undefined);
  });

  it('shows what tenants are, by their ids', async () => {
    const bbb = definedTenant('bbb');
    await store.writeTenant(suspendTenant(bbb, 'operator', NOW), bbb);
    const { items, next } = await store.listTenants({ limit: 5 });
    expect(next).toBeUndefined();
    expect(items.map(({ tenantId }) => tenantId)).toEqual(ids);
    expect(items[1]).toEqual({
      tenantId: 'bbb',
      displayName: 'Acme Ltd',
      status: 'suspended',
      version: 2,
      updatedAt: NOW.toISOString(),
    });
  });

  test.each([1, 2, 3, 4])('of pages of %d leaves nothing out', async (limit) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await store.listTenants({ limit, after });
      expect(items.length).toBeLessThanOrEqual(limit);
      seen.push(...items.map(({ tenantId }) => tenantId));
      after = next;
    } while (after !== undefined);
    expect(seen).toEqual(ids);
  });

  it('of issuers holds shared ones alone', async () => {
    await store.writeTenant(acme, undefined);
    await store.writeIssuer(sharedIssuer('https://another.example'), undefined);
    expect((await store.listIssuers({ limit: 5 })).items).toEqual([
      sharedIssuer('https://another.example'),
      sharedIssuer(POOL),
    ]);
  });

  it('is not spoilt by a record that is', async () => {
    const item = (await table.items()).find(({ pk }) => pk === 'tenant#bbb');
    await table.put({ ...item, record: 'gone' });
    expect((await store.listTenants({ limit: 5 })).items).toHaveLength(5);
  });
});

describe('what somebody edited in the table', () => {
  const id = acme.tenantId;
  const stored = { pk: 'tenant#acme', sk: 'tenant', listKind: 'tenant', listName: 'acme' };
  const shared = { pk: `issuer#${POOL}`, sk: 'issuer', listKind: 'issuer', listName: POOL, version: 1 };
  const { issuer } = sharedIssuer(POOL);
  test.each<[string, Record<string, unknown>, (store: TenantStore) => Promise<unknown>]>([
    ['a record that is none', { ...stored, record: { tenantId: 'acme' } }, (each) => each.readTenant(id)],
    ['no record', stored, (each) => each.readTenant(id)],
    [
      "another tenant's record",
      { ...stored, record: definedTenant('globex') },
      (each) => each.readTenant(id),
    ],
    ['a tenant without what is listed', stored, (each) => each.listTenants({ limit: 9 })],
    [
      'a status that is none',
      { ...stored, displayName: 'x', status: 'on', version: 1, updatedAt: 'x' },
      (each) => each.listTenants({ limit: 9 }),
    ],
    ['an issuer that is none', { ...shared, record: {} }, (each) => each.readIssuer(POOL)],
    [
      "another issuer's record",
      { ...shared, record: sharedIssuer(OWN).issuer },
      (each) => each.readIssuer(POOL),
    ],
    [
      "a record of a tenant's own issuer",
      { ...shared, record: { ...issuer, binding: { kind: 'tenant', tenantId: 'acme' } } },
      (each) => each.readIssuer(POOL),
    ],
    [
      'an issuer without a version',
      { ...shared, record: issuer, version: 'one' },
      (each) => each.readIssuer(POOL),
    ],
    ['an issuer in a list', { ...shared, record: {} }, (each) => each.listIssuers({ limit: 9 })],
  ])('is refused: %s', async (_, item, read) => {
    await table.put(item);
    expect(await codeOf(read(store))).toBe('record_invalid');
  });
});

describe('the registry cannot be reached', () => {
  const unreachable = createDynamoTenantStore({
    tableName: 'registry',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x', sessionToken: 'x' },
    endpoint: 'http://127.0.0.1:1',
    clock: () => NOW,
  });

  test.each<[string, () => Promise<unknown>]>([
    ['to read a tenant', () => unreachable.readTenant(acme.tenantId)],
    ['to list', () => unreachable.listTenants({ limit: 1 })],
    ['to write a tenant', () => unreachable.writeTenant(acme, undefined)],
    ['to read an issuer', () => unreachable.readIssuer(POOL)],
    ['to write an issuer', () => unreachable.writeIssuer(sharedIssuer(POOL), undefined)],
    ['to delete an issuer', () => unreachable.deleteIssuer(sharedIssuer(POOL))],
  ])('%s', async (_, work) => {
    expect(await codeOf(work())).toBe('registry_unavailable');
  });
});
