import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createIssuerKeys } from '../../../functions/adapters/issuer-keys.ts';
import { createTokenVerifier } from '../../../functions/adapters/token-verifier.ts';
import { type IssuerRecord, parseIssuer } from '../../../functions/core/issuer.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../../test-issuer.ts';

let issuer: TestIssuer;
let lookups: string[];
let now: Date;

beforeEach(async () => {
  now = new Date();
  lookups = [];
  issuer = await startTestIssuer(() => now);
});
afterEach(() => issuer.close());

function verifier(changes: Partial<IssuerRecord> = {}, { allowLoopback = true } = {}) {
  const record = parseIssuer({
    url: issuer.url,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    jwksUri: issuer.jwksUri,
    binding: { kind: 'claim', claim: 'tenant' },
    ...changes,
  });
  return createTokenVerifier({
    findIssuer: async (url) => {
      lookups.push(url);
      return url === record.url ? record : undefined;
    },
    keys: createIssuerKeys({ allowLoopback, clock: () => now }),
    clock: () => now,
  });
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

const seconds = () => Math.floor(now.getTime() / 1000);

describe('a token that is taken', () => {
  it('says who is asking', async () => {
    const token = await issuer.sign({ claims: { scope: 'vend  write', client_id: 'app', jti: 'j-1' } });
    expect(await verifier().verify(token)).toEqual({
      issuer: issuer.url,
      subject: 'app-1',
      tenant: { kind: 'claim', issuer: issuer.url, value: 'acme' },
      scopes: new Set(['vend', 'write']),
      clientId: 'app',
      tokenId: 'j-1',
      validUntil: new Date((seconds() + 330) * 1000),
    });
  });

  it('speaks for the tenant that its issuer is bound to, whatever it claims', async () => {
    const bound = verifier({ binding: { kind: 'tenant', tenantId: 'initech' as never } });
    const { tenant } = await bound.verify(await issuer.sign({ claims: { tenant: 'acme' } }));
    expect(tenant).toEqual({ kind: 'tenant', issuer: issuer.url, tenantId: 'initech' });
  });

  it('is checked with the keys in the record of an issuer that has no endpoint, and with no other', async () => {
    const publicKeys = (await (await fetch(issuer.jwksUri)).json()) as { keys: [] };
    const foreign = await startTestIssuer();
    const withKeys = (jwks: unknown) => verifier({ jwksUri: undefined, jwks: jwks as never });
    await expect(withKeys(publicKeys).verify(await issuer.sign())).resolves.toMatchObject({
      subject: 'app-1',
    });
    const otherKeys = await (await fetch(foreign.jwksUri)).json();
    foreign.close();
    await expect(withKeys(otherKeys).verify(await issuer.sign())).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  it.each([
    ['as its issuer demands', { env: 'prod' }, undefined],
    ['without a claim that its issuer demands', {}, 'token_invalid'],
    ['with another value of it', { env: 'dev' }, 'token_invalid'],
    ['with a list that holds it', { env: ['prod'] }, 'token_invalid'],
  ])('is taken only with the claims that its record demands: %s', async (_what, claims, code) => {
    const demanding = verifier({ requiredClaims: { env: 'prod' } });
    const outcome = demanding.verify(await issuer.sign({ claims })).then(
      () => undefined,
      (error: { code?: string }) => error.code,
    );
    expect(await outcome).toBe(code);
  });

  test.each<[string, Parameters<TestIssuer['sign']>[0]]>([
    ['typ in capitals', { header: { typ: 'AT+JWT' } }],
    ['typ in full', { header: { typ: 'application/at+jwt' } }],
    ['our audience among others', { claims: { aud: ['https://other.example', AUDIENCE] } }],
    [
      'a little in the past',
      { claims: { exp: Math.floor(Date.now() / 1000) - 20, iat: Math.floor(Date.now() / 1000) - 60 } },
    ],
    [
      'a little in the future',
      { claims: { iat: Math.floor(Date.now() / 1000) + 20, nbf: Math.floor(Date.now() / 1000) + 20 } },
    ],
  ])('%s', async (_what, changes) => {
    expect(await codeOf(verifier().verify(await issuer.sign(changes)))).toBe('accepted');
  });

  it('costs one fetch of the keys, however many come together', async () => {
    const subject = verifier();
    const token = await issuer.sign();
    await Promise.all(Array.from({ length: 20 }, () => subject.verify(token)));
    expect(issuer.fetches()).toBe(1);
  });
});

describe('a token that is refused before anything is looked up', () => {
  test.each<[string, (token: string) => string]>([
    ['empty', () => ''],
    ['one segment', (token) => token.split('.')[0] ?? ''],
    ['two segments', (token) => token.split('.').slice(0, 2).join('.')],
    ['four segments', (token) => `${token}.AA`],
    ['an empty signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
    ['padding', (token) => `${token}=`],
    ['a space inside', (token) => token.replace('.', ' .')],
    ['a newline behind', (token) => `${token}\n`],
    ['over 8 KiB', (token) => token + 'A'.repeat(8192)],
    ['a header that is no JSON', (token) => token.replace(/^[^.]+/, 'AAAA')],
    ['a payload that is no JSON', (token) => token.replace(/\.[^.]+\./, '.AAAA.')],
  ])('%s', async (_what, change) => {
    expect(await codeOf(verifier().verify(change(await issuer.sign())))).toBe('token_malformed');
    expect([lookups, issuer.fetches()]).toEqual([[], 0]);
  });

  it('half a character in iss', async () => {
    const token = await issuer.sign({ claims: { iss: `${issuer.url}/\ud800` } });
    expect(await codeOf(verifier().verify(token))).toBe('token_malformed');
    expect([lookups, issuer.fetches()]).toEqual([[], 0]);
  });
});

describe('an issuer that is not configured', () => {
  test.each<[string, (url: string) => unknown]>([
    ['unknown', () => 'https://evil.example'],
    ['with a trailing slash', (url) => `${url}/`],
    ['in another case', (url) => url.toUpperCase()],
    ['a prefix of a configured one', (url) => url.slice(0, -1)],
    ['beginning like a configured one', (url) => `${url}@evil.example`],
    ['missing', () => undefined],
    ['an array', (url) => [url]],
    ['a number', () => 7],
    ['a metadata address', () => 'http://169.254.169.254/latest'],
    ['longer than any', (url) => `${url}/${'x'.repeat(512)}`],
  ])('%s causes no fetch', async (_what, change) => {
    const token = await issuer.sign({ claims: { iss: change(issuer.url) as string } });
    expect(await codeOf(verifier().verify(token))).toBe('issuer_unknown');
    expect(issuer.fetches()).toBe(0);
  });
});

describe('a token that does not verify', () => {
  const past = (by: number) => Math.floor(Date.now() / 1000) - by;

  test.each<[string, Parameters<TestIssuer['sign']>[0], string]>([
    ['another audience', { claims: { aud: 'https://other.example' } }, 'token_invalid'],
    ['no audience', { claims: { aud: undefined as never } }, 'token_invalid'],
    ['no exp', { claims: { exp: undefined as never } }, 'token_invalid'],
    ['exp a string', { claims: { exp: '9999999999' as never } }, 'token_invalid'],
    ['exp in milliseconds', { claims: { exp: Date.now() } }, 'token_invalid'],
    ['expired beyond the skew', { claims: { exp: past(31), iat: past(300) } }, 'token_expired'],
    ['nbf beyond the skew', { claims: { nbf: past(-60) } }, 'token_invalid'],
    ['iat beyond the skew', { claims: { iat: past(-60) } }, 'token_invalid'],
    ['no iat', { claims: { iat: undefined as never } }, 'token_invalid'],
    ['no sub', { claims: { sub: undefined as never } }, 'token_invalid'],
    ['an empty sub', { claims: { sub: ' ' } }, 'token_invalid'],
    ['a sub that is too long', { claims: { sub: 'x'.repeat(257) } }, 'token_invalid'],
    ['a tenant that is too long', { claims: { tenant: 'x'.repeat(257) } }, 'token_invalid'],
    ['half a character in sub', { claims: { sub: 'app-\ud800' } }, 'token_invalid'],
    ['half a character in the tenant', { claims: { tenant: '\udc00' } }, 'token_invalid'],
    ['sub an object', { claims: { sub: {} as never } }, 'token_invalid'],
    ['no tenant claim', { claims: { tenant: undefined } }, 'token_invalid'],
    ['tenant an array', { claims: { tenant: ['acme'] } }, 'token_invalid'],
    ['tenant a number', { claims: { tenant: 7 } }, 'token_invalid'],
    ['scope an array', { claims: { scope: ['vend'] } }, 'token_invalid'],
    ['typ JWT', { header: { typ: 'JWT' } }, 'token_invalid'],
    ['no typ', { header: { typ: undefined } }, 'token_invalid'],
    ['an unknown kid', { header: { kid: 'key-2' } }, 'token_invalid'],
    ['a key of its own', { header: { jwk: { kty: 'RSA' } } }, 'token_invalid'],
    ['a link to keys', { header: { jku: 'https://evil.example/jwks' } }, 'token_invalid'],
    ['compressed', { header: { zip: 'DEF' } }, 'token_invalid'],
    ['HS256 with a secret', { header: { alg: 'HS256' }, key: new Uint8Array(32).fill(7) }, 'token_invalid'],
  ])('%s', async (_what, changes, code) => {
    expect(await codeOf(verifier().verify(await issuer.sign(changes)))).toBe(code);
  });

  it('signed with an algorithm that the issuer may not use, by a key of its own set', async () => {
    expect(await codeOf(verifier({ algorithms: ['ES256'] }).verify(await issuer.sign()))).toBe(
      'token_invalid',
    );
  });

  it('of an issuer for which another’s record was found', async () => {
    const record = parseIssuer({
      url: issuer.url,
      audience: AUDIENCE,
      jwksUri: issuer.jwksUri,
      binding: { kind: 'claim', claim: 'tenant' },
    });
    const confused = createTokenVerifier({
      findIssuer: async () => record,
      keys: createIssuerKeys({ allowLoopback: true, clock: () => new Date() }),
      clock: () => now,
    });
    expect(
      await codeOf(confused.verify(await issuer.sign({ claims: { iss: 'https://other.example' } }))),
    ).toBe('token_invalid');
  });

  it('signed with another key under the same kid', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    expect(await codeOf(verifier().verify(await issuer.sign({ key: privateKey })))).toBe('token_invalid');
  });

  it('RS384 under a key for RS256', async () => {
    const key = (await importJWK({ ...(await exportJWK(issuer.privateKey)) }, 'RS384')) as CryptoKey;
    expect(await codeOf(verifier().verify(await issuer.sign({ header: { alg: 'RS384' }, key })))).toBe(
      'token_invalid',
    );
  });

  it('alg none', async () => {
    const [, payload] = (await issuer.sign()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(await codeOf(verifier().verify(`${header}.${payload}.AA`))).toBe('token_invalid');
  });

  it('a claim named like a member of every object', async () => {
    const odd = verifier({ binding: { kind: 'claim', claim: 'toString' } });
    expect(await codeOf(odd.verify(await issuer.sign()))).toBe('token_invalid');
  });
});

describe('keys', () => {
  test.each<[string, Parameters<TestIssuer['answerWith']>[0]]>([
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['an error', (_request, response) => response.writeHead(500).end()],
    [
      'too large a set',
      (_request, response) => response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(70_000) })),
    ],
    ['no JSON', (_request, response) => response.end('<html>')],
    ['a broken connection', (request) => request.socket.destroy()],
  ])('that come as %s are unavailable', async (_what, respond) => {
    issuer.answerWith(respond);
    expect(await codeOf(verifier().verify(await issuer.sign()))).toBe('keys_unavailable');
    expect(issuer.fetches()).toBe(1);
  });

  it('over http are refused unless loopback is allowed', async () => {
    expect(await codeOf(verifier({}, { allowLoopback: false }).verify(await issuer.sign()))).toBe(
      'keys_unavailable',
    );
    expect(issuer.fetches()).toBe(0);
  });

  it('over http from elsewhere are refused even then', async () => {
    const elsewhere = verifier({ jwksUri: 'http://192.0.2.1/jwks' });
    const refusal = await elsewhere.verify(await issuer.sign()).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'keys_unavailable', cause: 'jwksUri: got http, expected https' });
  });

  it('that cannot be had are asked for once a second, whoever asks', async () => {
    const subject = verifier();
    issuer.answerWith((_request, response) => response.end('[]'));
    for (let asked = 0; asked < 5; asked += 1)
      expect(await codeOf(subject.verify(await issuer.sign()))).toBe('keys_unavailable');
    expect(issuer.fetches()).toBe(1);
    issuer.answerWith(undefined);
    now = new Date(now.getTime() + 1001);
    expect(await codeOf(subject.verify(await issuer.sign()))).toBe('accepted');
  });

  it('of an unknown id are asked for once in the cooldown', async () => {
    const subject = verifier();
    await subject.verify(await issuer.sign());
    for (const kid of ['x', 'y', 'z'])
      expect(await codeOf(subject.verify(await issuer.sign({ header: { kid } })))).toBe('token_invalid');
    expect(issuer.fetches()).toBe(1);
  });

  it('of a server that says nothing are unavailable', async () => {
    issuer.answerWith(() => {});
    expect(await codeOf(verifier().verify(await issuer.sign()))).toBe('keys_unavailable');
  });
});
