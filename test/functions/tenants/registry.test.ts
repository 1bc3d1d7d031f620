import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoTenantStore } from '../../../functions/adapters/registry/dynamo-tenant-store.ts';
import { type DynamoRegistry, startDynamoRegistry } from '../adapters/registry/dynamo-registry.ts';
import { administrationOver } from '../core/administration/sample-administration.ts';
import { sampleTenantDefinition } from '../core/sample.ts';
import { ACTOR, operatorsOf } from './stub.ts';

const POOL = 'https://pool.example/a?b&c';
const ISSUER = `/issuers?url=${encodeURIComponent(POOL)}`;
const pool = { url: POOL, audience: 'latchkey', jwksUri: 'https://pool.example/jwks', claim: 'tenant' };
const acme = sampleTenantDefinition({ claims: [{ issuer: POOL, value: 'acme' }] });

/** The whole way from a request to the items in the table, over the local DynamoDB. */
let registry: DynamoRegistry;
let operate: ReturnType<typeof operatorsOf>;
let audited: ReturnType<typeof administrationOver>['audited'];

beforeAll(async () => {
  registry = await startDynamoRegistry();
  const store = createDynamoTenantStore({ ...registry.as('store'), clock: () => new Date() });
  const sample = administrationOver(store);
  operate = operatorsOf(sample.administration);
  audited = sample.audited;
  expect((await operate(`PUT ${ISSUER}`, { body: pool })).status).toBe(201);
});
afterAll(() => registry.close());
beforeEach(() => {
  audited.length = 0;
});

/** What becomes of the requests, one after another: status, and code or ETag. */
async function outcomes(...requests: readonly Parameters<typeof operate>[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const request of requests) {
    const { status, headers, json } = await operate(...request);
    seen.push([status, headers.get('etag') ?? json?.code ?? null]);
  }
  return seen;
}

const ifMatch = (etag: string) => ({ headers: { 'If-Match': etag } });

it('takes a tenant through its life', async () => {
  const isNew = { headers: { 'If-None-Match': '*' } };
  expect(
    await outcomes(
      ['GET /tenants/acme'],
      ['PUT /tenants/acme', { body: acme, ...isNew }],
      ['PUT /tenants/acme', { body: acme, ...isNew }],
      // The same again is no change.
      ['PUT /tenants/acme', { body: acme }],
      ['PUT /tenants/acme', { body: { ...acme, displayName: 'Acme Inc' }, ...ifMatch('"1"') }],
      ['PUT /tenants/acme', { body: acme, ...ifMatch('"1"') }],
      ['POST /tenants/acme/suspend', ifMatch('"1"')],
      ['POST /tenants/acme/suspend', ifMatch('"2"')],
      ['POST /tenants/acme/suspend'],
      ['POST /tenants/acme/resume'],
      ['POST /tenants/acme/verify'],
      ['POST /tenants/acme/revoke'],
      ['GET /tenants/acme/role-template'],
      [`DELETE ${ISSUER}`],
      ['DELETE /tenants/acme', ifMatch('"1"')],
    ),
  ).toEqual([
    [404, 'tenant_not_found'],
    [201, '"1"'],
    [412, 'precondition_failed'],
    [200, '"1"'],
    [200, '"2"'],
    [412, 'precondition_failed'],
    [412, 'precondition_failed'],
    [200, '"3"'],
    [200, '"3"'],
    [200, '"4"'],
    [200, null],
    [200, null],
    [200, null],
    [409, 'issuer_in_use'],
    [412, 'precondition_failed'],
  ]);
  const { json } = await operate('DELETE /tenants/acme');
  expect(json).toMatchObject({ status: 'offboarded', displayName: 'Acme Inc', tenantId: 'acme' });
  expect((await operate('GET /tenants/acme')).json).toEqual(json);
  expect(
    await outcomes(
      ['PUT /tenants/acme', { body: acme }],
      ['PUT /tenants/acme', { body: json }],
      ['POST /tenants/acme/resume'],
      ['GET /tenants/acme/role-template'],
    ),
  ).toEqual(Array(4).fill([409, 'tenant_offboarded']));
});

