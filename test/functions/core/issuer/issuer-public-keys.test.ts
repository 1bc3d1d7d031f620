import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { parseIssuer } from '../../../../functions/core/issuer/issuer.ts';

const rsa = jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const shortRsa = jwk(generateKeyPairSync('rsa', { modulusLength: 2040 }));
const ec = jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ed25519 = jwk(generateKeyPairSync('ed25519'));
const secp256k1 = jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
const x25519 = jwk(generateKeyPairSync('x25519'));

function jwk({ publicKey }: ReturnType<typeof generateKeyPairSync>): JsonWebKey {
  return publicKey.export({ format: 'jwk' });
}

/** The number with zeros before it, which make its text longer and it no larger. */
function padded(number = ''): string {
  return Buffer.concat([Buffer.alloc(8), Buffer.from(number, 'base64url')]).toString('base64url');
}

/** The modulus of a key that somebody can take apart. */
function times(number = '', factor: bigint): string {
  const product = BigInt(`0x${Buffer.from(number, 'base64url').toString('hex')}`) * factor;
  return Buffer.from(product.toString(16).padStart(514, '0'), 'hex').toString('base64url');
}

function parseKeys(...keys: readonly unknown[]) {
  const record = { url: 'https://idp.example', audience: 'x', jwks: { keys } };
  return parseIssuer({ ...record, binding: { kind: 'claim', claim: 'org' } }).jwks?.keys;
}

describe("an issuer's own keys", () => {
  test.each<[string, JsonWebKey]>([
    ['RSA of 2048 bits', rsa],
    ['RSA with an exponent beyond the usual', { ...rsa, e: 'AQAD' }],
    ['P-256', ec],
    ['P-384', jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }))],
    ['P-521', jwk(generateKeyPairSync('ec', { namedCurve: 'P-521' }))],
    ['Ed25519', ed25519],
    ['with members of no meaning here', { ...ec, use: 'sig', alg: 'ES256', 'x-owner': 'a' }],
    ['RSA for PS512', { ...rsa, alg: 'PS512' }],
    ['Ed25519 for EdDSA', { ...ed25519, alg: 'EdDSA' }],
    ['that may do more than verify', { ...ec, key_ops: ['encrypt', 'verify'] as string[] }],
  ])('are taken: %s', (_what, key) => {
    expect(parseKeys(key)).toEqual([key]);
  });

  test.each<[string, unknown, string]>([
    ['an RSA exponent of 1: every signature is its own text', { ...rsa, e: 'AQ' }, 'e: got another exponent'],
    ['an RSA exponent of 3', { ...rsa, e: 'Aw' }, 'e: got another exponent'],
    ['an even RSA exponent', { ...rsa, e: 'AQAC' }, 'e: got another exponent'],
    ['an RSA exponent of 1 behind zeros', { ...rsa, e: padded('AQ') }, 'e: got another exponent'],
    ['an RSA modulus of 2040 bits', shortRsa, 'n: got 2040 bits, expected at least 2048'],
    ['one behind zeros', { ...shortRsa, n: padded(shortRsa.n) }, 'n: got 2040 bits, expected at least 2048'],
    ['an RSA modulus of zero', { ...rsa, n: 'A'.repeat(400) }, 'n: got 0 bits'],
    ['an RSA modulus that is no number', { ...rsa, n: `${rsa.n}=` }, 'n: not a number in base64url'],
    ['an RSA modulus that nothing works with', { ...rsa, n: '_'.repeat(2732) }, 'n: expected at most'],
    ['no RSA modulus', { ...rsa, n: undefined }, 'n: got none, expected string'],
    ['no RSA exponent', { ...rsa, e: undefined }, 'e: got none, expected string'],
    [
      'an RSA modulus with a small factor',
      { ...rsa, n: times(rsa.n, 3n) },
      'n: got a modulus that has a small',
    ],
    ['a key for encryption', { ...rsa, use: 'enc' }, 'use: expected "sig"'],
    ['a key that verifies nothing', { ...rsa, key_ops: ['encrypt'] }, 'key_ops: expected "verify"'],
    ['operations that are no list', { ...rsa, key_ops: 'verify' }, 'key_ops: got string'],
    ['RSA for ES256', { ...rsa, alg: 'ES256' }, 'alg: got an algorithm that is not of this kind'],
    ['RSA for encryption', { ...rsa, alg: 'RSA-OAEP' }, 'alg: got an algorithm that is not of this kind'],
    ['RSA for HS256', { ...rsa, alg: 'HS256' }, 'alg: got an algorithm that is not of this kind'],
    ['P-256 for ES384', { ...ec, alg: 'ES384' }, 'alg: got an algorithm that is not of this kind'],
    ['Ed25519 for RS256', { ...ed25519, alg: 'RS256' }, 'alg: got an algorithm that is not of this kind'],
    ['an algorithm that is a list', { ...rsa, alg: ['RS256'] }, 'alg: got array'],
    ['an empty RSA exponent', { ...rsa, e: '' }, 'e: not a number'],
    ['half an EC key', { ...ec, y: undefined }, 'y: got none, expected string'],
    ['the other half', { ...ec, x: undefined }, 'x: got none, expected string'],
    ['no point on the curve', { ...ec, y: ec.x }, '0: got numbers that make no key'],
    ['another curve', secp256k1, 'crv: expected one of'],
    ['no curve', { ...ec, crv: undefined }, 'crv: expected one of'],
    ['a key that signs nothing', x25519, 'crv: expected "Ed25519"'],
    ['an Ed25519 key without its number', { ...ed25519, x: undefined }, 'x: got none, expected string'],
    ['an Ed25519 key too short', { ...ed25519, x: 'AAAA' }, '0: got numbers that make no key'],
    ['a private key', { ...ed25519, d: ed25519.x }, '0: got a private key'],
    ['a symmetric key', { kty: 'oct', k: 'x' }, 'kty'],
    ['a name that is no text', { ...ec, kid: 7 }, 'kid'],
  ])('are refused: %s', (_what, key, message) => {
    expect(() => parseKeys(key)).toThrow(
      `jwks.keys.0${message.startsWith('0') ? message.slice(1) : `.${message}`}`,
    );
  });

  it('need names of which each is one key’s alone', () => {
    const named = (kid?: string) => ({ ...ec, ...(kid === undefined ? {} : { kid }) });
    expect(parseKeys(named('a'), named('b'))).toHaveLength(2);
    expect(() => parseKeys(named('a'), named('a'))).toThrow('jwks.keys.1.kid: got it twice');
    expect(() => parseKeys(named('a'), named())).toThrow('jwks.keys.1.kid: got none');
    expect(() => parseKeys(named(), named())).toThrow('jwks.keys.0.kid: got none');
  });

  it('are 20 at most', () => {
    expect(() =>
      parseKeys(...Array.from({ length: 21 }, (_, index) => ({ ...ec, kid: `${index}` }))),
    ).toThrow('jwks.keys: expected at most 20 elements');
  });

  it('and not there beside a place to fetch them from', () => {
    const both = {
      url: 'https://idp.example',
      audience: 'x',
      jwksUri: 'https://idp.example/jwks',
      jwks: { keys: [ec] },
    };
    expect(() => parseIssuer({ ...both, binding: { kind: 'claim', claim: 'org' } })).toThrow(
      'expected one of jwksUri, discovery and jwks',
    );
  });
});
