import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createIssuerKeys } from '../../../../functions/adapters/issuer/issuer-keys.ts';
import { rememberTokens } from '../../../../functions/adapters/token/remembered-token-verifier.ts';
import {
  createTokenVerifier,
  type TokenVerifierDependencies,
} from '../../../../functions/adapters/token/token-verifier.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { type IssuerRecord, parseIssuer } from '../../../../functions/core/issuer/issuer.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../../../test-issuer.ts';

const MINUTE = 60_000;

let issuer: TestIssuer;
let now: Date;
const pass = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};

let fetchesBefore: number;
const fetches = () => issuer.fetches() - fetchesBefore;

beforeAll(async () => {
  issuer = await startTestIssuer(() => now);
});
beforeEach(() => {
  now = new Date();
  issuer.answerWith(undefined);
  fetchesBefore = issuer.fetches();
});
afterAll(() => issuer.close());

interface Setup {
  readonly terms?: Partial<IssuerRecord>;
  readonly allowLoopback?: boolean;
  readonly milliseconds?: number;
}

/** What becomes of a token: `taken`, or the code. */
function checking({ terms = {}, allowLoopback = true, milliseconds = 5000 }: Setup = {}) {
  const { tokens, remembered } = verifiers(terms, allowLoopback);
  const outcome = (verifier: typeof tokens) => async (token: string) => {
    try {
      await verifier.verify(secret(token), startDeadline(milliseconds));
      return 'taken';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  return Object.assign(outcome(tokens), {
    remembered: outcome(remembered as typeof tokens),
    fails: (token: string) =>
      tokens.verify(secret(token), startDeadline(milliseconds)).then(
        () => undefined,
        (error: unknown) => error,
      ),
  });
}

function recordOf(terms: Partial<IssuerRecord>) {
  return parseIssuer({
    url: issuer.url,
    audience: AUDIENCE,
    jwksUri: issuer.jwksUri,
    binding: { kind: 'claim', claim: 'tenant' },
    ...terms,
  });
}

function verifiers(terms: Partial<IssuerRecord>, allowLoopback: boolean) {
  const record = recordOf(terms);
  return verifiersOver(async () => record, allowLoopback);
}

function verifiersOver(findIssuer: TokenVerifierDependencies['findIssuer'], allowLoopback: boolean) {
  const tokens = createTokenVerifier({
    findIssuer,
    keys: createIssuerKeys({ allowLoopback, clock: () => now }),
    clock: () => now,
  });
  return { tokens, remembered: rememberTokens(tokens, () => now) };
}

const signed = (kid = 'key-1') => issuer.sign({ header: { kid } });

async function publicJwk(): Promise<JWK> {
  const { kty, n, e } = await exportJWK(issuer.privateKey);
  return { kty, n, e } as JWK;
}

/** Publishes the issuer's key under these names. */
async function publish(...changes: readonly Partial<JWK>[]): Promise<void> {
  const jwk = await publicJwk();
  publishAll(...changes.map((each) => ({ ...jwk, ...each })));
}

function publishAll(...keys: readonly object[]): void {
  const body = JSON.stringify({ keys });
  issuer.answerWith((_request, response) => response.end(body));
}

const down = () => issuer.answerWith((_request, response) => response.writeHead(503).end());

describe('a key set', () => {
  it('is fetched once for 10 minutes, by all who come together', async () => {
    const check = checking();
    const token = await signed();
    expect(await Promise.all(Array.from({ length: 20 }, () => check(token)))).toEqual(
      Array(20).fill('taken'),
    );
    pass(10 * MINUTE - 1);
    expect(await check(await signed())).toBe('taken');
    expect(fetches()).toBe(1);
    pass(1);
    expect(await check(await signed())).toBe('taken');
    expect(fetches()).toBe(2);
  });

  it('is shared by issuers who have it in common', async () => {
    const keys = createIssuerKeys({ allowLoopback: true, clock: () => now });
    for (const url of ['https://a.example', 'https://b.example']) {
      const record = parseIssuer({
        url,
        audience: 'x',
        jwksUri: issuer.jwksUri,
        binding: { kind: 'claim', claim: 'org' },
      });
      await keys.find(record, { alg: 'RS256', kid: 'key-1' }, startDeadline(5000));
    }
    expect(fetches()).toBe(1);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['a redirect', (_request, response) => response.writeHead(302, { location: issuer.jwksUri }).end()],
    ['an error', (_request, response) => response.writeHead(500).end()],
    ['nothing new', (_request, response) => response.writeHead(304).end()],
    ['too much', (_request, response) => response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(65_536) }))],
    ['too much, bit by bit', (_request, response) => drip(response)],
    ['no JSON', (_request, response) => response.end('<html>')],
    ['no UTF-8', (_request, response) => response.end(Buffer.from('{"keys":[],"a":"\xff"}', 'latin1'))],
    ['something twice', (_request, response) => response.end('{"keys":[],"keys":[]}')],
    [
      'what is too deep',
      (_request, response) => response.end(`{"keys":[${'['.repeat(30)}${']'.repeat(30)}]}`),
    ],
    ['a list', (_request, response) => response.end('[]')],
    ['half an answer', (_request, response) => half(response)],
    ['a broken connection', (request) => request.socket.destroy()],
    ['silence', () => {}],
  ])('that comes as %s is unavailable', async (_what, respond) => {
    issuer.answerWith(respond);
    expect(await checking().fails(await signed())).toMatchObject({
      code: 'keys_unavailable',
      retryAfterSeconds: 1,
    });
    expect(fetches()).toBe(1);
  });

  it('is waited for no longer than there is time, and kept for the next', async () => {
    let answer = () => {};
    issuer.answerWith((_request, response) => {
      answer = () => response.end(body);
    });
    const body = JSON.stringify({ keys: [{ ...(await publicJwk()), kid: 'key-1' }] });
    const token = await signed();
    const { tokens } = verifiers({}, true);
    const hurried = await tokens
      .verify(secret(token), startDeadline(50))
      .catch((error: { code: string }) => error.code);
    expect(hurried).toBe('deadline_exceeded');
    const waiting = tokens.verify(secret(token), startDeadline(5000));
    answer();
    expect((await waiting).caller.subject).toBe('app-1');
    expect(fetches()).toBe(1);
  });

  test.each([
    ['http without leave', { allowLoopback: false }, 'jwksUri: got http, expected https'],
    [
      'http from elsewhere',
      { terms: { jwksUri: 'http://192.0.2.1/jwks' } },
      'jwksUri: got http, expected https',
    ],
    ['https of another', { terms: { jwksUri: 'https://a@192.0.2.1/' } }, 'jwksUri: got a user name'],
  ])('is not fetched over %s', async (_what, setup, message) => {
    expect(await checking(setup).fails(await signed())).toMatchObject({
      code: 'keys_unavailable',
      cause: { message: expect.stringContaining(message) },
    });
    expect(fetches()).toBe(0);
  });
});

