import { beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoTenantRegistry } from '../../../../functions/adapters/registry/dynamo-tenant-registry.ts';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import {
  offboardTenant,
  resumeTenant,
  suspendTenant,
} from '../../../../functions/core/administration/tenant-changes.ts';
import { ROLE_MAX_SECONDS } from '../../../../functions/core/grant/durations.ts';
import type { SamlProviders, TenantRegistry } from '../../../../functions/core/ports.ts';
import type { TenantDefinitionInput } from '../../../../functions/core/tenant/tenant-definition.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type { TenantReference } from '../../../../functions/core/token/caller.ts';
import { IDP_PAIR, OTHER_PAIR } from '../../../local/saml-test-keys.ts';
import { renderIdpMetadata } from '../../../local/sign-assertion.ts';
import { NOW } from '../../core/sample.ts';
import {
  codeOf,
  type DynamoRegistry,
  definedTenant,
  ownIssuer,
  redefined,
  startDynamoRegistry,
} from './dynamo-registry.ts';

const ENTITY_ID = 'https://idp.example/saml';
const OTHER_ID = 'urn:idp:other';
const KEPT_SECONDS = ROLE_MAX_SECONDS + 30 + 60;
const arnOf = (name: string) => `arn:aws:iam::111122223333:saml-provider/${name}`;
const by = (name: string, entityId = ENTITY_ID, certificates = [IDP_PAIR.certificate]) => ({
  samlProviders: [
    { providerArn: arnOf(name), metadata: renderIdpMetadata({ entityId, certificates }) },
  ] satisfies TenantDefinitionInput['samlProviders'],
});
const reference = (tenantId: string, issuer = ENTITY_ID): TenantReference => ({
  kind: 'tenant',
  issuer,
  tenantId: parseTenantId(tenantId),
});

let table: DynamoRegistry;
let store: TenantStore;
let registry: TenantRegistry & SamlProviders;
let now: number;
const pass = (seconds: number) => {
  now += seconds * 1000;
};

beforeEach(async () => {
  now = NOW.getTime();
  table = await startDynamoRegistry();
  store = createDynamoTenantStore({ ...table.as('store'), clock: () => new Date(now) });
  registry = createDynamoTenantRegistry(table.as('vend'));
  return () => table.close();
});

const acme = definedTenant('acme', by('acme'));
/** As somebody puts it into the table by hand. */
const providerItem = (tenantId: string, record: object = {}) => ({
  pk: `saml#${ENTITY_ID}`,
  sk: 'saml',
  tenantId,
  record: {
    entityId: ENTITY_ID,
    providerArn: arnOf('acme'),
    certificates: [IDP_PAIR.certificate],
    tenantId,
    ...record,
  },
});