it('takes back what it has answered, and only as long as that is so', async () => {
  await operate('PUT /tenants/globex', { body: sampleTenantDefinition({ displayName: 'Globex' }) });
  const { json } = await operate('GET /tenants/globex');
  const renamed = { ...json, displayName: 'Globex Inc' };
  const [first, second] = await Promise.all([
    operate('PUT /tenants/globex', { body: renamed }),
    operate('PUT /tenants/globex', { body: { ...renamed, displayName: 'Globex Ltd' } }),
  ]);
  // Which of the two comes first is not said; the other one may not have seen that.
  expect([first.status, second.status].toSorted()[0]).toBe(200);
  expect([409, 412]).toContain([first.status, second.status].toSorted()[1]);
  const late = await operate('PUT /tenants/globex', { body: renamed });
  expect([late.status, late.json.code]).toEqual([412, 'precondition_failed']);
});

it('does the same with issuers', async () => {
  const { json } = await operate(`GET ${ISSUER}`);
  expect(json).toMatchObject({ ...pool, version: 1, algorithms: ['RS256', 'ES256'] });
  const other = 'https://other.example';
  const OTHER = `/issuers?url=${other}`;
  expect(
    await outcomes(
      [`PUT ${ISSUER}`, { body: json }],
      [`PUT ${ISSUER}`, { body: { ...json, clockSkewSeconds: 10 } }],
      [`PUT ${ISSUER}`, { body: json }],
      [`PUT ${ISSUER}`, { body: pool, ...ifMatch('"1"') }],
      [`PUT ${OTHER}`, { body: { ...pool, url: other } }],
      [`DELETE ${OTHER}`, ifMatch('"2"')],
      [`DELETE ${OTHER}`, ifMatch('"1"')],
      [`GET ${OTHER}`],
      [`DELETE ${OTHER}`],
    ),
  ).toEqual([
    [200, '"1"'],
    [200, '"2"'],
    [412, 'precondition_failed'],
    [412, 'precondition_failed'],
    [201, '"1"'],
    [412, 'precondition_failed'],
    [204, null],
    [404, 'issuer_not_found'],
    [404, 'issuer_not_found'],
  ]);
});

it('lists in parts, without one twice or one left out', async () => {
  for (const id of ['list-a', 'list-b', 'list-c'])
    await operate(`PUT /tenants/${id}`, { body: sampleTenantDefinition() });
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const { json } = await operate(`GET /tenants?limit=1${after === undefined ? '' : `&after=${after}`}`);
    seen.push(...json.items.map(({ tenantId }: { tenantId: string }) => tenantId));
    after = json.next;
  } while (after !== undefined && seen.length < 20);
  expect(seen).toEqual(['acme', 'globex', 'list-a', 'list-b', 'list-c']);
});

describe('names the field that is wrong', () => {
  test.each([
    [{ displayName: undefined }, ['/displayName']],
    [{ displayName: '', defaultProfile: 7 }, ['/displayName', '/defaultProfile']],
    [{ defaultProfile: 'other' }, ['/defaultProfile']],
    [{ attributes: { 'a/b': 'x' } }, ['/attributes/a~1b']],
    [{ limits: { vendsPerSecond: 0 } }, ['/limits/vendsPerSecond']],
    [{ issuers: [{ url: 'https://a.example', audience: 'a' }] }, ['/issuers/0/jwksUri']],
    [{ plan: 'gold' }, ['']],
  ])('%j', async (changes, pointers) => {
    const body = { ...sampleTenantDefinition(), ...changes };
    const { status, json } = await operate('PUT /tenants/initech', { body });
    expect([status, json.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([400, pointers]);
    expect((await operate('GET /tenants/initech')).status).toBe(404);
  });
});

it('binds no claim twice', async () => {
  const claims = [{ issuer: POOL, value: 'umbrella' }];
  expect(
    await outcomes(
      ['PUT /tenants/umbrella', { body: sampleTenantDefinition({ claims }) }],
      ['PUT /tenants/hydra', { body: sampleTenantDefinition({ claims }) }],
      ['GET /tenants/hydra'],
      [
        'PUT /tenants/hydra',
        { body: sampleTenantDefinition({ claims: [{ issuer: 'https://nobody', value: 'x' }] }) },
      ],
    ),
  ).toEqual([
    [201, '"1"'],
    [409, 'binding_taken'],
    [404, 'tenant_not_found'],
    [404, 'issuer_not_found'],
  ]);
});

it('leaves an audit event that names who did it', async () => {
  await operate('POST /tenants/nobody/suspend');
  expect(audited).toEqual([
    expect.objectContaining({
      operation: 'tenant.suspend',
      code: 'tenant_not_found',
      vendId: 'request-1',
      actor: ACTOR,
      tenantId: 'nobody',
    }),
  ]);
});
