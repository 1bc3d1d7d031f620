import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { createVendApp } from '../../../functions/vend/app.ts';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';
import { wireVending } from '../../../functions/vend/wiring.ts';
import { vendVariables } from '../../../local/function-variables.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
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

type Ask = (path: string, init: RequestInit) => Response | Promise<Response>;

async function open(body?: unknown, ask: Ask = latchkey.request, claims = {}) {
  const Authorization = `Bearer ${await latchkey.issuer.sign({ claims })}`;
  return ask('/console-session', {
    method: 'POST',
    headers: { Authorization, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe('POST /console-session', () => {
  it('answers with a link that signs in as the tenant, and nothing else that is secret', async () => {
    const response = await open();
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const answer = await jsonOf(response);
    expect(answer).toEqual({
      vendId: latchkey.audited[0]?.vendId,
      tenantId: 'acme',
      profile: 'app',
      assumedRoleUser: {
        arn: expect.stringMatching(/assumed-role\/latchkey-tenant\/acme\.[\w-]{15}$/),
        assumedRoleId: expect.stringMatching(/^AROA/),
      },
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/federation\?Action=login&/),
      expiration: expect.stringMatching(ISO),
      credentialsExpiration: expect.stringMatching(ISO),
    });
    const left = (Date.parse(answer.expiration) - Date.now()) / 1000;
    expect([left > 890, left <= 900]).toEqual([true, true]);
    const page = await (await fetch(answer.url)).text();
    expect(page).toContain(`<code id="arn">${answer.assumedRoleUser.arn}</code>`);
    expect(page).toContain('<code id="tenant">acme</code>');
    expect(page).toContain('href="https://console.aws.amazon.com/"');
  });

  it('vends what was asked for, and leads where it was asked to', async () => {
    const destination = 'https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1';
    const issuer = 'https://app.acme.example/sign-in?from=aws';
    const response = await open(
      {
        profile: 'demanding',
        scope: { folder: 'reports/' },
        durationSeconds: 901,
        destination,
        issuer,
      },
      latchkey.request,
      { scope: 'vend write' },
    );
    const { url, profile, credentialsExpiration } = await jsonOf(response);
    expect(profile).toBe('demanding');
    expect(Date.parse(credentialsExpiration) - Date.now()).toBeLessThanOrEqual(901_000);
    expect(new URL(url).searchParams.get('Issuer')).toBe(issuer);
    expect(await (await fetch(url)).text()).toContain(`href="${destination}"`);
    expect(
      sts.mock.calls.map(([{ input }]) => JSON.parse((input as { Policy: string }).Policy)),
    ).toMatchObject([{ Statement: [{ Resource: ['arn:aws:s3:::latchkey-data/acme/reports/*'] }] }]);
  });

  it('writes down what it was for, without the link', async () => {
    const { url } = await jsonOf(await open());
    expect(latchkey.audited).toMatchObject([
      {
        operation: 'console_session',
        code: 'granted',
        tenantId: 'acme',
        accessKeyId: expect.stringMatching(/^ASIA/),
      },
    ]);
    const token = new URL(url).searchParams.get('SigninToken') ?? '';
    expect(token.length).toBeGreaterThan(100);
    expect(JSON.stringify(latchkey.audited)).not.toContain(token);
  });
});

describe('a console session that is refused, before STS is asked', () => {
  test.each<[string, unknown, number, string, RegExp]>([
    [
      'another host',
      { destination: 'https://example.com/' },
      400,
      'destination_invalid',
      /console\.aws\.amazon\.com/,
    ],
    [
      'another partition',
      { destination: 'https://console.amazonaws.cn/' },
      400,
      'destination_invalid',
      /console/,
    ],
    [
      'a duration with role chaining',
      { sessionDurationSeconds: 900 },
      400,
      'duration_out_of_range',
      /role chaining/,
    ],
    [
      'a duration that is no number',
      { sessionDurationSeconds: '900' },
      400,
      'request_invalid',
      /^sessionDurationSeconds/,
    ],
    [
      'an issuer in the clear',
      { issuer: 'http://app.acme.example/' },
      400,
      'request_invalid',
      /^issuer: expected an https URL/,
    ],
    [
      'a code of MFA',
      { mfa: { serialNumber: 'GAHT12345678', tokenCode: '123456' } },
      400,
      'request_invalid',
      /^unknown member mfa; expected profile, durationSeconds, scope, destination, issuer, sessionDurationSeconds$/,
    ],
    ['a format', { format: 'env' }, 400, 'request_invalid', /^unknown member format/],
    [
      'an endless destination',
      { destination: `https://console.aws.amazon.com/${'x'.repeat(2048)}` },
      400,
      'request_invalid',
      /^destination/,
    ],
    [
      'a destination twice',
      '{"destination":"https://console.aws.amazon.com/","destination":"https://example.com/"}',
      400,
      'request_invalid',
      /twice/,
    ],
    ['a profile that is not the tenant’s', { profile: 'admin' }, 403, 'profile_not_granted', /./],
  ])('%s', async (_what, body, status, code, detail) => {
    const response = await open(body);
    const problem = await jsonOf(response);
    expect([response.status, problem.code]).toEqual([status, code]);
    expect(problem.detail).toMatch(detail);
    expect(latchkey.audited.map((event) => [event.operation, event.code])).toEqual([
      ['console_session', code],
    ]);
    expect(sts).not.toHaveBeenCalled();
  });

  it('no token', async () => {
    const response = await latchkey.request('/console-session', { method: 'POST' });
    expect([response.status, (await jsonOf(response)).code]).toEqual([401, 'token_missing']);
  });

  it('a query', async () => {
    const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
    const response = await latchkey.request('/console-session?destination=x', {
      method: 'POST',
      headers: { Authorization },
    });
    expect((await jsonOf(response)).code).toBe('request_invalid');
  });
});

describe('with AWS Sign-In away', () => {
  it('says so, and gives nothing', async () => {
    const service = wireVending({
      environment: {
        ...readVendEnvironment(vendVariables(latchkey.aws)),
        signInEndpoint: 'http://127.0.0.1:1',
      },
      profileDefinitions,
      auditLog: { record: (event) => void latchkey.audited.push(event) },
      clock: () => new Date(),
    });
    const app = createVendApp(service);
    const response = await open({}, (path, init) => app.request(path, init, {}));
    const problem = await jsonOf(response);
    expect([response.status, problem.code, response.headers.get('retry-after')]).toEqual([
      503,
      'sign_in_unavailable',
      '1',
    ]);
    expect(latchkey.audited).toMatchObject([
      { operation: 'console_session', code: 'sign_in_unavailable', accessKeyId: expect.any(String) },
    ]);
  });
});