function drip(response: ServerResponse): void {
  response.write('{"keys":[],"a":"');
  for (let kibibytes = 0; kibibytes < 100; kibibytes += 1) response.write('x'.repeat(1024));
}

function half(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1000 }).write('{"keys":[]');
  setTimeout(() => response.destroy(), 20);
}

describe('keys that change', () => {
  it('are found by one look more, at most 10 seconds later', async () => {
    const check = checking();
    await check(await signed());
    await publish({ kid: 'key-2' });
    pass(9999);
    expect([await check(await signed('key-2')), fetches()]).toEqual(['token_invalid', 1]);
    pass(1);
    expect([await check(await signed('key-2')), fetches()]).toEqual(['taken', 2]);
    expect(await check(await signed('key-1'))).toBe('token_invalid');
  });

  it('are not held up for longer by 10,000 key ids that somebody makes up', async () => {
    const check = checking();
    const token = await signed();
    await check(token);
    pass(10_000);
    const [, payload, signature] = token.split('.');
    const forged = Array.from({ length: 10_000 }, (_, index) => {
      const header = JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: `made-up-${index}` });
      return `${Buffer.from(header).toString('base64url')}.${payload}.${signature}`;
    });
    expect(new Set(await Promise.all(forged.map(check)))).toEqual(new Set(['token_invalid']));
    expect(fetches()).toBe(2);
    await publish({ kid: 'key-2' });
    pass(5000);
    await Promise.all(forged.slice(0, 100).map(check));
    expect(fetches()).toBe(2);
    pass(5000);
    expect([await check(await signed('key-2')), fetches()]).toEqual(['taken', 3]);
  });

  it('take what was signed with them along after 10 minutes, remembered or not', async () => {
    const { remembered: check } = checking();
    const token = await issuer.sign({ claims: { exp: Math.floor(now.getTime() / 1000) + 3600 } });
    await check(token);
    await publish({ kid: 'key-2' });
    pass(10 * MINUTE - 1);
    expect(await check(token)).toBe('taken');
    pass(1);
    expect([await check(token), fetches()]).toEqual(['token_invalid', 2]);
  });

  it('take it along as soon as somebody sees the change', async () => {
    const { remembered: check } = checking();
    const token = await signed();
    await check(token);
    await publish({ kid: 'key-2' });
    pass(20_000);
    expect(await check(token)).toBe('taken');
    expect(await check(await signed('key-2'))).toBe('taken');
    expect([await check(token), fetches()]).toEqual(['token_invalid', 2]);
  });

  it('are not taken for changed when the same come again', async () => {
    const { tokens } = verifiers({}, true);
    const verified = await tokens.verify(secret(await signed()), startDeadline(5000));
    pass(20_000);
    // Fetched anew for a key that is not there.
    await tokens.verify(secret(await signed('x')), startDeadline(5000)).catch(() => {});
    expect([await tokens.stillStands(verified), fetches()]).toEqual([true, 2]);
    expect(await tokens.stillStands({ ...verified })).toBe(false);
  });

  it('and the whole record: another one is asked for anew', async () => {
    const known = { record: recordOf({}) };
    const { tokens, remembered } = verifiersOver(async () => known.record, true);
    const token = await signed();
    const verified = await tokens.verify(secret(token), startDeadline(5000));
    const check = (verifier: typeof tokens) =>
      verifier.verify(secret(token), startDeadline(5000)).then(
        () => 'taken',
        ({ code }) => code,
      );
    expect(await check(remembered as typeof tokens)).toBe('taken');
    // Read again, and the same.
    known.record = recordOf({});
    expect(await tokens.stillStands(verified)).toBe(true);
    for (const change of [{ audience: 'https://other.example' }, { tokenUse: 'once' as const }]) {
      known.record = recordOf(change);
      expect(await tokens.stillStands(verified)).toBe(false);
      expect(await check(remembered as typeof tokens)).toBe('token_invalid');
    }
  });

  it('in the record are another set', async () => {
    const jwks = { keys: [{ ...(await publicJwk()), kid: 'key-1' }] } as never;
    const check = checking({ terms: { jwksUri: undefined, jwks } });
    expect([await check(await signed()), await check(await signed('key-2'))]).toEqual([
      'taken',
      'token_invalid',
    ]);
    expect(fetches()).toBe(0);
  });
});

