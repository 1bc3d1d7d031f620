import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../core/clock.ts';
import { VendingError } from '../core/errors.ts';
import type { Issuer } from '../core/issuer.ts';
import { fetchJson } from './fetch-json.ts';

/** Bounds on key sets. The limits stand in docs/architecture.md. */
const KEY_SET_MAX_BYTES = 64 * 1024;
const FETCH_MILLISECONDS = 1000;
const FRESH_MILLISECONDS = 10 * 60 * 1000;
/** At most one fetch in this time for key ids that are not in the set: an attacker makes those up. */
const COOLDOWN_MILLISECONDS = 30 * 1000;
/** A key set that could not be had is not asked for again in this time: an unsigned token is enough to ask. */
const FAILURE_MILLISECONDS = 1000;
const MAX_ISSUERS = 1000;

/** The keys that an issuer signs with; fetched from its `jwksUri` and from nowhere else. */
export type IssuerKeys = (issuer: Issuer) => JWTVerifyGetKey;

/** How keys are fetched. */
export interface IssuerKeysOptions {
  /** Whether http from this very machine will do: for development alone. */
  readonly allowLoopback: boolean;
  readonly clock: Clock;
}

/**
 * Remembers every issuer's key set. Throws `keys_unavailable` for a `jwksUri` that is not https; with
 * `allowLoopback`, http from this very machine is taken as well.
 */
export function createIssuerKeys({ allowLoopback, clock }: IssuerKeysOptions): IssuerKeys {
  const sets = new LRUCache<string, JWTVerifyGetKey>({ max: MAX_ISSUERS });
  return ({ jwksUri, jwks }) => {
    const source = jwksUri ?? JSON.stringify(jwks);
    const known = sets.get(source);
    if (known !== undefined) return known;
    const set = jwksUri === undefined ? createLocalJWKSet(jwks as JSONWebKeySet) : createFetchedSet(jwksUri);
    sets.set(source, set);
    return set;
  };

  function createFetchedSet(jwksUri: string): JWTVerifyGetKey {
    const url = new URL(jwksUri);
    if (url.protocol !== 'https:' && !(allowLoopback && isLoopback(url))) {
      throw new VendingError('keys_unavailable', { cause: 'jwksUri: got http, expected https' });
    }
    return createRemoteJWKSet(url, {
      cacheMaxAge: FRESH_MILLISECONDS,
      cooldownDuration: COOLDOWN_MILLISECONDS,
      [customFetch]: createKeySetFetch(clock),
    });
  }
}

/** Of a response jose reads the status and the JSON; everything about the transfer is decided here. */
function createKeySetFetch(clock: Clock): (url: string) => Promise<Response> {
  let failure: VendingError | undefined;
  let failedAt = 0;
  return async (url) => {
    const now = clock().getTime();
    if (failure !== undefined && now - failedAt < FAILURE_MILLISECONDS) throw failure;
    try {
      const json = await fetchJson(new URL(url), {
        milliseconds: FETCH_MILLISECONDS,
        bytes: KEY_SET_MAX_BYTES,
      });
      if (!isKeySet(json)) throw new Error('got JSON that is no key set');
      failure = undefined;
      return { status: 200, json: async () => json } as Response;
    } catch (cause) {
      failure = new VendingError('keys_unavailable', { cause, retryAfterSeconds: 1 });
      failedAt = now;
      throw failure;
    }
  };
}

/** RFC 7517, 5. */
function isKeySet(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'keys' in json && Array.isArray(json.keys);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
}
