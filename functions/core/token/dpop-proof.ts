import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { VendingError } from '../errors.ts';
import { type PublicKey, publicKey } from '../issuer/issuer-public-keys.ts';
import { fitsKey } from '../issuer/signing-algorithms.ts';
import type { Secret } from '../secret.ts';
import { type CompactJws, headerFault, parseCompactJws } from './compact-jws.ts';
import type { PresentedToken } from './presented-token.ts';

/** What a proof may be signed with: asymmetric algorithms alone (RFC 9449, 4.3). */
export const PROOF_ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'] as const;

/** How long ago a proof may have been made, by its `iat`. */
export const PROOF_AGE_SECONDS = 60;
/** How far ahead of ours the clock may be that it was made by. */
export const PROOF_SKEW_SECONDS = 5;
/** Key and signature of RSA 4096 take up less than half of it. */
const PROOF_MAX_CHARACTERS = 4096;

const proofHeader = z.object({
  typ: z.literal('dpop+jwt'),
  alg: z.enum(PROOF_ALGORITHMS),
  jwk: publicKey,
});

/** RFC 9449, 4.2, of a proof that comes with an access token. */
const proofClaims = z.object({
  jti: z.string().check(z.minLength(1), z.maxLength(256)),
  htm: z.string(),
  htu: z.string().check(z.maxLength(2048)),
  iat: z.number(),
  ath: z.string(),
  nonce: z.optional(z.string()),
  // It need not have these two, but what they say counts (RFC 7519, 4.1.4 and 4.1.5).
  exp: z.optional(z.number()),
  nbf: z.optional(z.number()),
});

/** A DPoP proof that is well formed, and may be anybody's: its signature has not been checked. */
export interface DpopProof {
  readonly jws: Secret;
  readonly algorithm: (typeof PROOF_ALGORITHMS)[number];
  /** The public key that it brings along. */
  readonly key: PublicKey;
  readonly claims: Readonly<z.output<typeof proofClaims>>;
}

/** The proof in a `DPoP` header; throws `proof_invalid`. */
export function parseDpopProof(jws: Secret): DpopProof {
  const { header, payload } = readCompact(jws.reveal());
  const fault = headerFault(header, ['jwk']);
  if (fault !== undefined) throw proofInvalid(fault);
  const { alg: algorithm, jwk: key } = parsed(proofHeader, header);
  if (!fitsKey(algorithm, key)) throw proofInvalid('alg is not one of this kind of key');
  return { jws, algorithm, key, claims: parsed(proofClaims, payload) };
}

/**
 * That the proof was made for this request, for this token and at this moment (RFC 9449, 4.3); throws `proof_invalid`.
 * Costs nothing: no key is touched.
 */
export function assertProofFits(
  { claims: { htm, htu, iat, ath, exp = Number.POSITIVE_INFINITY, nbf = 0 } }: DpopProof,
  { request, token }: PresentedToken,
  now: Date,
): void {
  const seconds = now.getTime() / 1000;
  if (htm !== request.method) throw proofInvalid('htm is not the method of this request');
  if (!isSameUrl(htu, request.url)) throw proofInvalid('htu is not the URL of this request');
  if (ath !== createHash('sha256').update(token.reveal()).digest('base64url'))
    throw proofInvalid('ath is not the digest of this token');
  if (iat < seconds - PROOF_AGE_SECONDS || exp <= seconds)
    throw proofInvalid(`iat is more than ${PROOF_AGE_SECONDS} seconds ago, or exp has passed`);
  if (Math.max(iat, nbf) > seconds + PROOF_SKEW_SECONDS)
    throw proofInvalid(`iat or nbf is more than ${PROOF_SKEW_SECONDS} seconds ahead`);
}

/** `proof_invalid` with its reason, a sentence of our own: who makes proofs has to find the mistake. */
export function proofInvalid(reason: string, cause: unknown = reason): VendingError {
  return new VendingError('proof_invalid', { detail: `the DPoP proof is not valid here: ${reason}`, cause });
}

function readCompact(jws: string): CompactJws {
  if (jws.length > PROOF_MAX_CHARACTERS) throw proofInvalid(`it is over ${PROOF_MAX_CHARACTERS} characters`);
  try {
    return parseCompactJws(jws);
  } catch {
    throw proofInvalid('it is not a signed JWT in compact form');
  }
}

function parsed<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  // The first name of the path is one of ours.
  throw proofInvalid(`${String(result.error.issues[0]?.path[0])} is missing, or is not as it has to be`);
}

/** Alike but for how they are written (RFC 3986, 6.2.2 and 6.2.3), query and fragment aside. */
function isSameUrl(htu: string, url: string): boolean {
  // The parser would forgive spaces, backslashes and a missing slash, and drop a user's name.
  if (!/^https?:\/\/[^@\\\s]+$/i.test(htu) || !URL.canParse(htu)) return false;
  const [one, other] = [new URL(htu), new URL(url)];
  return one.origin === other.origin && one.pathname === other.pathname;
}
