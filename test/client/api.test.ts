import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';
import { answer, type Fetch, problem, type Step, startVend, type VendSteps } from './start-vend.ts';

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

const reset: Step = async () => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
  });
};
const hang: Step = () => new Promise(() => {});
const breakOff: Step = async () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.error(new TypeError('terminated')),
    }),
  );

describe('tries again after', () => {
  it.each([
    ['a reset', reset],
    ['a body that breaks off', breakOff],
    ['no answer', hang],
    ['429', problem(429, 'tenant_throttled', { 'Retry-After': '1' })],
    ['503', problem(503, 'sts_unavailable', { 'Retry-After': '1' })],
    ['503 of a gateway', answer(503, '<html>')],
    ['504 of a gateway', answer(504, '')],
    ['502 of a proxy', answer(502, '<html>')],
    ['500 internal_error', problem(500, 'internal_error')],
    ['500 of a gateway', answer(500, '{"message":null}')],
  ])('%s', async (_, step) => {
    const { vend, requests, elapsed, tokensRead } = start({
      steps: [step, step === hang ? undefined : step],
    });
    expect((await vend()).tenantId).toBe('acme');
    expect(requests.length).toBe(step === hang ? 2 : 3);
    expect(elapsed()).toBeGreaterThan(0);
    expect(tokensRead()).toBe(1);
  });
});

describe('does not try again after', () => {
  it.each([
    ['400', problem(400, 'request_invalid'), 'request_invalid', 'request_invalid, in words'],
    ['403 of a firewall', problem(403, 'request_blocked'), 'request_blocked', 'in words'],
    ['404', problem(404, 'not_found'), 'not_found', 'in words'],
    ['500 record_invalid', problem(500, 'record_invalid'), 'record_invalid', 'in words'],
    ['502 sts_rejected', problem(502, 'sts_rejected'), 'sts_rejected', 'in words'],
    ['a page', answer(200, '<html>log in</html>'), 'answer_invalid', "stack's output ApiUrl"],
    ['an empty 200', answer(200), 'answer_invalid', "stack's output ApiUrl"],
    ['204', async () => new Response(null, { status: 204 }), 'answer_invalid', "stack's output ApiUrl"],
    ['403 of something else', answer(403, '<html>'), 'answer_invalid', 'got status 403'],
    ['a list', answer(403, '[]'), 'answer_invalid', 'got status 403'],
    ['a redirect', answer(307, '', { Location: 'https://evil.example' }), 'answer_invalid', 'got a redirect'],
    ['an endless body', answer(200, 'x'.repeat(70_000)), 'answer_invalid', 'got over 65536'],
  ] as const)('%s', async (_, step, code, message) => {
    const { failure, requests } = start({ steps: [step] });
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(new RegExp(message));
    expect(requests).toHaveLength(1);
  });

  it('a redirect that a browser hides', async () => {
    const hidden = async () => ({ ...Response.error(), status: 0, headers: new Headers(), body: null });
    const { failure } = start({ steps: [hidden as unknown as Step] });
    expect(await failure()).toMatchObject({
      code: 'answer_invalid',
      message: expect.stringMatching(/^got a redirect/),
    });
  });

  it('five tries', async () => {
    const { failure, requests } = start({ steps: Array(9).fill(reset) });
    const error = await failure();
    expect(error).toMatchObject({ code: 'unreachable', status: undefined });
    expect(error.message).toBe(`got no answer from ${latchkey.facts.api}: ECONNRESET`);
    expect(requests).toHaveLength(5);
    // Half of each pause's ceiling.
    expect(requests.map(({ at }) => at)).toEqual([0, 125, 375, 875, 1875]);
  });
});