describe('a SAML identity provider', () => {
  it('is found by its entityID, with its keys, and leads to its tenant', async () => {
    await store.writeTenant(acme, undefined);
    expect(await registry.findSamlProvider(ENTITY_ID)).toEqual({
      entityId: ENTITY_ID,
      providerArn: arnOf('acme'),
      certificates: [IDP_PAIR.certificate],
      tenantId: 'acme',
    });
    const tenant = await registry.findTenant(reference('acme'));
    expect(tenant).toMatchObject({ tenantId: 'acme', samlProviderArns: [arnOf('acme')] });
    expect(JSON.stringify(tenant)).not.toContain('EntityDescriptor');
    expect(await registry.findSamlProvider(OTHER_ID)).toBeUndefined();
    expect(await registry.findSamlProvider(`${ENTITY_ID}/`)).toBeUndefined();
    expect(await registry.findTenant(reference('acme', OTHER_ID))).toBeUndefined();
  });

  it('is no issuer of tokens, nor is an issuer of tokens one', async () => {
    await store.writeTenant(
      redefined(acme, { ...by('acme'), issuers: [ownIssuer(OTHER_ID.replace('urn:idp:', 'https://'))] }),
      undefined,
    );
    expect(await registry.findIssuer(ENTITY_ID)).toBeUndefined();
    expect(await registry.findSamlProvider('https://other')).toBeUndefined();
  });

  it('follows what the metadata says of it, and keeps to its tenant', async () => {
    await store.writeTenant(acme, undefined);
    const both = redefined(acme, by('acme', ENTITY_ID, [IDP_PAIR.certificate, OTHER_PAIR.certificate]));
    await store.writeTenant(both, acme);
    expect((await registry.findSamlProvider(ENTITY_ID))?.certificates).toHaveLength(2);
    const moved = redefined(both, by('acme-2'));
    await store.writeTenant(moved, both);
    expect(await registry.findSamlProvider(ENTITY_ID)).toMatchObject({
      providerArn: arnOf('acme-2'),
      certificates: [IDP_PAIR.certificate],
    });
    const renamed = redefined(moved, by('acme-2', OTHER_ID));
    await store.writeTenant(renamed, moved);
    expect(await registry.findSamlProvider(ENTITY_ID)).toBeUndefined();
    expect(await registry.findTenant(reference('acme'))).toBeUndefined();
    expect((await registry.findTenant(reference('acme', OTHER_ID)))?.tenantId).toBe('acme');
  });

  it("is not another tenant's: nothing is written", async () => {
    await store.writeTenant(acme, undefined);
    const before = await table.items();
    const failure = await store
      .writeTenant(definedTenant('globex', by('globex')), undefined)
      .catch((error) => error);
    expect([failure.code, failure.message]).toEqual([
      'binding_taken',
      expect.stringContaining(`SAML identity provider ${ENTITY_ID} is bound to another tenant`),
    ]);
    expect(await table.items()).toEqual(before);
    expect(await registry.findTenant(reference('globex'))).toBeUndefined();
  });

  it.each<[string, (record: typeof acme) => typeof acme]>([
    ['taken out of the definition', (record) => redefined(record, {})],
    ['of a tenant that is offboarded', (record) => offboardTenant(record, NOW)],
  ])('%s opens nothing, and is nobody else’s while its longest session may stand', async (_what, change) => {
    await store.writeTenant(acme, undefined);
    await store.writeTenant(change(acme), acme);
    expect(await registry.findSamlProvider(ENTITY_ID)).toBeUndefined();
    expect(await registry.findTenant(reference('acme'))).toBeUndefined();
    const globex = definedTenant('globex', by('globex'));
    pass(KEPT_SECONDS);
    expect(await codeOf(store.writeTenant(globex, undefined))).toBe('binding_taken');
    pass(2);
    await store.writeTenant(globex, undefined);
    expect((await registry.findTenant(reference('globex')))?.tenantId).toBe('globex');
  });

  it('of a tenant that is suspended stays bound, whatever its metadata is taken for by then', async () => {
    await store.writeTenant(acme, undefined);
    const [provider = expect.unreachable()] = acme.definition?.samlProviders ?? [];
    const unread = {
      ...acme,
      definition: {
        ...(acme.definition ?? expect.unreachable()),
        samlProviders: [{ ...provider, metadata: '<x/>' }],
      },
    };
    const suspended = suspendTenant(unread, 'operator', NOW);
    await store.writeTenant(suspended, unread);
    expect((await registry.findTenant(reference('acme')))?.status).toBe('suspended');
    await store.writeTenant(resumeTenant(suspended, ['operator'], NOW), suspended);
    expect(await codeOf(store.writeTenant(offboardTenant(unread, NOW), unread))).toBe('record_invalid');
  });

  it('that was given up while it was read opens nothing', async () => {
    await store.writeTenant(acme, undefined);
    // Between the reading of the record and that of the binding.
    let reads = 0;
    table.fail(async (operation) => {
      if (operation === 'GetItem') reads += 1;
      if (reads !== 2) return;
      table.fail(() => undefined);
      await store.writeTenant(redefined(acme, {}), acme);
    });
    expect(await registry.findTenant(reference('acme'))).toBeUndefined();
  });

  it('opens no tenant whose record does not name it, whatever somebody put into the table', async () => {
    await store.writeTenant(acme, undefined);
    await store.writeTenant(definedTenant('globex', by('globex', OTHER_ID)), undefined);
    await store.writeTenant(definedTenant('hooli'), undefined);
    await table.put(providerItem('globex'));
    expect(await registry.findTenant(reference('globex'))).toBeUndefined();
    expect(await registry.findTenant(reference('acme'))).toBeUndefined();
    await table.put(providerItem('hooli'));
    expect(await registry.findTenant(reference('hooli'))).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    ['is none', { ...providerItem('acme'), record: {} }],
    ['names another', providerItem('acme', { entityId: OTHER_ID })],
    ['names another tenant', { ...providerItem('acme'), tenantId: 'globex' }],
    ['has no key', providerItem('acme', { certificates: [] })],
    ['has no ARN', providerItem('acme', { providerArn: 'arn:aws:iam::111122223333:role/acme' })],
  ])('whose record %s is refused', async (_what, item) => {
    await table.put(item);
    expect(await codeOf(registry.findSamlProvider(ENTITY_ID))).toBe('record_invalid');
  });

  it('is unavailable, not none, when DynamoDB fails', async () => {
    table.fail(() => '500 before');
    expect(await codeOf(registry.findSamlProvider(ENTITY_ID))).toBe('registry_unavailable');
  });
});

it('two of two others are written with all else that a tenant may have, in one transaction', async () => {
  const many = (from: number) => ({
    issuers: [...Array(5).keys()].map((each) => ownIssuer(`https://o${from + each}.example`)),
    samlProviders: [0, 1].flatMap((each) => by(`p${from + each}`, `urn:idp:${from + each}`).samlProviders),
  });
  const one = definedTenant('full', many(0));
  await store.writeTenant(one, undefined);
  const other = redefined(one, many(10));
  await store.writeTenant(other, one);
  expect(await registry.findSamlProvider('urn:idp:0')).toBeUndefined();
  expect((await registry.findSamlProvider('urn:idp:11'))?.tenantId).toBe('full');
});
