import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';
import { answer, problem, startVend, type VendSteps } from './start-vend.ts';

let latchkey: TestLatchkey;
let token: string;

beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());
beforeEach(async () => {
  token = await latchkey.issuer.sign();
});

const start = (steps: Partial<VendSteps> = {}) =>
  startVend(latchkey.facts.api, { tokens: [token], ...steps });

describe('a vend', () => {
  it('gives what the server answers', async () => {
    const { vend, requests } = start();
    const credentials = await vend();
    const event = latchkey.audited.at(-1);
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
      secretAccessKey: expect.stringMatching(/./),
      sessionToken: expect.stringMatching(/./),
      accountId: '111122223333',
      vendId: event?.vendId,
      tenantId: 'acme',
      profile: 'app',
      assumedRoleArn: expect.stringMatching(
        /^arn:aws:sts::111122223333:assumed-role\/latchkey-tenant\/acme\./,
      ),
    });
    const seconds = (credentials.expiration.getTime() - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(3590);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(requests.map(({ url, init }) => [url, init?.method, init?.redirect, init?.body])).toEqual([
      [`${latchkey.facts.api}/credentials`, 'POST', 'manual', '{}'],
    ]);
  });

  it('asks for what it was told to, and for nothing else', async () => {
    const scopes = await latchkey.issuer.sign({ claims: { scope: 'vend write' } });
    const { vend, requests } = start({
      tokens: [scopes],
      profile: 'demanding',
      durationSeconds: 1200,
      scope: { folder: 'reports/' },
    });
    const { profile, expiration } = await vend();
    expect(profile).toBe('demanding');
    expect((expiration.getTime() - Date.now()) / 1000).toBeLessThanOrEqual(1200);
    expect(JSON.parse(String(requests[0]?.init?.body))).toEqual({
      profile: 'demanding',
      durationSeconds: 1200,
      scope: { folder: 'reports/' },
    });
  });

  it('reads a code for each vend, and sends it with the serial number', async () => {
    let codes = 0;
    const readCode = async () => {
      codes += 1;
      return `00000${codes}`;
    };
    const refused = problem(400, 'request_invalid');
    const { failure, requests } = start({
      mfa: { serialNumber: 'arn:aws:iam::1:mfa/x', readCode },
      steps: [refused, refused],
    });
    await failure();
    await failure();
    expect(requests.map(({ init }) => JSON.parse(String(init?.body)).mfa)).toEqual([
      { serialNumber: 'arn:aws:iam::1:mfa/x', tokenCode: '000001' },
      { serialNumber: 'arn:aws:iam::1:mfa/x', tokenCode: '000002' },
    ]);
  });

  it.each([
    ['credentials', {}],
    ['credentials/iam-user', { route: 'iam-user' as const }],
    ['credentials/iam-user', { mfa: { serialNumber: 'arn:x', readCode: async () => '123456' } }],
  ])('goes to %s with %o', async (route, options) => {
    const { failure, requests } = start({ ...options, steps: [problem(400, 'request_invalid')] });
    await failure();
    expect(requests.map(({ url }) => url)).toEqual([`${latchkey.facts.api}/${route}`]);
  });

  it.each([
    ['credentials', 43_200],
    ['credentials/iam-user', 129_600],
  ])('of %s lasts no longer than AWS makes sessions', async (route, longest) => {
    const steps = [answer(200, VENDED)];
    const options = route === 'credentials' ? {} : { route: 'iam-user' as const };
    const { vend, time } = start({ ...options, steps });
    expect((await vend()).expiration.getTime() - time.now()).toBeCloseTo(longest * 1000, -5);
  });
});

const VENDED = {
  vendId: 'vend-1',
  tenantId: 'acme',
  profile: 'session',
  credentials: {
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: '2099-01-01T00:00:00Z',
  },
  user: { arn: 'arn:aws:iam::111122223333:user/latchkey/tenants/acme', userId: 'AIDAEXAMPLE' },
};

describe('a code', () => {
  const mfa = { serialNumber: 'arn:x', readCode: async () => '123456' };

  it.each([
    ['sts_unavailable', 503],
    ['sts_throttled', 429],
    ['deadline_exceeded', 503],
    ['internal_error', 500],
  ])('is not sent again after %s: it may have been used up', async (code, status) => {
    const { failure, requests } = start({ mfa, steps: [problem(status, code)] });
    expect((await failure()).code).toBe(code);
    expect(requests).toHaveLength(1);
  });

  it('is not sent again when there was no answer', async () => {
    const reset = async () => {
      throw new TypeError('fetch failed');
    };
    const { failure, requests } = start({ mfa, steps: [reset] });
    expect((await failure()).code).toBe('unreachable');
    expect(requests).toHaveLength(1);
  });

  it('is sent again when there were too many requests', async () => {
    const steps = [problem(429, 'tenant_throttled', { 'Retry-After': '1' }), answer(200, VENDED)];
    const { vend, requests } = start({ mfa, steps });
    expect((await vend()).sessionArn).toBe(VENDED.user.arn);
    expect(requests).toHaveLength(2);
  });
});

describe("the server's refusals", () => {
  it.each<[string, number, Partial<VendSteps> & { readonly sign?: () => Promise<string> }]>([
    ['tenant_inactive', 403, { sign: () => latchkey.issuer.sign({ claims: { tenant: 'sleepy' } }) }],
    ['tenant_unknown', 403, { sign: () => latchkey.issuer.sign({ claims: { tenant: 'nobody' } }) }],
    ['profile_not_granted', 403, { profile: 'nothing' }],
    ['insufficient_scope', 403, { profile: 'demanding' }],
    ['duration_out_of_range', 400, { durationSeconds: 899 }],
    ['scope_invalid', 400, { scope: { folder: 'x' } }],
    ['role_not_assumable', 502, { profile: 'unknown-role' }],
    ['token_malformed', 401, { sign: async () => 'abc' }],
  ])('%s, %d, come with the vend id, after one request', async (code, status, { sign, ...options }) => {
    const { failure, requests } = start({ ...options, ...(sign && { tokens: [await sign()] }) });
    const error = await failure();
    expect(error).toMatchObject({ name: 'LatchkeyError', code, status });
    expect(error.message).not.toBe(`got status ${status}`);
    expect(latchkey.audited.at(-1)).toMatchObject({ code, vendId: error.vendId });
    expect(requests).toHaveLength(1);
  });
});

it('takes no controls from elsewhere to a terminal', async () => {
  const step = answer(403, { code: 'not_authorized', detail: 'a\u001b[2Jb', vendId: 'x\n' });
  expect(await start({ steps: [step] }).failure()).toMatchObject({
    code: 'not_authorized',
    message: 'got status 403',
    vendId: undefined,
  });
});
