import { describe, expect, test } from 'vitest';
import { AwsError } from '../../local/aws/aws-error.ts';
import type { Session } from '../../local/aws/session.ts';
import type { SigningService } from '../../local/aws/sigv4/signature-fault.ts';
import { authenticate } from '../../local/aws/sigv4.ts';
import { openUserKeys, parseUsers } from '../../local/aws/users.ts';
import type { WireRequest } from '../../local/aws/wire-request.ts';
import { type RequestToSign, signRequest } from './sign-request.ts';
import { ACCOUNT, createSession, REGION } from './tenant-session.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const SERVICES: readonly SigningService[] = ['sts', 's3', 'dynamodb'];
const minutesFromNow = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

const acme = createSession({ now: NOW });
const globex = createSession({ tenantId: 'globex', now: NOW });
const expired = createSession({ now: minutesFromNow(-60) });
const sessions = new Map<string, Session>(
  [acme, globex, expired].map((session) => [session.credentials.accessKeyId, session]),
);
const longTerm = { accessKeyId: 'AKIAUSER222222222222', secretAccessKey: 'long-term/secret' };
openUserKeys(
  parseUsers([{ arn: `arn:aws:iam::${ACCOUNT}:user/jo`, policies: {}, accessKeys: [longTerm] }]),
  sessions,
);
const user = sessions.get(longTerm.accessKeyId);

function check(request: WireRequest, service: SigningService): Session {
  return authenticate(request, { service, region: REGION, sessions, clock: () => NOW });
}

