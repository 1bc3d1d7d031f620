import { keyUrlFault } from '../../core/issuer/key-url.ts';
import { type FetchJsonLimits, fetchJson, UnexpectedStatusError } from './fetch-json.ts';

/** How metadata is fetched, and whether http from this very machine will do: for development alone. */
export interface DiscoveryOptions extends FetchJsonLimits {
  readonly allowLoopback: boolean;
}

/**
 * Where a configured issuer's keys are by its own metadata, which must name the issuer to the letter (OpenID Connect Discovery
 * 1.0, 4.3; RFC 8414, 3.3). Their host may be another, as it is with large providers. Throws an `Error` that repeats nothing of
 * what was read.
 */
export async function discoverKeySetUrl(issuer: string, options: DiscoveryOptions): Promise<string> {
  const metadata = await fetchMetadata(issuer, options);
  const { issuer: named, jwks_uri: url } = Object(metadata) as Record<string, unknown>;
  // Whoever answers here for somebody else must not lend it its keys.
  if (named !== issuer) throw new Error('metadata: issuer: got another, expected that of the record');
  const fault = typeof url === 'string' ? keyUrlFault(url, options.allowLoopback) : 'expected a URL';
  if (fault !== undefined) throw new Error(`metadata: jwks_uri: ${fault}`);
  return url as string;
}

/** OpenID Connect puts its path behind that of the issuer, OAuth (RFC 8414, 3.1) before it. Only who has no first is asked for the second. */
async function fetchMetadata(issuer: string, limits: FetchJsonLimits): Promise<unknown> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  try {
    return await fetchJson(new URL(`${origin}${path}/.well-known/openid-configuration`), limits);
  } catch (error) {
    if (!(error instanceof UnexpectedStatusError && error.status === 404)) throw error;
    return fetchJson(new URL(`${origin}/.well-known/oauth-authorization-server${path}`), limits);
  }
}