describe('while the issuer is down', () => {
  it('nothing is taken cold, and it is asked once a second', async () => {
    const check = checking();
    down();
    for (let asked = 0; asked < 5; asked += 1) expect(await check(await signed())).toBe('keys_unavailable');
    pass(999);
    expect([await check(await signed()), fetches()]).toEqual(['keys_unavailable', 1]);
    issuer.answerWith(undefined);
    pass(1);
    expect([await check(await signed()), fetches()]).toEqual(['taken', 2]);
  });

  it('one that hangs is left alone in between, longer each time', async () => {
    const check = checking();
    issuer.answerWith((_request, response) => {
      // As long as a fetch may take.
      pass(1000);
      response.destroy();
    });
    const asksAfter = async (milliseconds: number) => {
      const before = fetches();
      pass(milliseconds);
      expect(await check(await signed())).toBe('keys_unavailable');
      return fetches() - before;
    };
    expect([await asksAfter(0), await asksAfter(0), await asksAfter(999)]).toEqual([1, 0, 0]);
    expect([await asksAfter(1), await asksAfter(1999), await asksAfter(1)]).toEqual([1, 0, 1]);
    for (const milliseconds of [4000, 8000, 10_000]) expect(await asksAfter(milliseconds)).toBe(1);
  });

  it('its keys count for an hour, and it is asked once in 10 seconds', async () => {
    const check = checking();
    await check(await signed());
    down();
    pass(10 * MINUTE);
    for (let asked = 0; asked < 5; asked += 1) expect(await check(await signed())).toBe('taken');
    expect(fetches()).toBe(2);
    pass(10_000);
    expect([await check(await signed()), fetches()]).toEqual(['taken', 3]);
    pass(50 * MINUTE - 10_001);
    expect(await check(await signed())).toBe('taken');
    pass(1);
    expect(await check(await signed())).toBe('keys_unavailable');
  });

  it('a token that is remembered counts no longer than its key', async () => {
    const { remembered: check } = checking();
    const token = await issuer.sign({ claims: { exp: Math.floor(now.getTime() / 1000) + 7200 } });
    await check(token);
    down();
    pass(60 * MINUTE - 1);
    expect(await check(token)).toBe('taken');
    pass(1);
    expect(await check(token)).toBe('keys_unavailable');
  });

  it('a key that is not known may be a new one', async () => {
    const check = checking();
    await check(await signed());
    down();
    pass(10_000);
    expect(await check.fails(await signed('key-2'))).toMatchObject({
      code: 'keys_unavailable',
      retryAfterSeconds: 10,
    });
    pass(3000);
    expect(await check.fails(await signed('key-3'))).toMatchObject({ retryAfterSeconds: 7 });
    expect([await check(await signed()), fetches()]).toEqual(['taken', 2]);
  });

  it('and its clock or ours is put back, it is asked again', async () => {
    const check = checking();
    await check(await signed());
    pass(-60 * MINUTE);
    await publish({ kid: 'key-2' });
    expect([await check(await signed()), fetches()]).toEqual(['token_invalid', 2]);
  });
});

