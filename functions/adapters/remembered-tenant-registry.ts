import { LRUCache } from 'lru-cache';
import type { TenantReference } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { Issuer } from '../core/issuer.ts';
import type { TenantRegistry } from '../core/ports.ts';
import type { Tenant } from '../core/tenant.ts';

/** How long what was read counts as read: a suspension bites everywhere within this time. */
export const REMEMBER_SECONDS = 15;
/** The same for "there is none": shorter, since a new tenant should not wait. */
export const REMEMBER_ABSENCE_SECONDS = 5;
const MAX_ENTRIES = 10_000;

/**
 * A registry in front of another that asks it once for many requests, and once for requests that come together.
 * Failures are not remembered.
 */
export function rememberTenants(registry: TenantRegistry, clock: Clock): TenantRegistry {
  const issuers = remember<string, Issuer>((url) => registry.findIssuer(url), clock);
  const tenants = remember<string, Tenant>(
    (key) => registry.findTenant(JSON.parse(key) as TenantReference),
    clock,
  );
  return {
    findIssuer: issuers,
    // JSON of every member, so that no two references share a key.
    findTenant: (reference) => tenants(JSON.stringify(reference)),
  };
}

function remember<K extends string, V>(
  find: (key: K) => Promise<V | undefined>,
  clock: Clock,
): (key: K) => Promise<V | undefined> {
  const cache = new LRUCache<K, { readonly found: V | undefined }>({
    max: MAX_ENTRIES,
    ttl: REMEMBER_SECONDS * 1000,
    perf: { now: () => clock().getTime() },
    // 0: ask the clock each time. The default reads it once a millisecond by a timer, which a test's clock does not move.
    ttlResolution: 0,
    async fetchMethod(key, _stale, { options }) {
      const found = await find(key);
      if (found === undefined) options.ttl = REMEMBER_ABSENCE_SECONDS * 1000;
      return { found };
    },
  });
  return async (key) => (await cache.fetch(key))?.found;
}
