import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import type { Issuer } from '../../core/issuer/issuer.ts';
import { NO_TOKEN_TYPE } from '../../core/issuer/issuer-defaults.ts';
import { isSigningAlgorithm, type SigningAlgorithm } from '../../core/issuer/signing-algorithms.ts';
import type { AccessTokenVerifier, TenantRegistry } from '../../core/ports.ts';
import { isSameData } from '../../core/same-data.ts';
import type { Secret } from '../../core/secret.ts';
import { parseCaller } from '../../core/token/caller.ts';
import { type CompactJws, headerFault, parseCompactJws } from '../../core/token/compact-jws.ts';
import { assertTimes } from '../../core/token/token-times.ts';
import type { VerifiedToken } from '../../core/token/verified-token.ts';
import type { IssuerKeys } from '../issuer/issuer-keys.ts';

/** What the verifier asks of its surroundings. */
export interface TokenVerifierDependencies {
  readonly findIssuer: TenantRegistry['findIssuer'];
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

/** A verifier that knows whether what it has said is still so. */
export interface ReviewingVerifier extends AccessTokenVerifier {
  /** Whether the issuer's record, and the key that the token was verified with, are still the same, as far as is known. False: ask anew. */
  stillStands(verified: VerifiedToken): Promise<boolean>;
}

/** A header without fault. */
interface TokenHeader {
  readonly alg: SigningAlgorithm;
  readonly typ?: string;
  readonly kid?: string;
}

const ISSUER_MAX_CHARACTERS = 512;

/** Beside `alg`, `typ` and `kid`: digests of a certificate (Microsoft Entra ID sends them), of which nothing is read. */
const HARMLESS_PARAMETERS = ['x5t', 'x5t#S256'];

/**
 * Verifies JWT access tokens (RFC 9068, RFC 8725) of configured issuers: form and size before anything else, then the
 * issuer by exact match, and only then its keys. Throws `token_malformed`, `issuer_unknown`, `token_invalid`,
 * `token_expired`, `insufficient_scope` or `keys_unavailable`.
 */
export function createTokenVerifier({
  findIssuer,
  keys,
  clock,
}: TokenVerifierDependencies): ReviewingVerifier {
  const reviews = new WeakMap<VerifiedToken, () => Promise<boolean>>();
  return {
    async verify(token, deadline): Promise<VerifiedToken> {
      const { header, payload } = readUnverified(token);
      const issuer = await findIssuer(claimedIssuer(payload));
      if (issuer === undefined) throw new VendingError('issuer_unknown');
      assertHeaderFits(header, issuer);
      const { key, keySet } = await keys.find(issuer, header, deadline);
      const now = clock();
      const claims = await verifiedClaims(token, issuer, key, now);
      const caller = parseCaller(issuer, claims, assertTimes(claims, issuer, now));
      const verified = { caller, terms: issuer, confirmation: parseConfirmation(claims) };
      let seen = issuer;
      reviews.set(verified, async () => {
        const known = await findIssuer(issuer.url);
        if (known === undefined) return false;
        // Read again in between, it is another object that says the same: compared once, and not at each request.
        if (known !== seen && !isSameData(known, seen)) return false;
        seen = known;
        return keys.isCurrent(issuer, keySet);
      });
      return verified;
    },
    stillStands: async (verified) => (await reviews.get(verified)?.()) ?? false,
  };
}

/** What the token says of itself, believed only far enough to look up the issuer and its key. */
function readUnverified(token: Secret): { header: TokenHeader; payload: CompactJws['payload'] } {
  let jws: CompactJws;
  try {
    jws = parseCompactJws(token.reveal());
  } catch (cause) {
    throw new VendingError('token_malformed', { cause });
  }
  const { header, payload } = jws;
  const fault = headerFault(header, HARMLESS_PARAMETERS);
  if (fault !== undefined) throw invalid(fault);
  if (!isSigningAlgorithm(header['alg'])) throw invalid('alg is none that can be taken');
  return { header: header as unknown as TokenHeader, payload };
}

function claimedIssuer({ iss }: CompactJws['payload']): string {
  // Half a character (JSON can escape one) could not be looked up.
  if (typeof iss === 'string' && !iss.isWellFormed()) throw new VendingError('token_malformed');
  if (typeof iss === 'string' && iss !== '' && iss.length <= ISSUER_MAX_CHARACTERS) return iss;
  throw new VendingError('issuer_unknown');
}

function assertHeaderFits({ alg, typ }: TokenHeader, issuer: Issuer): void {
  if (!issuer.algorithms.includes(alg)) throw invalid(`alg is none of ${issuer.algorithms.join(', ')}`);
  if (!issuer.tokenTypes.includes(typ === undefined ? NO_TOKEN_TYPE : typeOf(typ)))
    throw invalid(`typ is none of ${issuer.tokenTypes.join(', ')}`);
}

/** RFC 7515, 4.1.9: media types have no case, and `application/` goes without saying. */
function typeOf(typ: string): string {
  const type = typ.toLowerCase().replace(/^application\//, '');
  return type === NO_TOKEN_TYPE ? '' : type;
}

async function verifiedClaims(
  token: Secret,
  issuer: Issuer,
  key: Parameters<typeof jwtVerify>[1],
  now: Date,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token.reveal(), key, {
      issuer: issuer.url,
      audience: issuer.audience,
      algorithms: [...issuer.algorithms],
      clockTolerance: issuer.clockSkewSeconds,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: now,
    });
    return payload;
  } catch (error) {
    throw error instanceof errors.JWTExpired
      ? new VendingError('token_expired')
      : new VendingError('token_invalid', { cause: error });
  }
}

/** RFC 9449, 6.1, and RFC 8705, 3.1. A binding that cannot be read is no reason to take the token for unbound. */
function parseConfirmation({ cnf }: JWTPayload): VerifiedToken['confirmation'] {
  if (cnf === undefined) return { jkt: undefined, certificateDigest: undefined };
  const { jkt, 'x5t#S256': certificateDigest } = Object(cnf) as Record<string, unknown>;
  if (isDigest(jkt) && certificateDigest === undefined) return { jkt, certificateDigest };
  if (isDigest(certificateDigest) && jkt === undefined) return { jkt, certificateDigest };
  throw invalid('cnf is neither the thumbprint of a key nor the digest of a certificate');
}

/** SHA-256, base64url. */
function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}

function invalid(cause: string): VendingError {
  return new VendingError('token_invalid', { cause });
}
