import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createDynamoTenantRegistry } from '../../../../functions/adapters/registry/dynamo-tenant-registry.ts';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import { suspendTenant } from '../../../../functions/core/administration/tenant-changes.ts';
import { issuerOf } from '../../../../functions/core/issuer/issuer.ts';
import type { TenantRegistry } from '../../../../functions/core/ports.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type { TenantReference } from '../../../../functions/core/token/caller.ts';
import { listen } from '../../../../local/listen.ts';
import { NOW } from '../../core/sample.ts';
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
const byClaim = (value: string): TenantReference => ({ kind: 'claim', issuer: POOL, value });
const byOwn = (tenantId: string, issuer = OWN): TenantReference => ({
  kind: 'tenant',
  issuer,
  tenantId: parseTenantId(tenantId),
});

const hooli = definedTenant('hooli', {
  claims: [{ issuer: POOL, value: 'org_1' }],
  issuers: [ownIssuer(OWN)],
});
/** As somebody puts it into the table by hand. */
const tenantItem = (tenantId: string, record: unknown = definedTenant(tenantId)) => ({
  pk: `tenant#${tenantId}`,
  sk: 'tenant',
  record,
});
const claimItem = (value: string, tenantId: unknown = value) => ({
  pk: `issuer#${POOL}`,
  sk: `claim#${value}`,
  tenantId,
});
const issuerItem = (url: string, tenantId: string) => ({
  pk: `issuer#${url}`,
  sk: 'issuer',
  tenantId,
  record: issuerOf(parseTenantId(tenantId), { ...ownIssuerParsed, url }),
});

let table: DynamoRegistry;
let registry: TenantRegistry;
let store: TenantStore;

const [ownIssuerParsed = expect.unreachable()] = hooli.definition?.issuers ?? [];

beforeAll(async () => {
  table = await startDynamoRegistry();
  registry = createDynamoTenantRegistry(table.as('vend'));
  store = createDynamoTenantStore({ ...table.as('store'), clock: () => NOW });
  await store.writeIssuer(sharedIssuer(POOL), undefined);
  await store.writeTenant(hooli, undefined);
});
afterAll(() => table.close());

