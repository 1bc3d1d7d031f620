import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type ServedCredentials, serveCredentials } from '../../cli/apps/serve-credentials.ts';
import { UsageError } from '../../cli/failure.ts';
import { type LatchkeyCredentials, LatchkeyError } from '../../client/src/index.ts';

const VALID: LatchkeyCredentials = {
  accessKeyId: 'ASIAEXAMPLE000000000',
  secretAccessKey: 'secret/with+signs',
  sessionToken: 'token/with+signs==',
  expiration: new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_999),
  accountId: '111122223333',
  vendId: 'id-1',
  tenantId: 'acme',
  profile: 'app',
  sessionArn: 'arn:aws:sts::111122223333:assumed-role/tenant/acme.x',
};

let outcome: LatchkeyCredentials | Error;
let asked: number;
const failures: unknown[] = [];
let served: ServedCredentials;
let url: URL;
let token: string;

beforeAll(async () => {
  served = await serveCredentials({
    port: 0,
    credentials: async () => {
      asked += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    onFailure: (error) => failures.push(error),
    now: Date.now,
  });
  url = new URL(served.variables.AWS_CONTAINER_CREDENTIALS_FULL_URI);
  token = served.variables.AWS_CONTAINER_AUTHORIZATION_TOKEN;
});
afterAll(() => served.close());
beforeEach(() => {
  outcome = VALID;
  asked = 0;
  failures.length = 0;
});

interface Raw {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As it goes over the wire: `fetch` would not let a test choose a Host. */
async function send({ method = 'GET', path = '/credentials', headers = {} }: Raw) {
  const sent = request({ host: url.hostname, port: url.port, method, path, headers });
  sent.end();
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

const withToken = (headers: Readonly<Record<string, string>> = {}) => ({ authorization: token, ...headers });

describe('who has the token', () => {
  it('gets credentials in the container protocol, to the second, for nobody to keep', async () => {
    const { status, headers, body } = await send({ headers: withToken() });
    expect([status, headers['cache-control'], headers['content-type']]).toEqual([
      200,
      'no-store',
      'application/json',
    ]);
    const Expiration = `${VALID.expiration.toISOString().slice(0, 19)}Z`;
    expect(JSON.parse(body)).toEqual({
      AccessKeyId: VALID.accessKeyId,
      SecretAccessKey: VALID.secretAccessKey,
      Token: VALID.sessionToken,
      Expiration,
      AccountId: VALID.accountId,
    });
    expect(new Date(Expiration).getTime()).toBeLessThanOrEqual(VALID.expiration.getTime());
  });
});

describe('is refused, and nothing asked for', () => {
  const other = (given: string) => `${given.slice(0, -1)}${given.endsWith('A') ? 'B' : 'A'}`;
  test.each<[string, number, string, () => Raw]>([
    ['no token', 401, 'token_invalid', () => ({})],
    ['an empty token', 401, 'token_invalid', () => ({ headers: { authorization: '' } })],
    ['another token', 401, 'token_invalid', () => ({ headers: { authorization: other(token) } })],
    ['more than the token', 401, 'token_invalid', () => ({ headers: { authorization: `${token}A` } })],
    ['a scheme before it', 401, 'token_invalid', () => ({ headers: { authorization: `Bearer ${token}` } })],
    ['the token as a query', 404, 'not_found', () => ({ path: `/credentials?token=${token}` })],
    ['another Host', 403, 'host_refused', () => ({ headers: withToken({ host: 'rebound.example' }) })],
    ['its name', 403, 'host_refused', () => ({ headers: withToken({ host: `localhost:${url.port}` }) })],
    ['no port', 403, 'host_refused', () => ({ headers: withToken({ host: url.hostname }) })],
    ['a page', 403, 'origin_refused', () => ({ headers: withToken({ origin: 'https://evil.example' }) })],
    ['its own origin', 403, 'origin_refused', () => ({ headers: withToken({ origin: url.origin }) })],
    ['an opaque origin', 403, 'origin_refused', () => ({ headers: withToken({ origin: 'null' }) })],
    ['another path', 404, 'not_found', () => ({ path: '/', headers: withToken() })],
    ['a slash more', 404, 'not_found', () => ({ path: '/credentials/', headers: withToken() })],
    ['another URL', 404, 'not_found', () => ({ path: 'http://evil.example/x', headers: withToken() })],
    ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map(
      (method): [string, number, string, () => Raw] => [
        method,
        405,
        'method_not_allowed',
        () => ({ method, headers: withToken() }),
      ],
    ),
  ])('%s: %i %s', async (_what, status, code, raw) => {
    const { headers, body, ...answer } = await send(raw());
    expect([answer.status, headers['cache-control'], headers.location, asked]).toEqual([
      status,
      'no-store',
      undefined,
      0,
    ]);
    const { message } = JSON.parse(body);
    expect(JSON.parse(body)).toMatchObject({ status, code, Code: code, Message: message, detail: message });
    expect(JSON.parse(body)).toMatchObject({ type: `urn:latchkey:error:${code}` });
    expect(body).not.toContain(token);
    expect(body).not.toContain(VALID.secretAccessKey);
  });

  it('HEAD, which has no body', async () => {
    const { status, headers } = await send({ method: 'HEAD', headers: withToken() });
    expect([status, headers.allow, asked]).toEqual([405, 'GET', 0]);
  });
});

describe('when there are no valid credentials', () => {
  const refused = new LatchkeyError('profile_not_granted', 'no such profile', {
    status: 403,
    vendId: 'id-2',
  });
  const throttled = new LatchkeyError('tenant_throttled', 'too many', { status: 429, retryAfterSeconds: 7 });
  test.each<[string, LatchkeyCredentials | Error, number, string]>([
    ['refused', refused, 502, 'profile_not_granted'],
    ['throttled', throttled, 503, 'tenant_throttled'],
    ['down', new LatchkeyError('sts_unavailable', 'down', { status: 503 }), 503, 'sts_unavailable'],
    ['unreachable', new LatchkeyError('unreachable', 'no answer'), 503, 'unreachable'],
    ['a fault of ours', new Error(`secret ${VALID.secretAccessKey}`), 500, 'internal_error'],
    ['expired', { ...VALID, expiration: new Date(Date.now() - 1) }, 503, 'expired'],
    ['blank', { ...VALID, sessionToken: '' }, 503, 'expired'],
    ['no date', { ...VALID, expiration: new Date(Number.NaN) }, 503, 'expired'],
  ])('answers %s with %s', async (_what, given, status, code) => {
    outcome = given;
    const { headers, body, ...answer } = await send({ headers: withToken() });
    expect([answer.status, headers['cache-control'], failures.length]).toEqual([status, 'no-store', 1]);
    expect(JSON.parse(body)).toMatchObject({ code, Code: code, message: expect.any(String) });
    expect(body).not.toContain('AccessKeyId');
    expect(body).not.toContain(VALID.secretAccessKey);
  });

  it('says when to come back, and which vend it was', async () => {
    outcome = throttled;
    expect((await send({ headers: withToken() })).headers['retry-after']).toBe('7');
    outcome = refused;
    expect(JSON.parse((await send({ headers: withToken() })).body).vendId).toBe('id-2');
  });

  it('says of a login that has ended what we say of it', async () => {
    const cause = new UsageError('the login has ended; run: latchkey login');
    outcome = new LatchkeyError('token_unreadable', 'its cause says why', { cause });
    const { status, body } = await send({ headers: withToken() });
    expect([status, JSON.parse(body)]).toMatchObject([
      503,
      { code: 'token_unreadable', message: cause.message },
    ]);
  });

  it('serves them again as soon as there are', async () => {
    outcome = throttled;
    await send({ headers: withToken() });
    outcome = VALID;
    expect((await send({ headers: withToken() })).status).toBe(200);
  });
});

describe('the endpoint', () => {
  it('is on loopback, with a token of its own each time', async () => {
    const another = await serveCredentials({
      port: 0,
      credentials: async () => VALID,
      onFailure: () => {},
      now: Date.now,
    });
    await another.close();
    expect(url.hostname).toBe('127.0.0.1');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(another.variables.AWS_CONTAINER_AUTHORIZATION_TOKEN).not.toBe(token);
  });

  it('is on that address alone', async () => {
    const sent = request({ host: '127.0.0.2', port: url.port, path: '/credentials', headers: withToken() });
    const answered = new Promise((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    sent.end();
    await expect(answered).rejects.toThrow('127.0.0.2');
  });

  it('names the cure for a port that is taken', async () => {
    const options = {
      port: Number(url.port),
      credentials: async () => VALID,
      onFailure: () => {},
      now: Date.now,
    };
    await expect(serveCredentials(options)).rejects.toThrow(/^--port: got \d+, .*0 finds one$/);
  });
});
