import { LRUCache } from 'lru-cache';
import type { Clock } from '../core/clock.ts';
import { VendingError } from '../core/errors.ts';
import type { VendThrottle } from '../core/ports.ts';

/** What a tenant may still vend at an instant. */
interface Bucket {
  readonly vends: number;
  readonly at: number;
}

/** Tenants that are counted at once; one that falls out starts again with a full second. */
const MAX_TENANTS = 10_000;

/**
 * Counts vends in this process: a tenant with `vendsPerSecond` may vend that many in a second, and none saved up beyond.
 * Every function instance counts by itself, so the limit of a deployment is this times its instances.
 */
export function createTenantThrottle(clock: Clock): VendThrottle {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_TENANTS });
  return {
    async admit({ tenantId, vendsPerSecond }) {
      if (vendsPerSecond === undefined) return;
      const now = clock().getTime();
      const { vends, at } = buckets.get(tenantId) ?? { vends: vendsPerSecond, at: now };
      // A clock that is set back gives nothing and takes nothing.
      const refilled = vends + (Math.max(0, now - at) / 1000) * vendsPerSecond;
      const left = Math.min(vendsPerSecond, refilled) - 1;
      if (left < 0) throw new VendingError('tenant_throttled', { retryAfterSeconds: 1 });
      buckets.set(tenantId, { vends: left, at: now });
    },
  };
}
