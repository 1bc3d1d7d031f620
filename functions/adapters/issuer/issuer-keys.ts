import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import type { Deadline } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { Issuer } from '../../core/issuer/issuer.ts';
import { type KeySet, parseKeySet } from '../../core/issuer/issuer-key-set.ts';
import { keyUrlFault } from '../../core/issuer/key-url.ts';
import { fetchJson } from './fetch-json.ts';
import { COOLDOWN_MILLISECONDS, createFetchedKeySet, type FetchedKeySet } from './fetched-key-set.ts';
import { discoverKeySetUrl } from './issuer-discovery.ts';

/** Bounds on fetching. The limits stand in docs/architecture.md. */
const DOCUMENT_MAX_BYTES = 64 * 1024;
/** For the keys, and for the metadata that says where they are, together. */
const FETCH_MILLISECONDS = 1000;
const MAX_ISSUERS = 1000;

/** What a token's header says of the key. */
export interface KeyHeader {
  readonly alg: string;
  readonly kid?: string;
}

/** A key of an issuer, and the set that it was found in. */
export interface FoundKey {
  readonly key: CryptoKey;
  readonly keySet: IssuerKeySet;
}

/** An issuer's keys as they were at one time. */
export interface IssuerKeySet extends Pick<KeySet, 'isCompromised'> {
  /** All that it was made of. */
  readonly json: string;
  /** Undefined if there is none, or more than one. */
  find(header: KeyHeader): Promise<CryptoKey | undefined>;
}

/** The keys that issuers sign with: those in the record, or fetched from where the record says and from nowhere else. */
export interface IssuerKeys {
  /**
   * The one key that a token with this header can be signed with. Throws `token_invalid` if there is none or more than one,
   * `keys_unavailable` if that cannot be told, `deadline_exceeded`.
   */
  find(issuer: Issuer, header: KeyHeader, deadline: Deadline): Promise<FoundKey>;
  /** Whether the issuer's keys are still those. */
  isCurrent(issuer: Issuer, keySet: IssuerKeySet): boolean;
}

/** How keys are fetched. */
export interface IssuerKeysOptions {
  /** Whether http from this very machine will do: for development alone. */
  readonly allowLoopback: boolean;
  readonly clock: Clock;
}

/** Remembers every issuer's keys. */
export function createIssuerKeys({ allowLoopback, clock }: IssuerKeysOptions): IssuerKeys {
  const sources = new LRUCache<string, FetchedKeySet<IssuerKeySet>>({ max: MAX_ISSUERS });

  function sourceOf({ url, jwksUri, discovery, jwks }: Issuer): FetchedKeySet<IssuerKeySet> {
    const name = discovery ? `discovery ${url}` : (jwksUri ?? JSON.stringify(jwks));
    const known = sources.get(name);
    if (known !== undefined) return known;
    const source =
      jwks === undefined
        ? createFetchedKeySet({
            fetch: () => fetchKeySet({ url, jwksUri }, allowLoopback),
            isSame: (one, other) => one.json === other.json,
            clock,
          })
        : writtenKeySet(createKeySet(jwks));
    sources.set(name, source);
    return source;
  }

  return {
    async find(issuer, header, deadline) {
      const source = sourceOf(issuer);
      const known = await source.current(deadline);
      const knownKey = await known.find(header);
      if (knownKey !== undefined) return { key: knownKey, keySet: known };
      const keySet = await source.renewed(deadline);
      const key = await keySet.find(header);
      if (key !== undefined) return { key, keySet };
      throw keySet.isCompromised
        ? // A failure, so that somebody looks: the keys that were known before have been lost with it.
          new VendingError('keys_unavailable', {
            cause: 'the key set holds a private or symmetric key',
            retryAfterSeconds: COOLDOWN_MILLISECONDS / 1000,
          })
        : new VendingError('token_invalid', { cause: 'no key, or more than one, fits alg and kid' });
    },
    isCurrent: (issuer, keySet) => sourceOf(issuer).isCurrent(keySet),
  };
}

/** Keys that stand in a record change with the record. */
function writtenKeySet(keySet: IssuerKeySet): FetchedKeySet<IssuerKeySet> {
  return { current: async () => keySet, renewed: async () => keySet, isCurrent: (other) => other === keySet };
}

async function fetchKeySet(
  { url, jwksUri }: Pick<Issuer, 'url' | 'jwksUri'>,
  allowLoopback: boolean,
): Promise<IssuerKeySet> {
  const limits = { signal: AbortSignal.timeout(FETCH_MILLISECONDS), bytes: DOCUMENT_MAX_BYTES };
  const fault = keyUrlFault(jwksUri ?? url, allowLoopback);
  if (fault !== undefined) throw new Error(`${jwksUri === undefined ? 'url' : 'jwksUri'}: ${fault}`);
  const place = jwksUri ?? (await discoverKeySetUrl(url, { ...limits, allowLoopback }));
  return createKeySet(await fetchJson(new URL(place), limits));
}

/** Published keys and those in a record are read alike. */
function createKeySet(published: unknown): IssuerKeySet {
  const keySet = parseKeySet(published);
  const [only, ...others] = keySet.keys;
  // Where keys have names, a token names its own (RFC 9068 leaves that open): else each new key would stand for every token.
  const namesNone = others.length === 0 && only?.['kid'] === undefined;
  const getKey = createLocalJWKSet({ keys: keySet.keys } as unknown as JSONWebKeySet);
  return {
    isCompromised: keySet.isCompromised,
    json: JSON.stringify(keySet),
    async find({ alg, kid }) {
      if (kid === undefined && !namesNone) return undefined;
      try {
        return await getKey({ alg, ...(kid === undefined ? {} : { kid }) });
      } catch {
        return undefined;
      }
    },
  };
}
