import {
  createPrivateKey,
  generateKeyPairSync,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { Signer } from './forge-token.ts';

/** Two primes as Infineon's RSALib made them (ROCA, CVE-2017-15361): whoever has their product can find them. */
const ROCA = [
  'wAe75QZnZEjJREKcWZvjl19aS0_MdrYAmnLFUKAmjyOI6o4inlQ8naI3XtBSB44wmi_IicxvAt67w3VNmOfslBNE9oZtxx4E6Q8VgwiRkZsKQuiWPoJC-4FgUDNFsqnpiQQUuq9HysZDE1saPMqw8NPOPwQZokSBvv9Eb5DLS5k',
  'wAbfDnp6_jSRSEC9SYkot5yUz7lmPzk-8dFdOAl47DlyvIk3mGf0WpUXP0l3q40PejbQHxmfXL8PQtKymcwbcm454PGiSH7qMfDognWvHPuuSyuR1pUFnj6KJHz9zpOKHU6XdwDOVR03FXR-7HhwJgWbr4IpbN0ptRAlRBVBE58',
] as const;

/** A key that an issuer may have published, and who can sign with it: everybody. */
export interface WeakKey {
  readonly jwk: JsonWebKey;
  readonly signer: Signer;
}

const rs256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', input, key);

const read = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
const write = (number: bigint) => {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
};

/** RFC 8017, 3.2: a key from its primes. */
function keyOf(p: bigint, q: bigint): WeakKey {
  const e = 65_537n;
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(numbers).map(([name, number]) => [name, write(number)]);
  const key: JsonWebKey = { kty: 'RSA', ...Object.fromEntries(members) };
  const jwk = { kty: 'RSA', n: write(p * q), e: write(e) };
  return { jwk, signer: rs256(createPrivateKey({ key, format: 'jwk' })) };
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, next, s, t] = [value % modulus, modulus, 1n, 0n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, t] = [t, s - quotient * t];
  }
  return ((s % modulus) + modulus) % modulus;
}

/** A key by one of ROCA's moduli. */
export const rocaKey = () => keyOf(read(ROCA[0]), read(ROCA[1]));

/** A key of a length or with an exponent of the test's own. */
export function rsaKey(options: { modulusLength?: number; publicExponent?: number }): WeakKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, ...options });
  return { jwk: publicKey.export({ format: 'jwk' }), signer: rs256(privateKey) };
}

/** RFC 8017, 9.2, note 1: what stands before a digest by SHA-256. */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** With the exponent 1 a signature is what it signs: written down by hand, without any private key. */
export function exponentOne(): WeakKey {
  const { jwk } = rsaKey({});
  const signer: Signer = (input) => {
    const digest = hash('sha256', input, 'buffer');
    const padding = Buffer.alloc(256 - 3 - DIGEST_INFO.length - digest.length, 0xff);
    return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), DIGEST_INFO, digest]);
  };
  return { jwk: { ...jwk, e: 'AQ' }, signer };
}
