import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { type ErrorCode, VendingError } from '../../core/errors.ts';
import { subjectDigest } from '../../core/grant/session-name.ts';
import { countAlone, type LoneCount } from '../../core/limits/lone-count.ts';
import type { ShareStore } from '../../core/limits/share-store.ts';
import type { Counted, VendThrottle } from '../../core/ports.ts';
import type { Tenant } from '../../core/tenant/tenant.ts';
import type { Caller } from '../../core/token/caller.ts';
import { createGovernor } from './governor.ts';
import { guardShares, LEFT_ALONE_SECONDS, SharesUnavailable } from './guarded-shares.ts';
import { type Admission, createLeases, GIVE_NOTHING, type Refusal } from './leases.ts';

/** What the throttle is made with. */
export interface SharedThrottleOptions {
  readonly shares: ShareStore;
  /** How many vends a second all instances together may ask of STS. */
  readonly vendsPerSecond: number;
  readonly clock: Clock;
  /** From 0 to less than 1; `Math.random` if left out. */
  readonly chance?: () => number;
}

/** One of the limits that a vend has to pass. */
interface Limit {
  readonly code: ErrorCode;
  readonly key: string;
  readonly admit: () => Promise<Admission>;
  /** Vends a second that this instance has by itself, for when it cannot be told of the others. */
  readonly ownPerSecond: () => number;
}

const MAX_LONE_COUNTS = 10_000;

/**
 * Limits that hold across instances: exactly, second by second, those of tenants and subjects; fairly, what the deployment may ask of STS. While
 * the table cannot be used, each instance counts by itself up to its part of each limit, and vending goes on.
 */
export function createSharedThrottle({
  shares,
  vendsPerSecond,
  clock,
  chance = Math.random,
}: SharedThrottleOptions): VendThrottle {
  const leases = createLeases(clock);
  const guarded = guardShares(shares, clock);
  const governor = createGovernor({ vendsPerSecond, shares: guarded, leases, clock, chance });
  const loneCounts = new LRUCache<string, LoneCount>({ max: MAX_LONE_COUNTS });

  function leased(code: ErrorCode, key: string, limit: number | undefined): readonly Limit[] {
    if (limit === undefined) return [];
    const take = async (window: number, vends: number) => ({
      count: await guarded.take(key, window, vends),
      limit,
    });
    return [{ code, key, admit: () => leases.admit(key, take), ownPerSecond: () => limit * governor.part() }];
  }

  function limitsOf(tenant: Tenant, caller: Caller): readonly Limit[] {
    const { tenantId, vendsPerSecondPerSubject: perSubject } = tenant;
    const subject = perSubject === undefined ? '' : `subject#${tenantId}#${subjectDigest(caller)}`;
    return [
      // First, and one after the other: what a subject is refused must not use up what its tenant has left.
      ...leased('subject_throttled', subject, perSubject),
      ...leased('tenant_throttled', `tenant#${tenantId}`, tenant.vendsPerSecond),
      {
        code: 'deployment_throttled',
        key: `deployment#${tenantId}`,
        // The last of them: nobody refuses after it.
        admit: async () => ({ refusal: await governor.admit(tenantId), giveBack: GIVE_NOTHING }),
        ownPerSecond: () => governor.ownShareOf(tenantId),
      },
    ];
  }

  function admitAlone({ key, ownPerSecond }: Limit): Refusal | undefined {
    const decision = countAlone(loneCounts.get(key), ownPerSecond(), clock().getTime());
    loneCounts.set(key, decision.count);
    if (decision.retryAfterSeconds === undefined) return undefined;
    // By then the table will have been asked again.
    return { retryAfterSeconds: Math.min(decision.retryAfterSeconds, LEFT_ALONE_SECONDS) };
  }

  return {
    async admit(tenant, caller) {
      const passed: Admission[] = [];
      let counted: Counted = 'together';
      for (const limit of limitsOf(tenant, caller)) {
        let cause: string | undefined;
        const admission = await limit.admit().catch((error: unknown): Admission => {
          if (!(error instanceof SharesUnavailable)) throw error;
          counted = 'alone';
          cause = `counted by this instance alone: ${error.message}`;
          return { refusal: admitAlone(limit), giveBack: GIVE_NOTHING };
        });
        if (admission.refusal !== undefined) {
          for (const { giveBack } of passed) giveBack();
          throw new VendingError(limit.code, { ...admission.refusal, cause });
        }
        passed.push(admission);
      }
      return counted;
    },
  };
}
