import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createDynamoTenantRegistry } from '../../../functions/adapters/dynamo-tenant-registry.ts';
import {
  createDynamoTenantWriter,
  type TenantWriter,
} from '../../../functions/adapters/dynamo-tenant-writer.ts';
import type { TenantReference } from '../../../functions/core/caller.ts';
import type { TenantRegistry } from '../../../functions/core/ports.ts';
import type { TenantRecord } from '../../../functions/core/tenant.ts';
import { REGION, REGISTRY_TABLE } from '../../../local/account.ts';
import { listen } from '../../../local/listen.ts';
import { type LocalLatchkey, startLocal } from '../../../local/start.ts';

const ISSUER = 'https://issuer.example';
const record: TenantRecord = {
  tenantId: 'hooli',
  displayName: 'Hooli',
  claims: [{ issuer: ISSUER, value: 'org_1' }],
  profiles: ['app'],
  defaultProfile: 'app',
};
const byClaim = (value: string): TenantReference => ({ kind: 'claim', issuer: ISSUER, value });

let local: LocalLatchkey;
let registry: TenantRegistry;
let writer: TenantWriter;
let put: (item: Record<string, unknown>) => Promise<unknown>;

beforeAll(async () => {
  local = await startLocal({
    port: 0,
    profileDefinitions: [],
    auditLog: { record: () => {} },
    log: () => {},
  });
  const common = { tableName: REGISTRY_TABLE, region: REGION, endpoint: local.aws.dynamodb };
  registry = createDynamoTenantRegistry({ ...common, credentials: local.aws.functionCredentials });
  writer = createDynamoTenantWriter({ ...common, credentials: local.aws.operatorCredentials });
  const client = new DynamoDBClient({
    region: REGION,
    endpoint: local.aws.dynamodb,
    credentials: local.aws.operatorCredentials,
  });
  const documents = DynamoDBDocumentClient.from(client);
  put = (Item) => documents.send(new PutCommand({ TableName: REGISTRY_TABLE, Item }));
  await writer.putTenant(record);
});
afterAll(() => local.close());

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    ({ code }) => code,
  );

describe('the registry in DynamoDB', () => {
  it('finds a tenant by its claim and by its id, as it was written', async () => {
    const tenant = {
      ...record,
      status: 'active',
      attributes: {},
      roles: {},
      maximumDurationSeconds: undefined,
    };
    expect(await registry.findTenant(byClaim('org_1'))).toEqual(tenant);
    expect(await registry.findTenant({ kind: 'tenant', tenantId: tenant.tenantId as never })).toEqual(tenant);
  });

  it('finds none where none is', async () => {
    expect(await registry.findTenant(byClaim('org_2'))).toBeUndefined();
    expect(await registry.findIssuer('https://nobody.example')).toBeUndefined();
  });

  it('does not let a second tenant have a claim', async () => {
    await expect(writer.putTenant({ ...record, tenantId: 'pied-piper' })).rejects.toThrow(
      'bound to another tenant',
    );
    expect(await registry.findTenant({ kind: 'tenant', tenantId: 'pied-piper' as never })).toBeUndefined();
    expect((await registry.findTenant(byClaim('org_1')))?.tenantId).toBe('hooli');
  });

  test.each([
    ['a tenant whose id is none', { ...record, tenantId: 'Hooli/*' }],
    ['a default profile that is not granted', { ...record, defaultProfile: 'admin' }],
    [
      'an external id that is too short',
      { ...record, roles: { app: { roleArn: 'arn:aws:iam::444455556666:role/x', externalId: 'x' } } },
    ],
    ['a role that is none', { ...record, roles: { app: { roleArn: '*', externalId: 'xy' } } }],
    ['an unknown member', { ...record, admin: true }],
    [
      'an unknown member of a claim',
      { ...record, claims: [{ issuer: ISSUER, value: 'org_1', admin: true }] },
    ],
  ])('does not write %s', async (_what, wrong) => {
    await expect(writer.putTenant(wrong)).rejects.toThrow(/^tenant/);
  });

  test.each<[string, string, Record<string, unknown>[]]>([
    [
      'a record that somebody edited',
      'edited',
      [{ pk: 'tenant#edited', sk: 'tenant', record: { ...record, tenantId: 'edited', profiles: [] } }],
    ],
    [
      'a record of another tenant',
      'moved',
      [
        {
          pk: 'tenant#moved',
          sk: 'tenant',
          record: { ...record, tenantId: 'hooli', claims: [{ issuer: ISSUER, value: 'moved' }] },
        },
      ],
    ],
    [
      'a record that does not list the claim',
      'unlisted',
      [{ pk: 'tenant#unlisted', sk: 'tenant', record: { ...record, tenantId: 'unlisted', claims: [] } }],
    ],
  ])('refuses %s', async (_what, tenantId, items) => {
    for (const item of items) await put(item);
    await put({ pk: `issuer#${ISSUER}`, sk: `claim#${tenantId}`, tenantId });
    expect(await codeOf(registry.findTenant(byClaim(tenantId)))).toBe('record_invalid');
  });

  it('refuses a binding to what is no tenant id', async () => {
    await put({ pk: `issuer#${ISSUER}`, sk: 'claim#star', tenantId: '*' });
    expect(await codeOf(registry.findTenant(byClaim('star')))).toBe('record_invalid');
  });

  it('refuses an issuer whose record names another', async () => {
    await put({
      pk: 'issuer#https://a.example',
      sk: 'issuer',
      record: {
        url: 'https://b.example',
        audience: 'x',
        jwksUri: 'https://b.example/jwks',
        binding: { kind: 'claim', claim: 'tenant' },
      },
    });
    expect(await codeOf(registry.findIssuer('https://a.example'))).toBe('record_invalid');
  });

  it('is unavailable, not empty, when DynamoDB cannot be reached', async () => {
    expect(await codeOf(registryAt('http://127.0.0.1:1').findTenant(byClaim('org_1')))).toBe(
      'registry_unavailable',
    );
  });

  it('is unavailable when DynamoDB says nothing', async () => {
    const silent = createServer(() => {});
    const { url, close } = await listen(silent, 0, 'nobody');
    expect(await codeOf(registryAt(url).findTenant(byClaim('org_1')))).toBe('registry_unavailable');
    await close();
  });

  it('does not take a failure to write for a claim that is bound', async () => {
    const unreachable = createDynamoTenantWriter({ ...common(), endpoint: 'http://127.0.0.1:1' });
    await expect(unreachable.putTenant(record)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

const common = () => ({
  tableName: REGISTRY_TABLE,
  region: REGION,
  credentials: local.aws.functionCredentials,
});
const registryAt = (endpoint: string) => createDynamoTenantRegistry({ ...common(), endpoint });