describe('of the keys in a set', () => {
  test.each<[string, readonly Partial<JWK>[], string]>([
    ['the one that is named', [{ kid: 'key-2' }, { kid: 'key-1' }], 'taken'],
    ['one for this algorithm', [{ kid: 'key-1', alg: 'RS256', use: 'sig', key_ops: ['verify'] }], 'taken'],
    ['one for another', [{ kid: 'key-1', alg: 'RS384' }], 'token_invalid'],
    ['one for PS256', [{ kid: 'key-1', alg: 'PS256' }], 'token_invalid'],
    ['one for encryption', [{ kid: 'key-1', use: 'enc' }], 'token_invalid'],
    ['one for wrapping', [{ kid: 'key-1', key_ops: ['wrapKey'] }], 'token_invalid'],
    ['two of one name', [{ kid: 'key-1' }, { kid: 'key-1', alg: 'RS256' }], 'token_invalid'],
    ['none of that name', [{ kid: 'KEY-1' }], 'token_invalid'],
    ['one without a name', [{}], 'token_invalid'],
    ['a weak exponent', [{ kid: 'key-1', e: 'AQ' }], 'token_invalid'],
    ['none', [], 'token_invalid'],
    ['a private one', [{ kid: 'key-1' }, { kid: 'x', d: 'AAAA' }], 'keys_unavailable'],
    ['a symmetric one', [{ kid: 'key-1' }, { kid: 'x', kty: 'oct', k: 'AAAA' }], 'keys_unavailable'],
  ])('%s: %j, %s', async (_what, keys, outcome) => {
    await publish(...keys);
    expect(await checking()(await signed())).toBe(outcome);
  });

  test.each<[string, readonly Partial<JWK>[], string]>([
    ['one without a name', [{}], 'taken'],
    ['one with a name', [{ kid: 'a' }], 'token_invalid'],
    [
      'one for its algorithm',
      [
        { kid: 'a', alg: 'RS256' },
        { kid: 'b', alg: 'PS256' },
      ],
      'token_invalid',
    ],
    ['two', [{ kid: 'a' }, { kid: 'b' }], 'token_invalid'],
    ['two without names', [{ alg: 'RS256' }, { alg: 'PS256' }], 'token_invalid'],
    ['one that is weak beside', [{}, { e: 'AQ' }], 'taken'],
  ])('a token that names none means %s: %j, %s', async (_what, keys, outcome) => {
    await publish(...keys);
    const token = await issuer.sign({ header: { kid: undefined } });
    expect(await checking()(token)).toBe(outcome);
  });

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256', 'RS512'] as const)(
    'one for %s is good for that alone',
    async (alg) => {
      const { privateKey, publicKey } = await generateKeyPair(alg);
      const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1' };
      publishAll(jwk);
      const token = await issuer.sign({ header: { alg }, key: privateKey });
      expect(await checking({ terms: { algorithms: [alg] } })(token)).toBe('taken');
      const others = { algorithms: ['RS256' as const, 'RS384' as const] };
      expect(await checking({ terms: others })(token)).toBe('token_invalid');
    },
  );

  it('none counts any longer, when a private one is published with them', async () => {
    const check = checking();
    await check(await signed());
    await publish({ kid: 'key-1' }, { kid: 'x', d: 'AAAA' });
    pass(10 * MINUTE);
    expect(await check.fails(await signed())).toMatchObject({
      code: 'keys_unavailable',
      cause: 'the key set holds a private or symmetric key',
    });
    await publish({ kid: 'key-1' });
    pass(10_000);
    expect(await check(await signed())).toBe('taken');
  });

  it('another issuer’s of the same name is no use', async () => {
    const other = await generateKeyPair('RS256');
    const check = checking();
    const forged = await issuer.sign({ key: other.privateKey });
    expect(await check(forged)).toBe('token_invalid');
  });
});