describe('time', () => {
  it('of one try is half of all, and of all ten seconds', async () => {
    const { failure, requests, elapsed, time } = start({ steps: Array(9).fill(hang) });
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: `got no answer from ${latchkey.facts.api} within 10000 ms`,
    });
    expect(requests.map(({ at }) => at)).toEqual([0, 5125]);
    expect(elapsed()).toBe(10_000);
    expect(time.sleepers()).toBe(0);
  });

  it('aborts a request that has had its time', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const steps = Array(2).fill((_: unknown, init?: RequestInit) => {
      signals.push(init?.signal);
      return new Promise(() => {});
    });
    await start({ steps }).failure();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  it('counts while a body comes in', async () => {
    const { failure } = start({ steps: Array(9).fill(async () => new Response(new ReadableStream())) });
    expect(await failure()).toMatchObject({ code: 'unreachable' });
  });

  it('counts while the token is read', async () => {
    const { failure, elapsed, requests } = start({ tokens: [new Promise<string>(() => {})] });
    expect(await failure()).toMatchObject({ code: 'token_unreadable' });
    expect([elapsed(), requests.length]).toEqual([10_000, 0]);
  });

  it.each([
    ['seconds', { 'Retry-After': '2' }, 2125],
    [
      "a date, by the server's clock",
      { Date: 'Sat, 21 Nov 2026 12:00:00 GMT', 'Retry-After': 'Sat, 21 Nov 2026 12:00:03 GMT' },
      3125,
    ],
    [
      'a date that has been',
      { Date: 'Sat, 21 Nov 2026 12:00:00 GMT', 'Retry-After': 'Sat, 21 Nov 2026 11:00:00 GMT' },
      125,
    ],
    ['nothing that can be read', { 'Retry-After': '-1' }, 125],
  ])('until the next try is what Retry-After asks for: %s', async (_, headers, expected) => {
    const { requests, vend } = start({ steps: [problem(429, 'sts_throttled', headers)] });
    await vend();
    expect(requests.map(({ at }) => at)).toEqual([0, expected]);
  });

  it.each([
    // It would come too late.
    ['10', 10],
    // The server means what it says, but not for a day.
    ['86400', 300],
    [new Date(Date.now() + 3_600_000).toUTCString(), 300],
  ])('is not waited for when Retry-After is %s', async (retryAfter, retryAfterSeconds) => {
    const { requests, failure, elapsed } = start({
      steps: [problem(429, 'sts_throttled', { 'Retry-After': retryAfter })],
    });
    expect(await failure()).toMatchObject({ code: 'sts_throttled', retryAfterSeconds });
    expect([requests.length, elapsed()]).toEqual([1, 0]);
  });
});

describe('a token', () => {
  it.each(['token_expired', 'token_invalid'])(
    'that is refused with %s is read again, and another one tried at once',
    async (code) => {
      const old = await latchkey.issuer.sign(
        code === 'token_expired'
          ? { claims: { exp: 1_000_000_000, iat: 999_999_000 } }
          : { claims: { aud: 'x' } },
      );
      const { vend, requests, tokensRead, elapsed } = start({ tokens: [old, token] });
      expect((await vend()).tenantId).toBe('acme');
      expect([requests.length, tokensRead(), elapsed()]).toEqual([2, 2, 0]);
    },
  );

  it('that is the same is not tried again', async () => {
    const old = await latchkey.issuer.sign({ claims: { exp: 1_000_000_000, iat: 999_999_000 } });
    const { failure, requests, tokensRead } = start({ tokens: [old] });
    expect((await failure()).code).toBe('token_expired');
    expect([requests.length, tokensRead()]).toEqual([1, 2]);
  });

  it('is read again once', async () => {
    const { failure, requests, tokensRead } = start({
      tokens: ['a.b.1', 'a.b.2', 'a.b.3'],
      steps: Array(3).fill(problem(401, 'token_expired')),
    });
    expect((await failure()).code).toBe('token_expired');
    expect([requests.length, tokensRead()]).toEqual([2, 2]);
  });

  it('stands in no error, whatever comes back', async () => {
    const echo = answer(403, {
      code: 'not_authorized',
      detail: `who is ${token}?`,
      vendId: token.slice(0, 99),
    });
    const page = answer(200, `{"credentials": "${token}`);
    const broken: Step = async () => {
      throw new TypeError(`cannot send ${token}`);
    };
    for (const step of [echo, page]) {
      const error = await start({ steps: [step] }).failure();
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
    }
    const { message } = await start({ steps: Array(9).fill(broken) }).failure();
    expect(message).not.toContain(token);
  });

  it('goes to no other server', async () => {
    let requests = 0;
    const elsewhere = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    const redirecting = createServer((_, response) => {
      const { port } = elsewhere.address() as AddressInfo;
      response.writeHead(307, { Location: `http://127.0.0.1:${port}/credentials` }).end();
    });
    for (const server of [elsewhere, redirecting])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = redirecting.address() as AddressInfo;
    const step: Step = (_, init) => fetch(`http://127.0.0.1:${port}/credentials`, init);
    const { failure, time } = start({ steps: [(...request) => time.real((step as Fetch)(...request))] });
    expect(await failure()).toMatchObject({ code: 'answer_invalid', status: 307 });
    expect(requests).toBe(0);
    for (const server of [elsewhere, redirecting]) server.close().closeAllConnections();
  });
});
