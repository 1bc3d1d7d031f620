import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { RESOURCES as LOCAL_RESOURCES } from '../../../local/account.ts';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';
import { ACME, sampleAdministration } from '../core/administration/sample-administration.ts';
import { RESOURCES, sampleDefinition, sampleTenantDefinition } from '../core/sample.ts';
import { type OperatorRequest, operatorsOf } from './stub.ts';

const ROUTE = 'POST /tenants/acme/preview';
const own = { action: 's3:GetObject', resource: `${RESOURCES.tenantBucketArn}/acme/a` };

let sample: ReturnType<typeof sampleAdministration>;
let operate: ReturnType<typeof operatorsOf>;
beforeEach(async () => {
  sample = sampleAdministration();
  const act = { requestId: 'r', actor: 'a' };
  await sample.administration.putTenant(act, ACME, sampleTenantDefinition(), 'any');
  sample.audited.length = 0;
  sample.announced.length = 0;
  operate = operatorsOf(sample.administration);
});

describe('POST /tenants/{tenantId}/preview', () => {
  it('answers the grant and the verdicts, and vends, writes and tells nothing', async () => {
    const before = await sample.store.readTenant(ACME);
    const { status, json, headers } = await operate(ROUTE, { body: { requests: [own] } });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toMatchObject({
      tenantId: 'acme',
      status: 'active',
      roleArn: RESOURCES.tenantRoleArn,
      requests: [{ ...own, effect: 'allowed' }],
    });
    expect(await sample.store.readTenant(ACME)).toEqual(before);
    expect(sample.announced).toEqual([]);
  });

  it('leaves one event', async () => {
    await operate(ROUTE, { body: {} });
    await operate(ROUTE, { body: { profile: 'nope' } });
    expect(sample.audited).toMatchObject([
      {
        operation: 'tenant.preview',
        code: 'granted',
        tenantId: 'acme',
        version: 1,
        profile: 'app',
        roleArn: RESOURCES.tenantRoleArn,
      },
      { operation: 'tenant.preview', code: 'profile_not_granted', tenantId: 'acme', version: 1 },
    ]);
  });

  test.each<[string, string, OperatorRequest, number, string, RegExp]>([
    [
      'a tenant that there is not',
      'POST /tenants/globex/preview',
      { body: {} },
      404,
      'tenant_not_found',
      /./,
    ],
    ['no body', ROUTE, {}, 415, 'media_type_unsupported', /./],
    ['a query', `${ROUTE}?x=1`, { body: {} }, 400, 'request_invalid', /query/],
    [
      'a precondition',
      ROUTE,
      { body: {}, headers: { 'If-Match': '"1"' } },
      400,
      'request_invalid',
      /If-Match/,
    ],
    ['a member that there is not', ROUTE, { body: { nope: 1 } }, 400, 'request_invalid', /nope/],
    [
      'a member twice',
      ROUTE,
      { body: '{"diff":false,"diff":true}', headers: { 'Content-Type': 'application/json' } },
      400,
      'request_invalid',
      /twice/,
    ],
    [
      'what the profile does not allow',
      ROUTE,
      { body: { durationSeconds: 7200 } },
      400,
      'duration_out_of_range',
      /one hour/,
    ],
    [
      'a profile that cannot be rendered, with its cause',
      ROUTE,
      { body: { profileDefinition: sampleDefinition({ tags: { Plan: '{{tenant.attributes.plan}}' } }) } },
      500,
      'policy_unrenderable',
      /no value for \{\{tenant.attributes.plan/,
    ],
  ])('refuses %s', async (_what, route, request, status, code, detail) => {
    const answer = await operate(route, request);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.json.detail).toMatch(detail);
  });

  it('points to every member that is wrong', async () => {
    const { json } = await operate(ROUTE, { body: { requests: [{ action: 's3:*', resource: 'x' }] } });
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/requests/0/action',
      '/requests/0/resource',
    ]);
  });
});

/** Held against what the local AWS makes of a real vend. */
describe('a preview over the deployed profiles', () => {
  let latchkey: TestLatchkey;
  beforeAll(async () => {
    latchkey = await startTestLatchkey();
  });
  afterAll(() => latchkey.close());

  it('is what is vended then', async () => {
    const operators = operatorsOf(latchkey.functions.administration);
    const token = await latchkey.issuer.sign({ claims: { sub: 'jo' } });
    const vended = await jsonOf(await latchkey.vend(token, { scope: { folder: 'reports/' } }));
    const { json } = await operators(ROUTE, {
      body: { scope: { folder: 'reports/' }, claims: { subject: 'jo', issuer: latchkey.issuer.url } },
    });
    expect(json).toMatchObject({
      profile: vended.profile,
      sourceIdentity: vended.sourceIdentity,
      packedPolicyPercent: vended.packedPolicySize,
      roleArn: LOCAL_RESOURCES.tenantRoleArn,
    });
    expect(vended.assumedRoleUser.arn).toMatch(new RegExp(`/${json.roleSessionName}$`));
    expect(
      Object.fromEntries(json.tags.map(({ key, value }: Record<string, string>) => [key, value])),
    ).toEqual(vended.sessionTags);
  });

  it('previews who is suspended as if active', async () => {
    const operators = operatorsOf(latchkey.functions.administration);
    const { json } = await operators('POST /tenants/sleepy/preview', { body: {} });
    expect(json).toMatchObject({ status: 'suspended', profile: 'app', granted: true });
  });
});