describe('discovery', () => {
  const terms = { jwksUri: undefined, discovery: true } as const;
  const OPENID = '/.well-known/openid-configuration';
  const OAUTH = '/.well-known/oauth-authorization-server';
  let asked: string[];
  beforeEach(() => {
    asked = [];
  });

  /** Answers each path with its document, and every other with 404. */
  async function serve(documents: Readonly<Record<string, unknown>>): Promise<void> {
    const keys = { keys: [{ ...(await publicJwk()), kid: 'key-1' }] };
    const all: Record<string, unknown> = { '/keys': keys, ...documents };
    issuer.answerWith(({ url = '' }, response) => {
      asked.push(url);
      if (all[url] === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify(all[url]));
    });
  }
  const metadata = (changes: object = {}) => ({
    issuer: issuer.url,
    jwks_uri: `${issuer.url}/keys`,
    ...changes,
  });

  it('leads to the keys, once in 10 minutes', async () => {
    await serve({ [OPENID]: metadata() });
    const check = checking({ terms });
    const token = await signed();
    expect(await Promise.all([check(token), check(token), check(token)])).toEqual([
      'taken',
      'taken',
      'taken',
    ]);
    expect(asked).toEqual([OPENID, '/keys']);
    pass(10 * MINUTE);
    await check(await signed());
    expect(asked).toHaveLength(4);
  });

  it('leads to them as OAuth has it, where OpenID Connect is not there', async () => {
    const url = `${issuer.url}/pool/`;
    await serve({ [`${OAUTH}/pool`]: metadata({ issuer: url }) });
    const token = await issuer.sign({ claims: { iss: url } });
    expect(await checking({ terms: { ...terms, url } })(token)).toBe('taken');
    expect(asked).toEqual([`/pool${OPENID}`, `${OAUTH}/pool`, '/keys']);
  });

  test.each<[string, () => Record<string, unknown>]>([
    ['another issuer', () => ({ [OPENID]: metadata({ issuer: 'https://other.example' }) })],
    ['the issuer with a slash', () => ({ [OPENID]: metadata({ issuer: `${issuer.url}/` }) })],
    ['no issuer', () => ({ [OPENID]: metadata({ issuer: undefined }) })],
    ['issuers', () => ({ [OPENID]: metadata({ issuer: [issuer.url] }) })],
    ['no keys', () => ({ [OPENID]: metadata({ jwks_uri: undefined }) })],
    ['keys in a file', () => ({ [OPENID]: metadata({ jwks_uri: 'file:///etc/passwd' }) })],
    ['keys over http', () => ({ [OPENID]: metadata({ jwks_uri: 'http://192.0.2.1/keys' }) })],
    ['keys of a user', () => ({ [OPENID]: metadata({ jwks_uri: 'https://a:b@192.0.2.1/keys' }) })],
    ['keys as a list', () => ({ [OPENID]: metadata({ jwks_uri: [`${issuer.url}/keys`] }) })],
    ['nothing', () => ({ [OPENID]: null })],
    ['another issuer by OAuth', () => ({ [OAUTH]: metadata({ issuer: 'https://other.example' }) })],
    ['keys that are not there', () => ({ [OPENID]: metadata({ jwks_uri: `${issuer.url}/none` }) })],
  ])('of %s leads nowhere', async (_what, documents) => {
    await serve(documents());
    expect(await checking({ terms })(await signed())).toBe('keys_unavailable');
    expect(asked).not.toContain('/keys');
  });

  it('asks OAuth for none whom OpenID Connect has failed', async () => {
    issuer.answerWith(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(500).end();
    });
    expect(await checking({ terms })(await signed())).toBe('keys_unavailable');
    expect(asked).toEqual([OPENID]);
  });

  it('is not asked over http without leave', async () => {
    const check = checking({ terms, allowLoopback: false });
    expect(await check.fails(await signed())).toMatchObject({
      code: 'keys_unavailable',
      cause: { message: 'url: got http, expected https' },
    });
    expect(fetches()).toBe(0);
  });
});
