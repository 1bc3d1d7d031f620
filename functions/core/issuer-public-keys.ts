import { createPublicKey, type JsonWebKey } from 'node:crypto';
import * as z from 'zod/mini';
import { text } from './text.ts';

/** A public key as RFC 7517 writes it. */
export interface PublicKey {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly [member: string]: unknown;
}

/** RFC 7518, 6: members that only a private or symmetric key has. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RFC 7518, 3.3. */
const RSA_MODULUS_MIN_BITS = 2048;
/** NIST FIPS 186-5, 5.1. With 1, everybody can sign. */
const RSA_EXPONENT_MIN = 65_537n;

/** A number in base64url, and how many characters the longest one that OpenSSL works with has. */
const number = (maxLength: number) =>
  z.string().check(z.regex(/^[\w-]+$/, 'not a number in base64url'), z.maxLength(maxLength));
const modulus = number(2731);
const small = number(88);
const kid = z.optional(text);

/** RFC 7518, 6 and RFC 8037, 2: what a key of each kind cannot be without. */
const publicKey = z
  .discriminatedUnion('kty', [
    z.looseObject({ kty: z.literal('RSA'), kid, n: modulus, e: small }),
    z.looseObject({
      kty: z.literal('EC'),
      kid,
      crv: z.enum(['P-256', 'P-384', 'P-521']),
      x: small,
      y: small,
    }),
    z.looseObject({ kty: z.literal('OKP'), kid, crv: z.literal('Ed25519'), x: small }),
  ])
  .check(
    z.refine(
      (key) => !SECRET_MEMBERS.some((member) => member in key),
      'got a private key, expected its public half',
    ),
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
