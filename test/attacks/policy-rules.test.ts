import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jsonOf } from '../latchkey.ts';
import { assertBounded, assertOpensOnlyOwn } from './assert-bounded.ts';
import type { Forgery } from './forge-token.ts';
import { putTenantAnswer } from './operate.ts';
import { BOUNDED, UNBOUNDED } from './profile-statements.ts';
import { type Presentation, startTarget, type Target } from './target.ts';

const json = { 'Content-Type': 'application/json' };

/** Rules 3, 4 and 6 are held against every value in policy-values.test.ts, and against every vend by `assertBounded`. */
let target: Target;
beforeAll(async () => {
  target = await startTarget('http', { other: {} });
});
afterAll(() => target.close());
beforeEach(() => target.reset());

const inputs = () => target.sts.mock.calls.map(([{ input }]) => input as AssumeRoleCommandInput);
const vend = async (forgery: Forgery = {}, issuer?: string, presentation?: Presentation) =>
  jsonOf(await target.present(target.token(forgery, issuer), presentation));

describe('rule 1: the tenant is that of the registry, by issuer and claim', () => {
  test.each<[what: string, presentation: Presentation]>([
    ['headers', { headers: { 'X-Tenant-Id': 'globex', 'X-Amz-Tenant': 'globex', Tenant: 'globex' } }],
    ['a forwarded host', { headers: { 'X-Forwarded-Host': 'globex.latchkey.example' } }],
  ])('not that of %s', async (_what, presentation) => {
    const answer = await vend({}, undefined, presentation);
    assertBounded(target, 'acme');
    await assertOpensOnlyOwn(target, answer, 'acme');
  });

  test.each(['tenantId', 'tenant', 'TenantId', 'tags', 'policy', 'roleArn'])(
    'not that of the body: %s',
    async (name) => {
      const body = JSON.stringify({ [name]: 'globex' });
      const answer = await vend({}, undefined, { headers: json, body });
      expect([answer.code, target.opened()]).toEqual(['request_invalid', 0]);
    },
  );

  test('not that of the path or the query', async () => {
    for (const path of ['/credentials/globex', '/tenants/globex/credentials'])
      expect((await vend({}, undefined, { path })).code).toBe('not_found');
    expect((await vend({}, undefined, { path: '/credentials?tenant=globex' })).code).toBe('request_invalid');
    expect(target.opened()).toBe(0);
  });

  test('not that of claims beside the one of the binding', async () => {
    const tags = { 'https://aws.amazon.com/tags': { principal_tags: { TenantId: ['globex'] } } };
    await vend({ claims: { tenantId: 'globex', TenantId: 'globex', Tenant: 'globex', ...tags } });
    assertBounded(target, 'acme');
    expect(inputs()[0]?.Tags).toEqual([{ Key: 'TenantId', Value: 'acme' }]);
  });

  test('an issuer of one tenant speaks for no other', async () => {
    expect((await vend({ claims: { tenant: 'acme' } }, 'own')).tenantId).toBe('initech');
    assertBounded(target, 'initech');
  });

  test('one claim means another tenant, or none, at another issuer', async () => {
    expect((await vend({ claims: { tenant: 'acme' } }, 'other')).code).toBe('tenant_unknown');
    expect((await vend({ claims: { tenant: 'umbra' } })).code).toBe('tenant_unknown');
    expect(target.opened()).toBe(0);
  });
});

describe('rules 2 and 7: ids and session names', () => {
  test.each([
    'ac',
    'a'.repeat(49),
    '-acme',
    'acme-',
    'Acme',
    'acme*',
    'acme/x',
    'acme:x',
    'acme#x',
    'acme$',
    'acm\u00e9',
    'acme ',
    'acme.prod',
    'acme_prod',
    'latchkey-probe',
  ])('%j is no id, and is not made into one', async (id) => {
    const response = await putTenantAnswer(target, id, {});
    expect([400, 404]).toContain(response.status);
  });

  test('two callers whose names begin alike have two session names, within the limit', async () => {
    const longest = 'x'.repeat(255);
    for (const end of ['a', 'b']) await vend({ claims: { sub: longest + end } });
    const names = inputs().map(({ RoleSessionName = '' }) => RoleSessionName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
  });

  test('one name at two issuers, and a name that is moved over the border to the issuer, are two callers', async () => {
    await vend({ claims: { tenant: 'umbra', sub: 'x' } }, 'other');
    await vend({ claims: { sub: 'x' } });
    await vend({ claims: { sub: `","x` } });
    const digests = inputs().map(({ RoleSessionName = '' }) => RoleSessionName.split('.')[1]);
    expect(new Set(digests).size).toBe(3);
  });
});

describe('rules 4 and 5: a profile that is not bounded to the tenant is not stored', () => {
  const put = async (statement: object) => {
    const policy = { Version: '2012-10-17', Statement: [statement] };
    const own = { name: 'own', description: 'own', roleArn: '{{resources.tenantRoleArn}}', policy };
    const scope = { place: { description: 'any', pattern: '[a-z]+', example: 'a' } };
    const definition = { profiles: ['own'], defaultProfile: 'own', ownProfiles: [{ ...own, scope }] };
    const id = `ruled-${crypto.randomUUID().slice(0, 8)}`;
    const response = await putTenantAnswer(target, id, { ...definition, attributes: { a: 'x' } });
    const { code, errors } = await jsonOf(response);
    return [response.status, code, errors?.[0]?.pointer];
  };

  test.each(BOUNDED)('%s is', async (_what, statement) => {
    expect((await put(statement))[0]).toBe(201);
  });

  test.each(UNBOUNDED)('%s is not', async (_what, statement) => {
    // Of the profiles: by their form already. Of one of them would be the proof, which is made next.
    expect(await put(statement)).toEqual([400, 'request_invalid', '/ownProfiles']);
  });
});

describe('rule 8: what is remembered is remembered of one caller', () => {
  const forgeries: readonly [Forgery, string | undefined, string][] = [
    [{ claims: { sub: 'x', jti: 'one', tenant: 'acme' } }, undefined, 'acme'],
    [{ claims: { sub: 'x', jti: 'one', tenant: 'globex' } }, undefined, 'globex'],
    [{ claims: { sub: 'x', jti: 'one' } }, 'own', 'initech'],
    [{ claims: { sub: 'x', jti: 'one' } }, 'other', 'umbra'],
  ];

  test('two tokens that differ in one claim, one after the other and together, again and again', async () => {
    const tokens = forgeries.map(([forgery, issuer]) => target.token(forgery, issuer));
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(tokens.map((token) => target.present(token).then(jsonOf)));
      expect(answers.map(({ tenantId }) => tenantId)).toEqual(forgeries.map(([, , tenant]) => tenant));
    }
  });

  test('a token that is known with one byte of its signature changed', async () => {
    const token = target.token();
    await target.prepare(target.present(token));
    for (const at of [-300, -100, -10]) {
      const other = token.at(at) === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      expect((await jsonOf(await target.present(changed))).code).toBe('token_invalid');
    }
    expect(target.opened()).toBe(0);
  });
});
