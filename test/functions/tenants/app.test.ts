import { handle } from 'hono/aws-lambda';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type * as z from 'zod/mini';
import { parse } from 'zod/mini';
import { apiGatewayEvent } from '../../../bench/api-gateway-event.ts';
import * as answers from '../../../functions/tenants/answers.ts';
import { createTenantsApp } from '../../../functions/tenants/app.ts';
import { previewAnswer } from '../../../functions/tenants/preview-answers.ts';
import {
  ACTOR,
  callsOf,
  definition,
  ISSUER,
  ISSUER_URL,
  issuer,
  issuerRecord,
  type OperatorRequest,
  operatorsOf,
  stubAdministration,
  tenantRecord,
} from './stub.ts';

const ACT = { requestId: 'request-1', actor: ACTOR };

let administration: ReturnType<typeof stubAdministration>;
let operate: ReturnType<typeof operatorsOf>;
beforeEach(() => {
  administration = stubAdministration();
  operate = operatorsOf(administration);
});

type Done = readonly [
  route: string,
  request: OperatorRequest,
  status: number,
  etag: string | null,
  calls: readonly (readonly unknown[])[],
  schema?: z.ZodMiniType,
];

const DONE: readonly Done[] = [
  ['GET /tenants', {}, 200, null, [['listTenants', { limit: 50, after: undefined }]], answers.tenantList],
  ['GET /tenants?limit=100&after=acme', {}, 200, null, [['listTenants', { limit: 100, after: 'acme' }]]],
  ['GET /tenants/acme', {}, 200, '"7"', [['getTenant', 'acme']], answers.tenantAnswer],
  ['GET /tenants/acme', { headers: { 'If-None-Match': '"6"' } }, 200, '"7"', [['getTenant', 'acme']]],
  ['GET /tenants/acme', { headers: { 'If-None-Match': '"7"' } }, 304, '"7"', [['getTenant', 'acme']]],
  [
    'PUT /tenants/acme',
    { body: definition },
    200,
    '"7"',
    [['putTenant', 'acme', definition, 'any']],
    answers.tenantAnswer,
  ],
  [
    'PUT /tenants/acme',
    { body: definition, headers: { 'If-Match': '"6"' } },
    200,
    '"7"',
    [['putTenant', 'acme', definition, 6]],
  ],
  [
    'PUT /tenants/acme',
    { body: definition, headers: { 'If-None-Match': '*' } },
    200,
    '"7"',
    [['putTenant', 'acme', definition, 'absent']],
  ],
  [
    'PUT /tenants/acme',
    { body: { ...definition, tenantId: 'acme' } },
    200,
    '"7"',
    [['putTenant', 'acme', definition, 'any']],
  ],
  [
    'PUT /tenants/acme',
    { body: definition, headers: { 'Content-Type': 'Application/JSON; charset=utf-8' } },
    200,
    '"7"',
    [['putTenant', 'acme', definition, 'any']],
  ],
  ['DELETE /tenants/acme', {}, 200, '"7"', [['offboardTenant', 'acme', 'any']], answers.tenantAnswer],
  ['DELETE /tenants/acme', { headers: { 'If-Match': '"7"' } }, 200, '"7"', [['offboardTenant', 'acme', 7]]],
  ['POST /tenants/acme/suspend', {}, 200, '"7"', [['suspendTenant', 'acme', 'any']], answers.tenantAnswer],
  [
    'POST /tenants/acme/suspend',
    { headers: { 'If-Match': '"7"' } },
    200,
    '"7"',
    [['suspendTenant', 'acme', 7]],
  ],
  ['POST /tenants/acme/resume', {}, 200, '"7"', [['resumeTenant', 'acme', 'any']], answers.tenantAnswer],
  [
    'POST /tenants/acme/resume',
    { headers: { 'If-Match': '"7"' } },
    200,
    '"7"',
    [['resumeTenant', 'acme', 7]],
  ],
  ['POST /tenants/acme/revoke', {}, 200, null, [['revokeSessions', 'acme']], answers.revocationAnswer],
  ['POST /tenants/acme/verify', {}, 200, null, [['verifyTenant', 'acme']], answers.verificationAnswer],
  [
    'POST /tenants/acme/preview',
    { body: { diff: true } },
    200,
    null,
    [['previewTenant', 'acme', { diff: true }]],
    previewAnswer,
  ],
  ['GET /tenants/acme/role-template', {}, 200, null, [['roleTemplate', 'acme']], answers.roleTemplateAnswer],
  ['GET /issuers', {}, 200, null, [['listIssuers', { limit: 50, after: undefined }]], answers.issuerList],
  [
    'GET /issuers?limit=1&after=https%3A%2F%2Fa',
    {},
    200,
    null,
    [['listIssuers', { limit: 1, after: 'https://a' }]],
  ],
  [`GET ${ISSUER}`, {}, 200, '"4"', [['getIssuer', ISSUER_URL]], answers.issuerAnswer],
  [`GET ${ISSUER}`, { headers: { 'If-None-Match': '"4"' } }, 304, '"4"', [['getIssuer', ISSUER_URL]]],
  [`PUT ${ISSUER}`, { body: issuer }, 200, '"4"', [['putIssuer', issuer, 'any']], answers.issuerAnswer],
  [`PUT ${ISSUER}`, { body: issuer, headers: { 'If-Match': '"4"' } }, 200, '"4"', [['putIssuer', issuer, 4]]],
  [`DELETE ${ISSUER}`, {}, 204, null, [['deleteIssuer', ISSUER_URL, 'any']]],
  [`DELETE ${ISSUER}`, { headers: { 'If-Match': '"4"' } }, 204, null, [['deleteIssuer', ISSUER_URL, 4]]],
  ['GET /openapi.json', {}, 200, null, []],
];

