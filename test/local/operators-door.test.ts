import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { Session, TemporarySession } from '../../local/aws/session.ts';
import { createOperatorsDoor } from '../../local/operators-door.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { type RequestToSign, signRequest } from './sign-request.ts';
import { ACCOUNT, createSession, REGION } from './tenant-session.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const API = `arn:aws:execute-api:${REGION}:${ACCOUNT}:local/v1`;

/** A session that may do what the statements say. */
function sessionOf(...statements: readonly object[]): TemporarySession {
  const Statement = statements.map((statement) => ({
    Effect: 'Allow',
    Action: 'execute-api:Invoke',
    ...statement,
  }));
  return createSession({ tenantId: 'jo', now: NOW, rolePolicy: { Version: '2012-10-17', Statement } });
}

const operator = sessionOf({ Resource: `${API}/*` });
const reader = sessionOf(
  { Resource: `${API}/GET/*` },
  { Effect: 'Deny', Resource: `${API}/GET/tenants/secret` },
);
const ofAcme = sessionOf({ Resource: [`${API}/GET/tenants/acme`, `${API}/*/tenants/acme/*`] });
const elsewhere = sessionOf({ Resource: `${API.replace(REGION, 'us-west-2')}/*` });
const narrowed = createSession({
  now: NOW,
  rolePolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:*', Resource: '*' }],
  },
  sessionPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${API}/GET/issuers` }],
  },
});
const powerless = createSession({ now: NOW });
const foreign = createSession({
  account: '444455556666',
  now: NOW,
  rolePolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
});
const expired = createSession({ now: new Date(NOW.getTime() - 3_600_000) });
const KNOWN = [operator, reader, ofAcme, elsewhere, narrowed, powerless, foreign, expired];

/** What the app behind the door was asked: method, path with query, body, actor. */
const reached: unknown[] = [];
const logged: string[] = [];
const app = {
  fetch: vi.fn(async (request: Request, env: { requestContext: { identity: { userArn: string } } }) => {
    const { pathname, search } = new URL(request.url);
    reached.push([
      request.method,
      pathname + search,
      await request.text(),
      request.headers.get('if-match'),
      env.requestContext.identity.userArn,
    ]);
    return Response.json({ reached: true }, { status: 201 });
  }),
};

let served: ServedDoor;
beforeAll(async () => {
  served = await serveDoor(
    createOperatorsDoor({
      app: app as never,
      account: ACCOUNT,
      region: REGION,
      sessions: new Map(KNOWN.map((session) => [session.credentials.accessKeyId, session])),
      clock: () => NOW,
      log: (message) => logged.push(message),
    }),
  );
});
afterAll(() => served.close());
beforeEach(() => {
  reached.length = 0;
  logged.length = 0;
});

/** Signs, changes what was signed, and sends it. */
async function send(
  session: Pick<Session, 'credentials'>,
  { path = '/tenants', ...rest }: RequestToSign = {},
  change: (headers: Headers) => void = () => {},
  sentPath?: string,
) {
  const { host } = new URL(served.endpoint);
  const signed = await signRequest(session, {
    method: 'GET',
    service: 'execute-api',
    now: NOW,
    ...rest,
    path,
    headers: { host, ...rest.headers },
  });
  const headers = new Headers(signed.headers);
  headers.delete('host');
  change(headers);
  const body = signed.body.byteLength === 0 ? {} : { body: Buffer.from(signed.body) };
  return fetch(served.endpoint + (sentPath ?? signed.url), { method: signed.method, headers, ...body });
}

/** A GET whose path goes over the wire as it stands; `fetch` would resolve its dot segments. */
async function sendUnresolved(session: Session, path: string): Promise<Response> {
  const { host } = new URL(served.endpoint);
  const { headers } = await signRequest(session, {
    method: 'GET',
    service: 'execute-api',
    now: NOW,
    path,
    headers: { host },
  });
  const sent = request(served.endpoint, { path, headers: Object.fromEntries(headers) }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await answer.toArray()).toString();
  return new Response(body, {
    status: answer.statusCode ?? 0,
    headers: { 'x-amzn-errortype': String(answer.headers['x-amzn-errortype']) },
  });
}

describe('the door lets through', () => {
  test.each<[string, Session, RequestToSign, unknown[]]>([
    ['a read', operator, {}, ['GET', '/tenants', '', null]],
    [
      'a query',
      operator,
      { path: '/issuers', query: { url: 'https://issuer.example/a?b=c&d' } },
      ['GET', '/issuers?url=https%3A%2F%2Fissuer.example%2Fa%3Fb%3Dc%26d', '', null],
    ],
    [
      'a write with its body and headers',
      operator,
      { method: 'PUT', path: '/tenants/acme', body: '{"ü":1}', headers: { 'if-match': '"7"' } },
      ['PUT', '/tenants/acme', '{"ü":1}', '"7"'],
    ],
    [
      'a write without a body',
      operator,
      { method: 'POST', path: '/tenants/acme/suspend' },
      ['POST', '/tenants/acme/suspend', '', null],
    ],
    ['a read by who may only read', reader, { path: '/tenants/acme' }, ['GET', '/tenants/acme', '', null]],
    [
      'what is done to one tenant',
      ofAcme,
      { method: 'POST', path: '/tenants/acme/verify' },
      ['POST', '/tenants/acme/verify', '', null],
    ],
    ['what both policies allow', narrowed, { path: '/issuers' }, ['GET', '/issuers', '', null]],
  ])('%s', async (_what, session, sent, expected) => {
    const response = await send(session, sent);
    expect([response.status, await response.json()]).toEqual([201, { reached: true }]);
    expect(reached).toEqual([[...expected, session.arn]]);
  });
});

type Refusal = readonly [what: string, errorType: string, request: () => Promise<Response>];

const UNKNOWN_PATH = 'MissingAuthenticationTokenException';
const DENIED = 'AccessDeniedException';
const MISMATCH = 'InvalidSignatureException';

const REFUSALS: readonly Refusal[] = [
  ['no signature', 'MissingAuthenticationTokenException', () => fetch(`${served.endpoint}/tenants`)],
  [
    "a tenant app's token",
    'IncompleteSignatureException',
    () => fetch(`${served.endpoint}/tenants`, { headers: { Authorization: 'Bearer a.b.c' } }),
  ],
  [
    'another secret',
    MISMATCH,
    () => send({ credentials: { ...operator.credentials, secretAccessKey: 'wrong' } }),
  ],
  ['an unknown key', 'UnrecognizedClientException', () => send(createSession({ now: NOW }))],
  [
    "another session's token",
    'UnrecognizedClientException',
    () => send({ credentials: { ...operator.credentials, sessionToken: reader.credentials.sessionToken } }),
  ],
  ['expired credentials', 'ExpiredTokenException', () => send(expired)],
  ['an old signature', MISMATCH, () => send(operator, { now: new Date(NOW.getTime() - 16 * 60_000) })],
  ['another service', MISMATCH, () => send(operator, { service: 'dynamodb' })],
  ['another Region', MISMATCH, () => send(operator, { region: 'us-west-2' })],
  ['another path than was signed', MISMATCH, () => send(operator, {}, undefined, '/issuers')],
  ['another query than was signed', MISMATCH, () => send(operator, {}, undefined, '/tenants?limit=1')],
  [
    'another signed header',
    MISMATCH,
    () => send(operator, { headers: { 'if-match': '"7"' } }, (headers) => headers.set('if-match', '"8"')),
  ],
  ['a role that may not', DENIED, () => send(powerless)],
  ['a write by who may only read', DENIED, () => send(reader, { method: 'DELETE', path: '/tenants/acme' })],
  ['what is denied by name', DENIED, () => send(reader, { path: '/tenants/secret' })],
  ['another tenant than the one', DENIED, () => send(ofAcme, { path: '/tenants/globex' })],
  ['the list by who may see one tenant', DENIED, () => send(ofAcme)],
  ['permission in another Region', DENIED, () => send(elsewhere)],
  ['what the session policy leaves out', DENIED, () => send(narrowed)],
  ['another account', DENIED, () => send(foreign)],
  [
    'a denied name in escapes, allowed as another',
    UNKNOWN_PATH,
    () => sendUnresolved(reader, '/tenants/%2e%2e/tenants/secret'),
  ],
];

describe('the door refuses with 403, and the app hears nothing of', () => {
  test.each(REFUSALS)('%s', async (_what, errorType, refused) => {
    const response = await refused();
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([403, errorType]);
    expect(await response.json()).toEqual({ message: expect.stringMatching(/./) });
    expect(reached).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  it('and says to whom what is not allowed', async () => {
    const message = `User: ${powerless.arn} is not authorized to perform: execute-api:Invoke on resource: ${API}/GET/tenants because no identity-based policy allows the execute-api:Invoke action`;
    expect(await (await send(powerless)).json()).toEqual({ message });
  });
});
