import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Session } from '../../local/aws/session.ts';
import { createSignInDoor } from '../../local/aws/signin.ts';
import { createSession } from './tenant-session.ts';

const START = Date.parse('2026-11-22T10:00:00Z');
const ORIGIN = 'https://us-east-1.signin.aws.amazon.com';
const DESTINATION = 'https://us-east-1.console.aws.amazon.com/s3/home';

let now = START;
let logged: string[] = [];
beforeEach(() => {
  now = START;
  logged = [];
});

const session = createSession({ now: new Date(START) });
const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials;
const SESSION = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };

/** The same under another key. */
const alias = (id: string, changes: object) =>
  [id, { ...session, credentials: { ...session.credentials, accessKeyId: id }, ...changes }] as [
    string,
    Session,
  ];
const OTHERS = {
  chained: 'ASIACHAINED',
  federated: 'ASIAFEDERATED',
  userSession: 'ASIAUSERSESSION',
  user: 'AKIAUSER',
};

const door = createSignInDoor({
  sessions: new Map<string, Session>([
    [accessKeyId, session],
    alias(OTHERS.chained, { chained: true }),
    alias(OTHERS.federated, { kind: 'federatedUser' }),
    alias(OTHERS.userSession, { kind: 'userSession' }),
    alias(OTHERS.user, { kind: 'user', credentials: { accessKeyId: OTHERS.user, secretAccessKey } }),
  ]),
  clock: () => new Date(now),
  log: (message) => logged.push(message),
});
const ask = (request: Request) => door(request, { incoming: {} });

const getToken = (parameters: Readonly<Record<string, string>> = {}, method: 'GET' | 'POST' = 'POST') => {
  const all = new URLSearchParams({
    Action: 'getSigninToken',
    Session: JSON.stringify(SESSION),
    ...parameters,
  });
  return ask(
    method === 'POST'
      ? new Request(`${ORIGIN}/federation`, { method, body: all })
      : new Request(`${ORIGIN}/federation?${all}`),
  );
};
const tokenOf = async (answer: Response) => ((await answer.json()) as { SigninToken: string }).SigninToken;

const login = (SigninToken: string, parameters: Readonly<Record<string, string>> = {}) => {
  const all = { Action: 'login', Issuer: 'latchkey', Destination: DESTINATION, SigninToken, ...parameters };
  return ask(new Request(`${ORIGIN}/federation?${new URLSearchParams(all)}`));
};

describe('getSigninToken', () => {
  test.each(['POST', 'GET'] as const)('by %s gives a token that signs in its session', async (method) => {
    const answer = await getToken({}, method);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const page = await login(await tokenOf(answer));
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain(`<code id="arn">${session.arn}</code>`);
    expect(text).toContain('<code id="tenant">acme</code>');
    expect(text).toContain(`href="${DESTINATION}"`);
    expect(logged).toEqual([]);
  });

  const changed = (changes: object) => ({ Session: JSON.stringify({ ...SESSION, ...changes }) });
  test.each([
    ['an unknown key', changed({ sessionId: 'ASIAUNKNOWN' }), 'unknown'],
    ['a wrong secret', changed({ sessionKey: 'wrong' }), 'wrong secret'],
    ['a wrong session token', changed({ sessionToken: 'wrong' }), 'wrong session token'],
    ['no session token', changed({ sessionToken: undefined }), 'not JSON with'],
    ['no JSON', { Session: `{${secretAccessKey}` }, 'not JSON with'],
    ['credentials of GetSessionToken', changed({ sessionId: OTHERS.userSession }), "user's own"],
    ['a long-term key', changed({ sessionId: OTHERS.user }), "user's own"],
    [
      'a SessionDuration, which role chaining excludes',
      { ...changed({ sessionId: OTHERS.chained }), SessionDuration: '3600' },
      'SessionDuration',
    ],
    [
      'a SessionDuration with credentials of GetFederationToken',
      { ...changed({ sessionId: OTHERS.federated }), SessionDuration: '3600' },
      'SessionDuration',
    ],
  ])('refuses %s as AWS does, and logs why without a secret', async (_what, parameters, reason) => {
    const answer = await getToken(parameters);
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('Invalid credentials parameter'),
    ]);
    expect(logged).toEqual([expect.stringContaining(reason)]);
    expect(logged.join()).not.toContain(secretAccessKey);
  });

  test.each([OTHERS.chained, OTHERS.federated])('takes %s without a SessionDuration', async (sessionId) => {
    expect((await getToken(changed({ sessionId }))).status).toBe(200);
  });

  test.each([
    ['900', 200],
    ['43200', 200],
    ['899', 400],
    ['43201', 400],
    ['', 400],
    ['1e3', 400],
    ['3600.5', 400],
  ])('a SessionDuration of "%s": %i', async (SessionDuration, status) => {
    expect((await getToken({ SessionDuration })).status).toBe(status);
  });

  test('keeps the console open for the SessionDuration from the login on, or as long as the credentials', async () => {
    const untilOf = async (parameters = {}) => {
      const page = await login(await tokenOf(await getToken(parameters)));
      return /<time id="until">(?<until>[^<]+)/.exec(await page.text())?.groups?.['until'];
    };
    expect(await untilOf()).toBe(expiration.toISOString());
    expect(await untilOf({ SessionDuration: '43200' })).toBe('2026-11-22T22:00:00.000Z');
  });

  test.each([
    [-1000, 200],
    [0, 400],
  ])('%i ms from the end of the credentials: %i', async (offset, status) => {
    now = expiration.getTime() + offset;
    expect((await getToken()).status).toBe(status);
  });
});

describe('login', () => {
  test.each([
    [15 * 60 * 1000 - 1, 200],
    [15 * 60 * 1000, 400],
  ])('after %i ms: %i', async (milliseconds, status) => {
    const token = await tokenOf(await getToken());
    now += milliseconds;
    expect((await login(token)).status).toBe(status);
  });

  it('ends with the credentials', async () => {
    now = expiration.getTime() - 60_000;
    const token = await tokenOf(await getToken());
    now += 60_000;
    expect((await login(token)).status).toBe(400);
  });

  test.each([
    'https://example.com/',
    'https://console.aws.amazon.com.example/',
    'https://xconsole.aws.amazon.com/',
    'http://console.aws.amazon.com/',
    'javascript:alert(1)',
    '',
  ])('leads nowhere but to the console: %s', async (Destination) => {
    expect((await login(await tokenOf(await getToken()), { Destination })).status).toBe(400);
  });

  it('takes no other token, and logs none', async () => {
    expect((await login('made-up')).status).toBe(400);
    expect(logged).toEqual([expect.stringContaining('sign-in GET /federation')]);
    expect(logged.join()).not.toContain('made-up');
  });

  it('is a link, no form', async () => {
    const body = new URLSearchParams({ Action: 'login', SigninToken: await tokenOf(await getToken()) });
    expect((await ask(new Request(`${ORIGIN}/federation`, { method: 'POST', body }))).status).toBe(400);
  });
});

test.each(['/', '/federation?Action=logout', '/other?Action=getSigninToken'])('knows no %s', async (path) => {
  expect((await ask(new Request(`${ORIGIN}${path}`))).status).toBe(400);
});
