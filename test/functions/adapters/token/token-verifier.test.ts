import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createIssuerKeys } from '../../../../functions/adapters/issuer/issuer-keys.ts';
import {
  createTokenVerifier,
  type TokenVerifierDependencies,
} from '../../../../functions/adapters/token/token-verifier.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { type IssuerRecord, parseIssuer } from '../../../../functions/core/issuer/issuer.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../../../test-issuer.ts';

let issuer: TestIssuer;
let lookups: string[];
let now: Date;

let fetchesBefore: number;
const fetches = () => issuer.fetches() - fetchesBefore;

beforeAll(async () => {
  issuer = await startTestIssuer(() => now);
});
beforeEach(() => {
  now = new Date();
  lookups = [];
  fetchesBefore = issuer.fetches();
});
afterAll(() => issuer.close());

function verifier(changes: Partial<IssuerRecord> = {}) {
  const record = parseIssuer({
    url: issuer.url,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    jwksUri: issuer.jwksUri,
    binding: { kind: 'claim', claim: 'tenant' },
    ...changes,
  });
  return verifierOver(async (url) => {
    lookups.push(url);
    return url === record.url ? record : undefined;
  });
}

function verifierOver(findIssuer: TokenVerifierDependencies['findIssuer']) {
  const keys = createIssuerKeys({ allowLoopback: true, clock: () => now });
  const { verify } = createTokenVerifier({ findIssuer, keys, clock: () => now });
  return { verify: (token: string) => verify(secret(token), startDeadline(5000)) };
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
    expect(await verifier({ senderConstraint: 'dpop' }).verify(token)).toEqual({
      caller: {
        issuer: issuer.url,
        subject: 'app-1',
        tenant: { kind: 'claim', issuer: issuer.url, value: 'acme' },
        scopes: new Set(['vend', 'write']),
        clientId: 'app',
        tokenId: 'j-1',
        validUntil: new Date((seconds() + 330) * 1000),
      },
      terms: expect.objectContaining({ tokenUse: 'many', senderConstraint: 'dpop', proofNonce: 'none' }),
      confirmation: { jkt: undefined, certificateDigest: undefined },
    });
  });

  it('speaks for the tenant that its issuer is bound to, whatever it claims', async () => {
    const bound = verifier({ binding: { kind: 'tenant', tenantId: 'initech' as never } });
    const { caller } = await bound.verify(await issuer.sign({ claims: { tenant: 'acme' } }));
    expect(caller.tenant).toEqual({ kind: 'tenant', issuer: issuer.url, tenantId: 'initech' });
  });

  it('is checked with the keys in the record of an issuer that has no endpoint, and with no other', async () => {
    const publicKeys = (await (await fetch(issuer.jwksUri)).json()) as { keys: [] };
    const foreign = await startTestIssuer();
    const withKeys = (jwks: unknown) => verifier({ jwksUri: undefined, jwks: jwks as never });
    await expect(withKeys(publicKeys).verify(await issuer.sign())).resolves.toMatchObject({
      caller: { subject: 'app-1' },
    });
    const otherKeys = await (await fetch(foreign.jwksUri)).json();
    foreign.close();
    await expect(withKeys(otherKeys).verify(await issuer.sign())).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  test.each<[string, Parameters<TestIssuer['sign']>[0]]>([
    ['typ in capitals', { header: { typ: 'AT+JWT' } }],
    ['typ in full', { header: { typ: 'application/at+jwt' } }],
    ['with digests of a certificate', { header: { x5t: 'AAAA', 'x5t#S256': 'AAAA' } }],
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
    expect(fetches()).toBe(1);
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
    expect([lookups, fetches()]).toEqual([[], 0]);
  });

  it('half a character in iss', async () => {
    const token = await issuer.sign({ claims: { iss: `${issuer.url}/\ud800` } });
    expect(await codeOf(verifier().verify(token))).toBe('token_malformed');
    expect([lookups, fetches()]).toEqual([[], 0]);
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
    expect(fetches()).toBe(0);
  });
});

it('an issuer that is longer than any is not looked up', async () => {
  for (const [length, looked] of [
    [512, 1],
    [513, 0],
  ] as const) {
    lookups = [];
    const iss = `${issuer.url}/`.padEnd(length, 'x');
    expect(await codeOf(verifier().verify(await issuer.sign({ claims: { iss } })))).toBe('issuer_unknown');
    expect(lookups).toHaveLength(looked);
  }
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
    const confused = verifierOver(async () => record);
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

describe('what is refused before the issuer is looked up', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a key of its own', { jwk: { kty: 'RSA' } }],
    ['a link to keys', { jku: 'https://evil.example/jwks' }],
    ['a link to a certificate', { x5u: 'https://evil.example/cert' }],
    ['a certificate', { x5c: ['AAAA'] }],
    ['compression', { zip: 'DEF' }],
    ['a token inside', { cty: 'JWT' }],
    ['a kid that is a number', { kid: 7 }],
    ['a long kid', { kid: 'k'.repeat(257) }],
    ['alg none', { alg: 'none' }],
    ['alg None', { alg: 'None' }],
    ['alg in lower case', { alg: 'rs256' }],
    ['a symmetric alg', { alg: 'HS256' }],
    ['a name of every object for alg', { alg: 'constructor' }],
    ['no alg', { alg: undefined }],
    ['crit', { crit: ['b64'], b64: true }],
  ])('%s', async (_what, header) => {
    const [, payload, signature] = (await issuer.sign()).split('.');
    const usual = { alg: 'RS256', typ: 'at+jwt', kid: 'key-1' };
    const forged = Buffer.from(JSON.stringify({ ...usual, ...header })).toString('base64url');
    expect(await codeOf(verifier().verify(`${forged}.${payload}.${signature}`))).toBe('token_invalid');
    expect([lookups, fetches()]).toEqual([[], 0]);
  });
});

