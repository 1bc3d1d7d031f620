import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import { parseCaller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { VendingError } from '../core/errors.ts';
import type { Issuer } from '../core/issuer.ts';
import type { AccessTokenVerifier, TenantRegistry } from '../core/ports.ts';
import type { VerifiedToken } from '../core/verified-token.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** What the verifier asks of its surroundings. */
export interface TokenVerifierDependencies {
  readonly findIssuer: TenantRegistry['findIssuer'];
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

/** A real access token has one or two kilobytes; what is far larger is meant to cost us something. */
const TOKEN_MAX_CHARACTERS = 8192;
const ISSUER_MAX_CHARACTERS = 512;

/** The compact form: three base64url segments, nothing around or between them (RFC 7515, 7.1). */
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * The only header parameters of an access token. Keys or links that a token brings along (jwk, jku, x5u, x5c) are never
 * used, so a token with them is refused, and so are zip, b64 and crit.
 */
const HEADER_PARAMETERS = new Set(['alg', 'typ', 'kid', 'x5t', 'x5t#S256']);

/**
 * Verifies JWT access tokens (RFC 9068, RFC 8725) of configured issuers: form and size before anything else, then the
 * issuer by exact match, and only then its keys. Throws `token_malformed`, `issuer_unknown`, `token_invalid`,
 * `token_expired` or `keys_unavailable`.
 */
export function createTokenVerifier({
  findIssuer,
  keys,
  clock,
}: TokenVerifierDependencies): AccessTokenVerifier {
  return {
    async verify(token): Promise<VerifiedToken> {
      const jwt = token.reveal();
      const { header, claimedIssuer } = readUnverified(jwt);
      const issuer = await findIssuer(claimedIssuer);
      if (issuer === undefined) throw new VendingError('issuer_unknown');
      assertHeader(header, issuer);
      const claims = await verifiedClaims(jwt, issuer, keys(issuer), clock());
      return { caller: parseCaller(issuer, claims), terms: issuer, confirmation: parseConfirmation(claims) };
    },
  };
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

/** What the token says of itself, believed only far enough to look up the issuer. */
function readUnverified(token: string): { header: ProtectedHeaderParameters; claimedIssuer: string } {
  if (token.length > TOKEN_MAX_CHARACTERS || !COMPACT_JWS.test(token))
    throw new VendingError('token_malformed');
  let header: ProtectedHeaderParameters;
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
  } catch {
    // jose's message may quote what it could not read; it is left behind here.
    throw new VendingError('token_malformed');
  }
  const { iss } = claims;
  // Half a character (JSON can escape one) could not be looked up.
  if (typeof iss === 'string' && !iss.isWellFormed()) throw new VendingError('token_malformed');
  if (typeof iss !== 'string' || iss.length > ISSUER_MAX_CHARACTERS || iss === '')
    throw new VendingError('issuer_unknown');
  return { header, claimedIssuer: iss };
}

function assertHeader(header: ProtectedHeaderParameters, issuer: Issuer): void {
  const stray = Object.keys(header).find((parameter) => !HEADER_PARAMETERS.has(parameter));
  if (stray !== undefined) throw invalid('the header holds a parameter that access tokens do not have');
  const type = typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : '';
  if (!issuer.tokenTypes.includes(type)) throw invalid(`typ is none of ${issuer.tokenTypes.join(', ')}`);
}

async function verifiedClaims(
  token: string,
  issuer: Issuer,
  getKey: ReturnType<IssuerKeys>,
  now: Date,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, getKey, {
      issuer: issuer.url,
      audience: issuer.audience,
      algorithms: [...issuer.algorithms],
      clockTolerance: issuer.clockSkewSeconds,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: now,
    });
    assertTimes(payload, issuer, now);
    return payload;
  } catch (error) {
    throw translate(error);
  }
}

/** jose takes any number for exp and does not look whether iat is in the future. */
function assertTimes({ exp = Number.NaN, iat = Number.NaN }: JWTPayload, issuer: Issuer, now: Date): void {
  if (iat > now.getTime() / 1000 + issuer.clockSkewSeconds) throw invalid('iat is in the future');
  // Not "greater than": NaN and the infinities fall on this side as well.
  if (!(exp - iat <= issuer.maximumTokenLifetimeSeconds))
    throw invalid('the lifetime is longer than the issuer may give');
}

function translate(error: unknown): VendingError {
  if (error instanceof VendingError) return error;
  if (error instanceof errors.JWTExpired) return new VendingError('token_expired');
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) {
    return new VendingError('keys_unavailable', { cause: error, retryAfterSeconds: 1 });
  }
  return new VendingError('token_invalid', { cause: error });
}

function invalid(reason: string): VendingError {
  return new VendingError('token_invalid', { cause: reason });
}
