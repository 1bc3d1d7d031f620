import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createSignIn } from '../../../../functions/adapters/sign-in/aws-sign-in.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import type { VendingError } from '../../../../functions/core/errors.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { TENANT_ROLE_ARN } from '../../../../local/account.ts';
import { openSession } from '../../../../local/aws/open-session.ts';
import { type LocalRole, parseRoles } from '../../../../local/aws/roles.ts';
import type { Sessions } from '../../../../local/aws/session.ts';
import { createSignInDoor } from '../../../../local/aws/signin.ts';
import { ROLES } from '../../../../local/roles.ts';
import { serveDoor } from '../../../local/serve-door.ts';
import { sampleCredentials } from '../../core/sample-credentials.ts';

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

async function listen(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (
  endpoint: string,
  durationSeconds?: number,
  milliseconds = 1000,
  credentials = sampleCredentials(),
) => createSignIn().token({ credentials, endpoint, durationSeconds }, startDeadline(milliseconds));

const succeeded = () => Promise.reject(new Error('got a token, expected a failure'));

/** What was thrown; all of it, as a log that went too far would have it. */
const failureOf = async (asking: Promise<unknown>) => {
  const failure = await asking.then(succeeded, (error: VendingError) => error);
  expect(inspect(failure, { depth: 9 }) + JSON.stringify(failure)).not.toMatch(/very-secret|session-token/);
  return [failure.code, failure.retryAfterSeconds];
};

describe('the exchange with AWS Sign-In', () => {
  const seen: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string })[] = [];
  const recording: RequestListener = async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    response.end('{"SigninToken":"to/ken+"}');
  };

  it('has every secret in its body, and none in its address', async () => {
    const token = await ask(await listen(recording));
    expect([token.reveal(), `${token}`]).toEqual(['to/ken+', '[secret]']);
    const [request] = seen.splice(0);
    expect([request?.method, request?.url]).toEqual(['POST', '/federation']);
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(request?.body)]).toEqual([
      ['Action', 'getSigninToken'],
      ['Session', '{"sessionId":"ASIAEXAMPLE","sessionKey":"very-secret","sessionToken":"session-token"}'],
    ]);
  });

  it('names a duration where there is one', async () => {
    await ask(await listen(recording), 7200);
    expect(new URLSearchParams(seen.splice(0)[0]?.body).get('SessionDuration')).toBe('7200');
  });

  test.each<[string, RequestListener, string, number | undefined]>([
    [
      'refuses',
      (_request, response) => response.writeHead(400).end('very-secret'),
      'sign_in_refused',
      undefined,
    ],
    ['forbids', (_request, response) => response.writeHead(403).end(), 'sign_in_refused', undefined],
    ['throttles', (_request, response) => response.writeHead(429).end(), 'sign_in_unavailable', 1],
    ['is down', (_request, response) => response.writeHead(503).end('very-secret'), 'sign_in_unavailable', 1],
    ['hangs up', (request) => request.socket.destroy(), 'sign_in_unavailable', 1],
    [
      'breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"SigninToken":"x');
        setTimeout(() => request.socket.destroy(), 10);
      },
      'sign_in_unavailable',
      1,
    ],
    ['answers with no JSON', (_request, response) => response.end('<html>'), 'sign_in_unavailable', 1],
    ['answers without a token', (_request, response) => response.end('{}'), 'sign_in_unavailable', 1],
    [
      'answers with a blank one',
      (_request, response) => response.end('{"SigninToken":""}'),
      'sign_in_unavailable',
      1,
    ],
    [
      'answers with two',
      (_request, response) => response.end('{"SigninToken":"a","SigninToken":"b"}'),
      'sign_in_unavailable',
      1,
    ],
    [
      'answers without end',
      (_request, response) => response.end(`{"SigninToken":"${'x'.repeat(20_000)}"}`),
      'sign_in_unavailable',
      1,
    ],
  ])('that %s fails without a word of the credentials', async (_what, listener, ...expected) => {
    expect(await failureOf(ask(await listen(listener)))).toEqual(expected);
  });

  it('follows no redirect: credentials go nowhere else', async () => {
    let elsewhere = 0;
    const other = await listen((_request, response) => {
      elsewhere += 1;
      response.end('{"SigninToken":"x"}');
    });
    const endpoint = await listen((_request, response) => response.writeHead(307, { location: other }).end());
    expect(await failureOf(ask(endpoint))).toEqual(['sign_in_refused', undefined]);
    expect(elsewhere).toBe(0);
  });

  it('ends with the deadline', async () => {
    const endpoint = await listen(() => {});
    expect(await failureOf(ask(endpoint, undefined, 50))).toEqual(['sign_in_unavailable', 1]);
  });

  it('with nobody there fails', async () => {
    expect(await failureOf(ask('http://127.0.0.1:1'))).toEqual(['sign_in_unavailable', 1]);
  });
});

describe('with the local AWS Sign-In', () => {
  const clock = () => new Date();

  async function startSignIn(chained: boolean) {
    const sessions: Sessions = new Map();
    const bounds = { sourceIdentity: undefined, transitiveTagKeys: [], sessionPolicies: undefined };
    const { credentials } = openSession(
      parseRoles(ROLES).get(TENANT_ROLE_ARN) as LocalRole,
      { ...bounds, sessionName: 'acme.x', durationSeconds: 7200, tags: { TenantId: 'acme' }, chained },
      { sessions, clock },
    );
    const { endpoint, close } = await serveDoor(createSignInDoor({ sessions, clock, log: () => {} }));
    closers.push(close);
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const vended = sampleCredentials({
      accessKeyId,
      secretAccessKey: secret(secretAccessKey),
      sessionToken: secret(sessionToken),
    });
    return { endpoint, vended };
  }

  test.each([
    ['a session of role chaining', true, undefined, 'token'],
    ['one that is not chained, for a time', false, 3600, 'token'],
    ['one of role chaining, for a time', true, 3600, 'sign_in_refused'],
  ])('%s', async (_what, chained, durationSeconds, outcome) => {
    const { endpoint, vended } = await startSignIn(chained);
    const got = await ask(endpoint, durationSeconds, 1000, vended).then(
      () => 'token',
      ({ code }) => code,
    );
    expect(got).toBe(outcome);
  });

  it('refuses what is not credentials of AWS’s', async () => {
    const { endpoint } = await startSignIn(true);
    expect(await failureOf(ask(endpoint))).toEqual(['sign_in_refused', undefined]);
  });
});