describe('what is refused before keys are fetched', () => {
  test.each<[string, Record<string, unknown>, Partial<IssuerRecord>]>([
    ['an algorithm that the issuer may not use', {}, { algorithms: ['ES256'] }],
    ['typ JWT', { typ: 'JWT' }, {}],
    ['a DPoP proof', { typ: 'dpop+jwt' }, {}],
    ['no typ', { typ: undefined }, {}],
    ['the word for no typ', { typ: 'none' }, { tokenTypes: ['none'] }],
  ])('%s', async (_what, header, terms) => {
    const token = await issuer.sign({ header });
    expect(await codeOf(verifier(terms).verify(token))).toBe('token_invalid');
    expect([lookups, fetches()]).toEqual([[issuer.url], 0]);
  });
});

describe('an issuer’s record may let through', () => {
  test.each<[string, Record<string, unknown>, Partial<IssuerRecord>]>([
    ['typ JWT', { typ: 'JWT' }, { tokenTypes: ['at+jwt', 'jwt'] }],
    ['no typ', { typ: undefined }, { tokenTypes: ['none'] }],
  ])('%s', async (_what, header, terms) => {
    expect(await codeOf(verifier(terms).verify(await issuer.sign({ header })))).toBe('accepted');
  });
});

describe('an issuer’s record may demand', () => {
  test.each<[string, JWTPayload, Partial<IssuerRecord>, string]>([
    ['a lifetime that is kept', {}, { maximumTokenLifetimeSeconds: 300 }, 'accepted'],
    ['a shorter one', {}, { maximumTokenLifetimeSeconds: 299 }, 'token_invalid'],
    ['a young token', { iat: -80 }, { maximumTokenAgeSeconds: 60 }, 'accepted'],
    ['a younger one', { iat: -95 }, { maximumTokenAgeSeconds: 60 }, 'token_expired'],
    ['a scope', { scope: 'vend' }, { requiredScopes: ['vend'] }, 'accepted'],
    ['another scope', { scope: 'vend' }, { requiredScopes: ['write'] }, 'insufficient_scope'],
    ['a client', { client_id: 'app' }, { clientIds: ['app'] }, 'accepted'],
    ['another client', { client_id: 'app' }, { clientIds: ['other'] }, 'token_invalid'],
    ['a subject', {}, { subjectPattern: 'app-[0-9]' }, 'accepted'],
    ['another subject', {}, { subjectPattern: 'job-[0-9]' }, 'token_invalid'],
    ['a token for one use', { jti: 'j' }, { tokenUse: 'once' }, 'accepted'],
    ['a token for one use that has a name', {}, { tokenUse: 'once' }, 'token_invalid'],
  ])('%s', async (_what, claims, terms, code) => {
    // Seconds ago, and not those of whenever this table was read.
    const iat = seconds() + (claims.iat ?? 0);
    const token = await issuer.sign({ claims: { ...claims, iat } });
    expect(await codeOf(verifier(terms).verify(token))).toBe(code);
  });
});

describe('the confirmation of a token', () => {
  const digest = 'A'.repeat(43);

  test.each<[string, unknown, object]>([
    ['a key', { jkt: digest }, { jkt: digest, certificateDigest: undefined }],
    ['a certificate', { 'x5t#S256': digest }, { jkt: undefined, certificateDigest: digest }],
  ])('says that it is bound to %s', async (_what, cnf, confirmation) => {
    expect(await verifier().verify(await issuer.sign({ claims: { cnf } }))).toMatchObject({ confirmation });
  });

  test.each<[string, unknown]>([
    ['both', { jkt: digest, 'x5t#S256': digest }],
    ['nothing', {}],
    ['null', null],
    ['a list', [{ jkt: digest }]],
    ['a text', digest],
    ['a key as a list', { jkt: [digest] }],
    ['a key too short', { jkt: 'A'.repeat(42) }],
    ['another kind of binding', { jwk: { kty: 'EC' } }],
  ])('is not passed over when it says %s', async (_what, cnf) => {
    expect(await codeOf(verifier().verify(await issuer.sign({ claims: { cnf } })))).toBe('token_invalid');
  });
});
