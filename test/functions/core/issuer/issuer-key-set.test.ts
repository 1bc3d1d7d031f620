import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { parseKeySet } from '../../../../functions/core/issuer/issuer-key-set.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'rsa' };
const secret = { ...pair.privateKey.export({ format: 'jwk' }), kid: 'rsa' };
const ec = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid: 'ec',
};
const ed25519 = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'ed' };
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });

const namesIn = (...keys: readonly unknown[]) => parseKeySet({ keys }).keys.map(({ kid }) => kid);

describe('a published key set', () => {
  it('is known by its numbers, names and algorithms', () => {
    const full = {
      ...rsa,
      use: 'sig',
      key_ops: ['verify'],
      alg: 'RS256',
      x5c: ['AAAA'],
      x5t: 'x',
      ext: true,
    };
    expect(parseKeySet({ keys: [full, ec, ed25519], more: 1 })).toEqual({
      isCompromised: false,
      keys: [{ ...rsa, alg: 'RS256' }, ec, ed25519],
    });
  });

  test.each<[string, unknown]>([
    ['weak', weak],
    ['of exponent 1', { ...rsa, e: 'AQ' }],
    ['of exponent 3', { ...rsa, e: 'Aw' }],
    ['off its curve', { ...ec, y: ec.x }],
    ['of another curve', { ...ec, crv: 'secp256k1' }],
    ['for encryption', { ...rsa, use: 'enc' }],
    ['for wrapping', { ...rsa, key_ops: ['wrapKey'] }],
    ['for another algorithm', { ...rsa, alg: 'RSA-OAEP-256' }],
    ['of another kind', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA', kid: 'x' }],
    ['of no kind', { kid: 'x' }],
    ['of a name that is none', { ...rsa, kid: 7 }],
    ['no key', null],
    ['a text', 'key'],
    ['a list', []],
  ])('is read without a key that is %s', (_what, key) => {
    expect(namesIn(key, ec)).toEqual(['ec']);
    expect(parseKeySet({ keys: [key] })).toEqual({ keys: [], isCompromised: false });
  });

  it('has none of the keys that share a name, of whatever kind they are', () => {
    expect(namesIn(rsa, { ...ec, kid: 'rsa' }, ed25519)).toEqual(['ed']);
    expect(namesIn(rsa, rsa, ec)).toEqual(['ec']);
    // One that does not count takes nobody's name.
    expect(namesIn(rsa, { ...ec, kid: 'rsa', use: 'enc' })).toEqual(['rsa']);
    expect(namesIn({ ...rsa, kid: undefined }, { ...ec, kid: undefined })).toEqual([undefined, undefined]);
  });

  test.each<[string, JsonWebKey]>([
    ['a private key', secret],
    ['one member of it', { ...rsa, d: 'AAAA' } as JsonWebKey],
    ['the member of a symmetric one', { ...ec, k: 'AAAA' } as JsonWebKey],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' } as JsonWebKey],
    ['a symmetric key without its number', { kty: 'oct', kid: 'x' } as JsonWebKey],
    ['a private key of a kind that is not known', { kty: 'AKP', priv: 'AAAA' } as JsonWebKey],
    ['a private key for encryption', { ...ec, use: 'enc', d: 'AAAA' } as JsonWebKey],
  ])('counts for nothing with %s', (_what, key) => {
    expect(parseKeySet({ keys: [ec, key] })).toEqual({ keys: [], isCompromised: true });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [ec]],
    ['a key', ec],
    ['keys that are no list', { keys: { 0: ec, length: 1 } }],
    ['over 100 keys', { keys: Array(101).fill(ec) }],
  ])('is none: %s', (_what, json) => {
    expect(() => parseKeySet(json)).toThrow(SyntaxError);
  });

  it('of 64 KiB is read in milliseconds', () => {
    const keys = Array.from({ length: 100 }, (_, index) => ({ ...rsa, kid: `${index}` }));
    const longest = Array.from({ length: 23 }, () => ({ kty: 'RSA', e: 'AQAB', n: `${'w'.repeat(2730)}x` }));
    for (const set of [keys, longest]) {
      const milliseconds = Array.from({ length: 7 }, () => {
        const start = performance.now();
        parseKeySet({ keys: set });
        return performance.now() - start;
      });
      // The least: others work on this machine, too.
      expect(Math.min(...milliseconds)).toBeLessThan(50);
    }
  });
});