function refusalOf(request: WireRequest, service: SigningService): string {
  try {
    check(request, service);
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}`;
    throw error;
  }
  return 'accepted';
}

function withHeaders(request: WireRequest, changes: Record<string, string | undefined>): WireRequest {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return { ...request, headers };
}

function withAuthorization(request: WireRequest, change: (value: string) => string): WireRequest {
  return withHeaders(request, { authorization: change(request.headers.get('authorization') ?? '') });
}

describe('what the SDK signs is accepted', () => {
  test.each<[string, RequestToSign]>([
    ['an empty body', { method: 'GET' }],
    ['a body', { body: '{"TableName":"items"}' }],
    ['a header with runs of spaces', { headers: { 'x-amz-meta-note': '  a   b  ' } }],
    ['a query', { method: 'GET', query: { b: '2', a: '1', 'a-b': 'x y+z/=&', c: ['2', '1'], ü: "~*'()!" } }],
    ['an empty query value', { method: 'GET', query: { location: '' } }],
    ['a time 15 minutes old', { now: minutesFromNow(-15) }],
    ['a time 15 minutes ahead', { now: minutesFromNow(15) }],
  ])('%s', async (_, request) => {
    for (const service of SERVICES) {
      expect(check(await signRequest(acme, { now: NOW, ...request, service }), service)).toBe(acme);
    }
  });

  test("with a user's long-term key, which has no token and no end", async () => {
    for (const service of SERVICES)
      expect(check(await good(service, {}, { credentials: longTerm }), service)).toBe(user);
  });

  test.each([
    '/bucket/a%20b',
    '/bucket/a%2Bb',
    '/bucket//a',
    '/bucket/%C3%BC',
    '/bucket/a/../b',
    '/bucket/a%25b',
    '/bucket/%21%27%28%29%2A~',
  ])('the S3 path %s', async (path) => {
    const signed = await signRequest(acme, { service: 's3', method: 'GET', path, now: NOW });
    expect(check(signed, 's3')).toBe(acme);
  });
});

/** What is wrong with a request, and the answers of STS, S3 and DynamoDB to it. */
type Refusal = readonly [
  what: string,
  make: (service: SigningService) => Promise<WireRequest>,
  answers: readonly [sts: string, s3: string, dynamodb: string],
];

const good = (
  service: SigningService,
  request: RequestToSign = {},
  session: Pick<Session, 'credentials'> = acme,
) => signRequest(session, { now: NOW, body: 'Action=GetCallerIdentity', service, ...request });
const tampered = (change: (request: WireRequest) => WireRequest) => async (service: SigningService) =>
  change(await good(service));

const DENIED = [
  '403 SignatureDoesNotMatch',
  '403 SignatureDoesNotMatch',
  '400 InvalidSignatureException',
] as const;
const INCOMPLETE = [
  '400 IncompleteSignature',
  '400 AuthorizationHeaderMalformed',
  '400 IncompleteSignatureException',
] as const;
const WRONG_SCOPE = [
  '403 SignatureDoesNotMatch',
  '400 AuthorizationHeaderMalformed',
  '400 InvalidSignatureException',
] as const;
const UNSIGNED = ['403 SignatureDoesNotMatch', '403 AccessDenied', '400 InvalidSignatureException'] as const;
const UNKNOWN_KEY = [
  '403 InvalidClientTokenId',
  '403 InvalidAccessKeyId',
  '400 UnrecognizedClientException',
] as const;
const SKEWED = [
  '403 SignatureDoesNotMatch',
  '403 RequestTimeTooSkewed',
  '400 InvalidSignatureException',
] as const;

const REFUSALS: readonly Refusal[] = [
  [
    'no signature',
    tampered((request) => withHeaders(request, { authorization: undefined })),
    ['403 MissingAuthenticationToken', '403 AccessDenied', '400 MissingAuthenticationTokenException'],
  ],
  [
    'another scheme',
    tampered((request) => withHeaders(request, { authorization: 'Bearer abc' })),
    INCOMPLETE,
  ],
  [
    'two signatures',
    tampered((request) => withAuthorization(request, (value) => `${value}, ${value}`)),
    INCOMPLETE,
  ],
  [
    'signed headers out of order',
    tampered((request) =>
      withAuthorization(request, (value) =>
        value.replace('host;', '').replace('x-amz-date;', 'x-amz-date;host;'),
      ),
    ),
    INCOMPLETE,
  ],
  [
    'a presigned URL',
    tampered((request) => ({ ...request, url: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' })),
    ['400 IncompleteSignature', '501 NotImplemented', '400 IncompleteSignatureException'],
  ],
  [
    'one digit of the signature',
    tampered((request) =>
      withAuthorization(request, (value) => value.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
    ),
    DENIED,
  ],
  ['another method', tampered((request) => ({ ...request, method: 'PUT' })), DENIED],
  ['another path', tampered((request) => ({ ...request, url: '/other' })), DENIED],
  ['one more query parameter', tampered((request) => ({ ...request, url: '/?acl' })), DENIED],
  ['another signed header', tampered((request) => withHeaders(request, { host: 'elsewhere' })), DENIED],
  [
    'a signed header left out',
    tampered((request) => withAuthorization(request, (value) => value.replace('host;', 'host;if-match;'))),
    DENIED,
  ],
  [
    'another body',
    tampered((request) => ({ ...request, body: Buffer.from('Action=AssumeRole') })),
    ['403 SignatureDoesNotMatch', '400 XAmzContentSHA256Mismatch', '400 InvalidSignatureException'],
  ],
  [
    'another body, its hash replaced',
    tampered((request) =>
      withHeaders(
        { ...request, body: new Uint8Array() },
        { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      ),
    ),
    DENIED,
  ],
  [
    'an unsigned x-amz-target',
    tampered((request) => withHeaders(request, { 'x-amz-target': 'DynamoDB_20120810.Scan' })),
    UNSIGNED,
  ],
  [
    'an unsigned host',
    tampered((request) => withAuthorization(request, (value) => value.replace('host;', ''))),
    UNSIGNED,
  ],
  ['an unknown key', (service) => good(service, {}, createSession({ now: NOW })), UNKNOWN_KEY],
  [
    'no token',
    tampered((request) =>
      withAuthorization(withHeaders(request, { 'x-amz-security-token': undefined }), (value) =>
        value.replace(';x-amz-security-token', ''),
      ),
    ),
    UNKNOWN_KEY,
  ],
  [
    "another session's token",
    (service) =>
      good(
        service,
        {},
        { credentials: { ...acme.credentials, sessionToken: globex.credentials.sessionToken } },
      ),
    ['403 InvalidClientTokenId', '400 InvalidToken', '400 UnrecognizedClientException'],
  ],
  [
    'a long-term key with a token',
    (service) =>
      good(
        service,
        {},
        { credentials: { ...longTerm, sessionToken: acme.credentials.sessionToken, expiration: NOW } },
      ),
    ['403 InvalidClientTokenId', '400 InvalidToken', '400 UnrecognizedClientException'],
  ],
  [
    'a long-term key with an empty token',
    (service) => good(service, { headers: { 'x-amz-security-token': '' } }, { credentials: longTerm }),
    ['403 InvalidClientTokenId', '400 InvalidToken', '400 UnrecognizedClientException'],
  ],
  [
    "a long-term key with another's secret",
    (service) =>
      good(service, {}, { credentials: { ...longTerm, secretAccessKey: acme.credentials.secretAccessKey } }),
    DENIED,
  ],
  [
    "another session's secret",
    (service) =>
      good(
        service,
        {},
        { credentials: { ...acme.credentials, secretAccessKey: globex.credentials.secretAccessKey } },
      ),
    DENIED,
  ],
  [
    'expired credentials',
    (service) => good(service, {}, expired),
    ['403 ExpiredToken', '400 ExpiredToken', '400 ExpiredTokenException'],
  ],
  ['another Region', (service) => good(service, { region: 'us-west-2' }), WRONG_SCOPE],
  [
    'another service',
    () => good('sts', {}),
    ['accepted', '400 AuthorizationHeaderMalformed', '400 InvalidSignatureException'],
  ],
  ['a time over 15 minutes old', (service) => good(service, { now: minutesFromNow(-16) }), SKEWED],
  ['a time over 15 minutes ahead', (service) => good(service, { now: minutesFromNow(16) }), SKEWED],
  [
    'a day that is not the date',
    tampered((request) => withHeaders(request, { 'x-amz-date': '20261122T000000Z' })),
    WRONG_SCOPE,
  ],
  [
    'no date',
    tampered((request) =>
      withAuthorization(withHeaders(request, { 'x-amz-date': undefined }), (value) =>
        value.replace(';x-amz-date', ''),
      ),
    ),
    INCOMPLETE,
  ],
  [
    'a broken percent escape',
    tampered((request) => ({ ...request, url: '/%zz' })),
    ['403 SignatureDoesNotMatch', '400 InvalidURI', '400 InvalidSignatureException'],
  ],
  [
    'a broken percent escape in the query',
    tampered((request) => ({ ...request, url: '/?a=%zz' })),
    ['400 IncompleteSignature', '400 InvalidURI', '400 IncompleteSignatureException'],
  ],
];

describe('refused', () => {
  test.each(REFUSALS)('%s', async (_, make, answers) => {
    const given = await Promise.all(SERVICES.map(async (service) => refusalOf(await make(service), service)));
    expect(given).toEqual(answers);
  });

  test('with no word of the secret or the token', async () => {
    const request = await good(
      'dynamodb',
      {},
      { credentials: { ...acme.credentials, secretAccessKey: 'wrong' } },
    );
    expect(() => check(request, 'dynamodb')).toThrow(
      expect.objectContaining({
        message: expect.not.stringMatching(
          `${acme.credentials.secretAccessKey}|${acme.credentials.sessionToken}`,
        ),
      }),
    );
  });
});
