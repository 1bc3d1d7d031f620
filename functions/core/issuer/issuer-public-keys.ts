import { createPublicKey, type JsonWebKey } from 'node:crypto';
import * as z from 'zod/mini';
import { text } from '../text.ts';
import { fitsKey } from './signing-algorithms.ts';
import { modulusFlaw } from './weak-modulus.ts';

/** A public key as RFC 7517 writes it. */
export interface PublicKey {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly [member: string]: unknown;
}

/** Members that only a private or symmetric key has: RFC 7518, 6, and `priv` of the kind AKP (ML-DSA). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Whether a key is more than its public half. */
export function isSecretKey(key: object): boolean {
  return SECRET_MEMBERS.some((member) => Object.hasOwn(key, member));
}

/** RFC 7518, 3.3. */
const RSA_MODULUS_MIN_BITS = 2048;
/** NIST FIPS 186-5, 5.1. With 1, everybody can sign. */
const RSA_EXPONENT_MIN = 65_537n;

/** A number in base64url, and how many characters the longest one that OpenSSL works with has. */
const number = (maxLength: number) =>
  z.string().check(z.regex(/^[\w-]+$/, 'not a number in base64url'), z.maxLength(maxLength));
const modulus = number(2731);
const small = number(88);

/** RFC 7517, 4.2 to 4.5: what it is called, and that it is there to verify signatures. */
const common = {
  kid: z.optional(text),
  use: z.optional(z.literal('sig')),
  key_ops: z.optional(
    z
      .array(z.string())
      .check(z.refine((operations) => operations.includes('verify'), 'expected "verify" among them')),
  ),
  alg: z.optional(z.string()),
};

/** RFC 7518, 6 and RFC 8037, 2: what a key of each kind cannot be without. */
export const publicKey = z
  .discriminatedUnion('kty', [
    z.looseObject({ kty: z.literal('RSA'), ...common, n: modulus, e: small }),
    z.looseObject({
      kty: z.literal('EC'),
      ...common,
      crv: z.enum(['P-256', 'P-384', 'P-521']),
      x: small,
      y: small,
    }),
    z.looseObject({ kty: z.literal('OKP'), ...common, crv: z.literal('Ed25519'), x: small }),
  ])
  .check(
    z.refine((key) => !isSecretKey(key), 'got a private key, expected its public half'),
    z.refine((key) => key.alg === undefined || fitsKey(key.alg, key), {
      error: 'got an algorithm that is not of this kind of key',
      path: ['alg'],
    }),
    isStrong,
  );

/** An issuer's keys as they stand in its record: 1 to 20, with names that tell them apart. */
export const publicKeys = z.array(publicKey).check(z.minLength(1), z.maxLength(20), haveNames);

interface Refinement<T> {
  readonly value: T;
  readonly issues: z.core.$ZodRawIssue[];
}

function isStrong({ value: key, issues }: Refinement<z.output<typeof publicKey>>): void {
  const fault = (path: PropertyKey[], message: string) =>
    issues.push({ code: 'custom', path, message, input: key });
  const details = detailsOf(key);
  if (details === undefined) fault([], 'got numbers that make no key, expected a point on its curve');
  if (details === undefined || key.kty !== 'RSA') return;
  const { modulusLength = 0, publicExponent = 0n } = details;
  if (modulusLength < RSA_MODULUS_MIN_BITS)
    fault(['n'], `got ${modulusLength} bits, expected at least ${RSA_MODULUS_MIN_BITS}`);
  if (publicExponent < RSA_EXPONENT_MIN || publicExponent % 2n === 0n)
    fault(['e'], `got another exponent, expected an odd one of at least ${RSA_EXPONENT_MIN}`);
  const flaw = modulusFlaw(numberOf(key.n));
  if (flaw !== undefined) fault(['n'], `got a modulus that ${flaw}, expected one that nobody can factor`);
}

function numberOf(base64url: string): bigint {
  return BigInt(`0x${Buffer.from(base64url, 'base64url').toString('hex')}`);
}

/** Read by what verifies tokens as well; undefined for what is no key to it. */
function detailsOf(key: JsonWebKey) {
  try {
    return createPublicKey({ key, format: 'jwk' }).asymmetricKeyDetails;
  } catch {
    return undefined;
  }
}

/** RFC 7517, 4.5: which of several keys a token means is known by its `kid` alone. */
function haveNames({
  value: keys,
  issues,
}: Refinement<readonly { readonly kid?: string | undefined }[]>): void {
  if (keys.length < 2) return;
  for (const [index, key] of keys.entries()) {
    const isUnique = keys.findIndex((other) => other.kid === key.kid) === index;
    if (key.kid !== undefined && isUnique) continue;
    const message =
      key.kid === undefined
        ? 'got none, expected one for each of several keys'
        : 'got it twice, expected it once';
    issues.push({ code: 'custom', path: [index, 'kid'], message, input: key });
  }
}