const named = DONE.map(([route, request, status, ...rest]) => ({ route, request, status, rest }));

test.each(named)(
  '$route $request → $status',
  async ({ route, request, status, rest: [etag, made, schema] }) => {
    const answer = await operate(route, request);
    expect([answer.status, answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([
      status,
      etag,
      'no-store',
    ]);
    expect(callsOf(administration)).toEqual(made);
    const acts = Object.values(administration).flatMap(({ mock }) => mock.calls.map(([act]) => act));
    expect(acts).toEqual(made.map(() => ACT));
    // The document says all that is answered, and nothing that is not.
    if (schema !== undefined) expect(parse(schema, answer.json)).toEqual(answer.json);
    if (status === 204 || status === 304) expect(answer.text).toBe('');
  },
);

describe('what is answered', () => {
  it('of a tenant is flat, and nothing of events', async () => {
    administration.getTenant.mockResolvedValue(
      tenantRecord({ holds: ['event'], inactiveSince: '2026-11-22T10:00:00.000Z' }),
    );
    expect((await operate('GET /tenants/acme')).json).toEqual({
      tenantId: 'acme',
      status: 'suspended',
      holds: ['event'],
      displayName: 'Acme',
      issuers: [],
      claims: [],
      samlProviders: [],
      attributes: { plan: 'gold' },
      profiles: ['app'],
      defaultProfile: 'app',
      ownProfiles: [],
      roles: {},
      limits: {},
      externalId: 'x'.repeat(43),
      version: 7,
      createdAt: '2026-11-21T10:00:00.000Z',
      updatedAt: '2026-11-22T10:00:00.000Z',
      inactiveSince: '2026-11-22T10:00:00.000Z',
    });
  });

  it.each([
    ['PUT /tenants/acme', definition, 'https://api.example/v1/tenants/acme'],
    [`PUT ${ISSUER}`, issuer, `https://api.example/v1${ISSUER}`],
  ])(
    'to a %s that creates is 201 with a Location that resolves behind a stage',
    async (route, body, location) => {
      administration.putTenant.mockResolvedValue({ record: tenantRecord(), created: true });
      administration.putIssuer.mockResolvedValue({ record: issuerRecord, created: true });
      const { status, headers } = await operate(route, { body });
      const target = new URL(`https://api.example/v1${route.split(' ')[1]}`);
      expect([status, new URL(headers.get('location') ?? '', target).href]).toEqual([201, location]);
    },
  );

  it('in a list ends with a part that names no next one', async () => {
    administration.listTenants.mockResolvedValue({ items: [], next: undefined });
    expect((await operate('GET /tenants')).json).toEqual({ items: [] });
  });

  it('of a role template has no link where no bucket hosts templates', async () => {
    const template = await administration.roleTemplate(ACT, 'acme' as never);
    administration.roleTemplate.mockResolvedValue({ ...template, quickCreate: undefined });
    expect((await operate('GET /tenants/acme/role-template')).json).not.toHaveProperty('quickCreate');
  });
});

describe("behind API Gateway's events", () => {
  const call = (userArn: string | null) => {
    const event = apiGatewayEvent('GET', '/issuers');
    const identity = { ...event.requestContext.identity, userArn };
    return handle(createTenantsApp(administration))({
      ...event,
      requestContext: { ...event.requestContext, identity },
      multiValueQueryStringParameters: { url: [ISSUER_URL] },
    } as never);
  };

  it('acts for whom IAM has authorised', async () => {
    expect(await call(ACTOR)).toMatchObject({ statusCode: 200, multiValueHeaders: { etag: ['"4"'] } });
    expect(administration.getIssuer.mock.calls).toEqual([
      [{ requestId: 'UXaMpLeFiAMFxJg=', actor: ACTOR }, ISSUER_URL],
    ]);
  });

  it('refuses whom nothing has authorised', async () => {
    expect(await call(null)).toMatchObject({ statusCode: 403 });
    expect(administration.getIssuer).not.toHaveBeenCalled();
  });

  it('refuses a request that did not come through it', async () => {
    expect((await createTenantsApp(administration).request('/tenants')).status).toBe(403);
  });
});
