/** Signing algorithms that an issuer may be allowed: asymmetric ones only (RFC 8725, 3.1 and 3.2). */
export const SIGNING_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** One of them. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** Whether a text names one of them; their case counts (RFC 7515, 4.1.1). */
export function isSigningAlgorithm(alg: unknown): alg is SigningAlgorithm {
  return (SIGNING_ALGORITHMS as readonly unknown[]).includes(alg);
}

/** RFC 7518, 3.4 and RFC 8037, 3.1: a curve has one algorithm. */
const OF_CURVE: Readonly<Record<string, SigningAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

/** Whether a key of this kind can sign so. */
export function fitsKey(
  alg: unknown,
  { kty, crv }: { readonly kty: string; readonly crv?: unknown },
): boolean {
  if (kty === 'RSA') return isSigningAlgorithm(alg) && /^[RP]S/.test(alg);
  return typeof crv === 'string' && OF_CURVE[crv] === alg;
}
