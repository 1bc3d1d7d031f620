import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Moments } from './token-oracle.ts';

/** What a proof has to be made for, and by whose key. */
export interface Purpose {
  readonly url: string;
  readonly token: string;
  readonly moments: Moments;
  readonly own: JsonWebKey | undefined;
}

const PROOF_SECONDS = 60;
const PROOF_SKEW_SECONDS = 5;

/** RFC 9449, 4.3, of a proof whose members are known. */
export function isProof(
  header: ReadonlyMap<string, unknown> | undefined,
  claimed: ReadonlyMap<string, unknown> | undefined,
  { url, token, moments, own }: Purpose,
): boolean {
  if (header === undefined || claimed === undefined) return false;
  const [from, to] = [moments.from.getTime() / 1000, moments.to.getTime() / 1000];
  const { htm, htu, ath, iat, exp = Number.POSITIVE_INFINITY, nbf = 0, jti } = Object.fromEntries(claimed);
  return (
    [...header.keys()].every((name) => ['typ', 'alg', 'jwk', 'kid'].includes(name)) &&
    header.get('typ') === 'dpop+jwt' &&
    header.get('alg') === 'ES256' &&
    isKey(header.get('jwk'), own) &&
    htm === 'POST' &&
    typeof htu === 'string' &&
    URL.parse(htu)?.href.replace(/[?#].*$/, '') === url &&
    ath === createHash('sha256').update(token).digest('base64url') &&
    typeof iat === 'number' &&
    iat >= from - PROOF_SECONDS &&
    typeof exp === 'number' &&
    exp > from &&
    typeof nbf === 'number' &&
    Math.max(iat, nbf) <= to + PROOF_SKEW_SECONDS &&
    typeof jti === 'string' &&
    jti !== ''
  );
}

function isKey(jwk: unknown, own: JsonWebKey | undefined): boolean {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) return false;
  try {
    const { x, y } = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ format: 'jwk' });
    return x === own?.x && y === own?.y;
  } catch {
    return false;
  }
}
