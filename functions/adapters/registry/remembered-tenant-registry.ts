import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { startDeadline, within } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { Issuer } from '../../core/issuer/issuer.ts';
import type { SamlProviders, TenantRegistry } from '../../core/ports.ts';
import { REGISTRY_LAG_SECONDS } from '../../core/revocation/revocation.ts';
import type { SamlProvider } from '../../core/saml/saml-provider.ts';
import type { Tenant } from '../../core/tenant/tenant.ts';
import type { TenantReference } from '../../core/token/caller.ts';

/** How long what was read counts as read: with a registry that answers, a suspension bites everywhere within this time. */
export const REMEMBER_SECONDS = 15;
/** The same for "there is none": shorter, since a new tenant should not wait. */
export const REMEMBER_ABSENCE_SECONDS = 5;
/**
 * How old what was read may become while the registry cannot be read. Not all of `REGISTRY_LAG_SECONDS`: a revocation counts
 * on no session being issued after that time, which begins when a suspension is decided. Until then it has to be
 * written (5 s at most), and who was let through has to have an answer of STS (2 s).
 */
export const REMEMBER_UNAVAILABLE_SECONDS = REGISTRY_LAG_SECONDS - 8;
/** How long a registry that could not be read is left alone, for what can be answered without it. */
const RETRY_SECONDS = 1;
/** How long what could be done without is waited for: a vend asks for two such things, and STS after them. */
const PATIENCE_MILLISECONDS = 400;
const MAX_ENTRIES = 10_000;

/**
 * A registry in front of another that asks it once for many requests, and once for requests that come together. While
 * the other is unavailable, or slow, what it last said stands until it is `REMEMBER_UNAVAILABLE_SECONDS` old; "there is none" and damaged
 * records do not. Failures are not remembered.
 */
export function rememberTenants(
  registry: TenantRegistry & SamlProviders,
  clock: Clock,
): TenantRegistry & SamlProviders {
  const issuers = remember<string, Issuer>((url) => registry.findIssuer(url), clock);
  const tenants = remember<string, Tenant>(
    (key) => registry.findTenant(JSON.parse(key) as TenantReference),
    clock,
  );
  const providers = remember<string, SamlProvider>((entityId) => registry.findSamlProvider(entityId), clock);
  return {
    findIssuer: issuers,
    findSamlProvider: providers,
    // JSON of every member, so that no two references share a key.
    findTenant: (reference) => tenants(JSON.stringify(reference)),
  };
}

interface Known<V> {
  readonly found: V | undefined;
  /** When it was asked for: what was changed while the answer was under way may not be in it. */
  readonly askedAt: number;
}

function remember<K extends string, V>(
  find: (key: K) => Promise<V | undefined>,
  clock: Clock,
): (key: K) => Promise<V | undefined> {
  const now = () => clock().getTime();
  // A clock that was put back has gone on in truth: what is from its future may be of any age.
  const isFromFuture = (known: Known<V> | undefined) => known !== undefined && known.askedAt > now();
  /** For how long it may still stand in for an answer. */
  const leftMilliseconds = (known: Known<V> | undefined) =>
    known?.found === undefined || isFromFuture(known)
      ? 0
      : known.askedAt + REMEMBER_UNAVAILABLE_SECONDS * 1000 - now();
  const cache = new LRUCache<K, Known<V>>({
    max: MAX_ENTRIES,
    ttl: REMEMBER_SECONDS * 1000,
    perf: { now },
    // 0: ask the clock each time. The default reads it once a millisecond by a timer, which a test's clock does not move.
    ttlResolution: 0,
    // Not allowStaleOnFetchRejection: it would serve on after every kind of failure, and without end. What is thrown here
    // also takes away what was known.
    async fetchMethod(key, known, { options }) {
      const askedAt = now();
      try {
        const finding = find(key);
        const found = await (leftMilliseconds(known) > 0
          ? within(startDeadline(PATIENCE_MILLISECONDS), finding)
          : finding);
        if (found === undefined) options.ttl = REMEMBER_ABSENCE_SECONDS * 1000;
        return { found, askedAt };
      } catch (error) {
        const left = leftMilliseconds(known);
        if (known === undefined || left <= 0 || !isUnavailable(error)) throw error;
        options.ttl = Math.min(RETRY_SECONDS * 1000, left);
        return known;
      }
    },
  });
  return async (key) => (await cache.fetch(key, { forceRefresh: isFromFuture(cache.peek(key)) }))?.found;
}

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof VendingError &&
    (error.code === 'registry_unavailable' || error.code === 'deadline_exceeded')
  );
}
