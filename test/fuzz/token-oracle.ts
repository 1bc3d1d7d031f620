import { readMembers } from './json-members.ts';
import { AUDIENCE, type FuzzIssuer, ISSUERS, KEY_ID } from './tenants.ts';
import type { MadeToken } from './token-plan.ts';

/** The moments between which a token was looked at. */
export interface Moments {
  readonly from: Date;
  readonly to: Date;
}

/** Parameters of a header that change nothing. */
const HARMLESS = ['alg', 'typ', 'kid', 'x5t', 'x5t#S256'];
const SUSPENDED = 'sleepy';

/**
 * The tenant that a token may speak for; undefined if nothing may be vended for it. Decided from what its maker knows, member by
 * member: nothing of Latchkey has read it. `confirmation`: what it must be bound to, if to anything.
 */
export function tenantOf(token: MadeToken, moments: Moments, confirmation?: unknown): string | undefined {
  const header = readMembers(token.header.values, token.header.layout);
  const claims = readMembers(token.payload.values, token.payload.layout);
  if (!token.isIntact || header === undefined || claims === undefined) return undefined;
  const issuer = Object.values(ISSUERS).find(({ url }) => url === claims.get('iss')) as
    | FuzzIssuer
    | undefined;
  // Its own key has signed it, and nobody else's.
  if (issuer === undefined || issuer.signer !== token.signer) return undefined;
  const fits =
    isHeaderFor(issuer, header) &&
    [claims.get('aud')].flat().includes(AUDIENCE) &&
    isInTime(issuer, claims, moments) &&
    issuer.terms(claims) &&
    isName(claims.get('sub')) &&
    JSON.stringify(claims.get('cnf')) === JSON.stringify(confirmation);
  if (!fits) return undefined;
  const named = claims.get('tenant');
  const tenant =
    typeof issuer.tenants === 'string'
      ? issuer.tenants
      : typeof named === 'string' && Object.hasOwn(issuer.tenants, named)
        ? issuer.tenants[named]
        : undefined;
  return tenant === SUSPENDED ? undefined : tenant;
}

/** What one token of an issuer has in common with no other; undefined where that does not matter. */
export function usedOnce({ payload }: MadeToken): string | undefined {
  const claims = readMembers(payload.values, payload.layout);
  const issuer = Object.values(ISSUERS).find(({ url }) => url === claims?.get('iss')) as
    | FuzzIssuer
    | undefined;
  return issuer?.isOnce ? JSON.stringify([issuer.url, claims?.get('jti')]) : undefined;
}

const ALGORITHMS: Readonly<Record<string, string>> = { pool: 'EdDSA', initech: 'RS256', hooli: 'ES256' };

function isHeaderFor({ signer, types }: FuzzIssuer, header: ReadonlyMap<string, unknown>): boolean {
  const typ = header.get('typ');
  const type = typ === undefined ? 'none' : String(typ).toLowerCase().replace('application/', '');
  return (
    [...header.keys()].every((name) => HARMLESS.includes(name)) &&
    header.get('alg') === ALGORITHMS[signer] &&
    types.includes(type) &&
    !(typ !== undefined && type === 'none') &&
    (header.get('kid') === undefined || header.get('kid') === KEY_ID)
  );
}

function isInTime(issuer: FuzzIssuer, claims: ReadonlyMap<string, unknown>, { from, to }: Moments): boolean {
  const [exp, iat, nbf] = ['exp', 'iat', 'nbf'].map((name) => claims.get(name));
  if (!isSeconds(exp) || !isSeconds(iat) || !(nbf === undefined || isSeconds(nbf))) return false;
  const [first, last] = [from.getTime() / 1000, to.getTime() / 1000];
  return (
    exp + issuer.skewSeconds > first &&
    iat + issuer.ageSeconds + issuer.skewSeconds > first &&
    Math.max(iat, nbf ?? 0) - issuer.skewSeconds <= last &&
    exp > iat &&
    exp - iat <= issuer.lifetimeSeconds
  );
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

/** Of who is asking; longer ones are nobody's. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 256 && value.isWellFormed();
}
