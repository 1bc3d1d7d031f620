import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { CallerIdentity } from '../../../functions/core/ports.ts';
import { createVendApp } from '../../../functions/vend/app.ts';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';

let latchkey: TestLatchkey;
const sts = vi.spyOn(STSClient.prototype, 'send');
beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => {
  sts.mockRestore();
  return latchkey.close();
});
beforeEach(() => {
  sts.mockClear();
  latchkey.audited.length = 0;
});

const asked = () => sts.mock.calls.map(([command]) => command.constructor.name);
const headers = async (claims = {}) => ({
  Authorization: `Bearer ${await latchkey.issuer.sign({ claims })}`,
});
const whoami = async (query: string, claims = {}) =>
  latchkey.request(`/whoami${query}`, { headers: await headers(claims) });

describe('GET /whoami', () => {
  it('says of each profile how and where it is vended, and asks STS nothing', async () => {
    const answer = await jsonOf(await whoami(''));
    expect(answer.profiles[0]).toMatchObject({
      name: 'app',
      method: 'assumeRole',
      route: '/credentials',
      mfa: 'none',
    });
    expect(answer).not.toHaveProperty('verified');
    expect(asked()).toEqual([]);
  });
});

describe('GET /whoami?verify=true', () => {
  test.each([
    ['the default profile', '?verify=true', 'app'],
    ['a profile by its name', '?verify=true&profile=read-only', 'read-only'],
  ])('vends %s and says whose its credentials are', async (_what, query, profile) => {
    const response = await whoami(query);
    expect(response.status).toBe(200);
    const { verified, ...rest } = await jsonOf(response);
    expect(verified).toEqual({
      profile,
      account: '111122223333',
      arn: expect.stringMatching(
        /^arn:aws:sts::111122223333:assumed-role\/latchkey-tenant\/acme\.[\w-]{15}$/,
      ),
      userId: expect.stringMatching(/^AROA\w+:acme\.[\w-]{15}$/),
    });
    const { tokenValidUntil: _, ...plain } = await jsonOf(await whoami(''));
    expect(rest).toEqual({ ...plain, tokenValidUntil: expect.stringMatching(/Z$/) });
    expect(asked()).toEqual(['AssumeRoleCommand', 'GetCallerIdentityCommand']);
    expect(latchkey.audited[0]).toMatchObject({
      operation: 'whoami',
      code: 'granted',
      profile,
      roleSessionName: verified.arn.split('/').at(-1),
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
  });

  test.each([
    ['?verify=false', 'request_invalid', /verify=true/],
    ['?verify=TRUE', 'request_invalid', /verify=true/],
    ['?verify=', 'request_invalid', /verify=true/],
    ['?verify', 'request_invalid', /verify=true/],
    ['?profile=app', 'request_invalid', /verify=true/],
    ['?verify=true&verify=true', 'request_invalid', /once/],
    ['?verify=true&verify=false', 'request_invalid', /once/],
    ['?verify=true&profile=app&profile=read-only', 'request_invalid', /once/],
    ['?verify=true&access_token=x', 'request_invalid', /verify, profile/],
    ['?access_token=x', 'request_invalid', /^the query may hold nothing here$/],
    [
      '?verify=true&access_token=x',
      'request_invalid',
      /^the query may hold each of these once: verify, profile$/,
    ],
    ['?verify=true&profile=', 'profile_not_granted', /./],
    ['?verify=true&profile=admin', 'profile_not_granted', /./],
    ['?verify=true&profile=demanding', 'insufficient_scope', /./],
  ])('with %s is %s', async (query, code, detail) => {
    const problem = await jsonOf(await whoami(query, { scope: 'vend' }));
    expect(problem).toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(latchkey.audited.map((event) => [event.operation, event.code])).toEqual([['whoami', code]]);
    expect(asked()).toEqual([]);
  });

  it('is closed to a suspended tenant', async () => {
    expect((await jsonOf(await whoami('?verify=true', { tenant: 'sleepy' }))).code).toBe('tenant_inactive');
  });

  it('fails clearly where STS says that they are somebody else’s', async () => {
    const identify = async (): Promise<CallerIdentity> => ({
      account: '111122223333',
      arn: 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant/globex.f3XkP0f3XkP0f3X',
      userId: 'AROAEXAMPLE:globex.f3XkP0f3XkP0f3X',
    });
    const app = createVendApp({ ...latchkey.functions.vending, identifier: { identify } });
    const response = await app.request('/whoami?verify=true', { headers: await headers() }, {});
    expect([response.status, (await jsonOf(response)).code]).toEqual([502, 'session_mismatch']);
    expect(latchkey.audited).toMatchObject([
      { operation: 'whoami', code: 'session_mismatch', tenantId: 'acme' },
    ]);
  });
});