describe('the registry in DynamoDB', () => {
  it('finds a tenant by its claim and by its own issuer, as it was written', async () => {
    const found = await registry.findTenant(byClaim('org_1'));
    expect(found).toMatchObject({ tenantId: 'hooli', status: 'active', issuers: [OWN], profiles: ['app'] });
    expect(await registry.findTenant(byOwn('hooli'))).toEqual(found);
  });

  it('finds none where none is', async () => {
    expect(await registry.findTenant(byClaim('org_2'))).toBeUndefined();
    expect(await registry.findTenant(byOwn('nobody'))).toBeUndefined();
    expect(await registry.findIssuer('https://nobody.example')).toBeUndefined();
  });

  it('finds none where a tenant has not been defined yet', async () => {
    const { definition: _, ...record } = definedTenant('early');
    await table.put(tenantItem('early', record));
    await table.put(claimItem('early'));
    expect(await registry.findTenant(byClaim('early'))).toBeUndefined();
  });

  test.each([0, NOW.getTime() / 1000, 4_102_444_800])(
    'takes a binding that has been given up for none, free from %d on',
    async (freeAt) => {
      await table.put(
        tenantItem('left', definedTenant('left', { claims: [{ issuer: POOL, value: 'left' }] })),
      );
      await table.put({ ...claimItem('left'), freeAt });
      expect(await registry.findTenant(byClaim('left'))).toBeUndefined();
      await table.put({ ...issuerItem('https://left.example', 'left'), freeAt });
      expect(await registry.findIssuer('https://left.example')).toBeUndefined();
    },
  );

  it('takes no notice of a claim or an issuer that was given up since it was read', async () => {
    const url = 'https://brief.example';
    const claims = [{ issuer: POOL, value: 'brief' }];
    const brief = definedTenant('brief', { claims, issuers: [ownIssuer(url)] });
    await store.writeTenant(brief, undefined);
    // Between the reading of the binding and that of the record.
    let reads = 0;
    table.fail(async (operation) => {
      if (operation === 'GetItem') reads += 1;
      if (reads !== 2) return;
      table.fail(() => undefined);
      await store.writeTenant(redefined(brief, {}), brief);
    });
    expect(await registry.findTenant(byClaim('brief'))).toBeUndefined();
    expect(await registry.findTenant(byOwn('brief', url))).toBeUndefined();
  });

  const unlisted = { issuer: 'https://unlisted.example', tenantId: 'unlisted' };
  test.each<[string, TenantReference, Record<string, unknown>[]]>([
    [
      'a record that somebody edited',
      byClaim('edited'),
      [tenantItem('edited', { ...definedTenant('edited'), holds: ['nobody'] }), claimItem('edited')],
    ],
    [
      'a record of another tenant',
      byClaim('moved'),
      [
        tenantItem('moved', definedTenant('other', { claims: [{ issuer: POOL, value: 'moved' }] })),
        claimItem('moved'),
      ],
    ],
    [
      'a claim that the record does not list',
      byClaim('unlisted'),
      [tenantItem('unlisted'), claimItem('unlisted')],
    ],
    [
      'a claim that the record lists of another issuer',
      byClaim('elsewhere'),
      [
        tenantItem(
          'elsewhere',
          definedTenant('elsewhere', { claims: [{ issuer: OWN, value: 'elsewhere' }] }),
        ),
        claimItem('elsewhere'),
      ],
    ],
    [
      'an own issuer that the record does not list',
      byOwn(unlisted.tenantId, unlisted.issuer),
      [tenantItem('unlisted'), issuerItem(unlisted.issuer, unlisted.tenantId)],
    ],
    ['a binding to what is no tenant id', byClaim('star'), [claimItem('star', '*')]],
  ])('refuses %s', async (_what, reference, items) => {
    for (const item of items) await table.put(item);
    expect(await codeOf(registry.findTenant(reference))).toBe('record_invalid');
  });

  const url = 'https://a.example';
  test.each<[string, Record<string, unknown>]>([
    ['that is none', { ...issuerItem(url, 'hooli'), record: {} }],
    ['whose record names another', { ...issuerItem('https://b.example', 'hooli'), pk: `issuer#${url}` }],
    ['whose record names another tenant', { ...issuerItem(url, 'hooli'), tenantId: 'globex' }],
    ['whose record alone names a tenant', { ...issuerItem(url, 'hooli'), tenantId: 'none' }],
    ["that is shared and some tenant's", { ...issuerItem(url, 'hooli'), record: sharedIssuer(url).issuer }],
  ])('refuses an issuer %s', async (_what, item) => {
    await table.put(item);
    expect(await codeOf(registry.findIssuer(url))).toBe('record_invalid');
  });

  it('reads what was just written', async () => {
    await store.writeTenant(suspendTenant(hooli, 'operator', NOW), hooli);
    expect((await registry.findTenant(byClaim('org_1')))?.status).toBe('suspended');
  });

  it('is unavailable, not empty, when DynamoDB cannot be reached', async () => {
    const unreachable = createDynamoTenantRegistry({ ...table.as('vend'), endpoint: 'http://127.0.0.1:1' });
    expect(await codeOf(unreachable.findTenant(byClaim('org_1')))).toBe('registry_unavailable');
  });

  it('is unavailable when DynamoDB says nothing', async () => {
    const silent = createServer(() => {});
    const { url: endpoint, close } = await listen(silent, 0, 'nobody');
    const waiting = createDynamoTenantRegistry({ ...table.as('vend'), endpoint });
    expect(await codeOf(waiting.findTenant(byClaim('org_1')))).toBe('registry_unavailable');
    await close();
  });
});
