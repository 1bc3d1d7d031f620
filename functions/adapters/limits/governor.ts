import type { Clock } from '../../core/clock.ts';
import { askedFor, BLIND_ALLOWANCE, shareOf } from '../../core/limits/deployment-share.ts';
import { createOutlook, type Reading, TOLD_AT_ONCE } from '../../core/limits/outlook.ts';
import type { LedgerEntry, ShareStore } from '../../core/limits/share-store.ts';
import { momentOf } from '../../core/limits/window.ts';
import type { GuardedShares } from './guarded-shares.ts';
import type { Leases, Refusal } from './leases.ts';

/** What the governor of a deployment is made with. */
export interface GovernorOptions {
  /** How many vends a second all instances together may ask of STS. */
  readonly vendsPerSecond: number;
  readonly shares: GuardedShares;
  readonly leases: Leases;
  readonly clock: Clock;
  /** From 0 to less than 1. */
  readonly chance: () => number;
}

/** Shares what the deployment may ask of STS among the tenants. */
export interface Governor {
  /** Resolves to undefined for a vend within the tenant's share; rejects when the table cannot be asked and has to be. */
  admit(tenantId: string): Promise<Refusal | undefined>;
  /** How many vends a second this instance by itself has for the tenant, as far as known. */
  ownShareOf(tenantId: string): number;
  /** Which part of the deployment's work is this instance's, as far as known. */
  part(): number;
}

/** What was read longer ago says nothing of now. */
const READING_SECONDS = 10;

const EMPTY = { unasked: 0, asked: new Map<string, number>() };
const NOTHING = { last: EMPTY, current: EMPTY, isTightening: false };

/** The vends that this instance let go ahead without asking, in one second. */
interface Unasked {
  readonly window: number;
  /** An allowance is no whole number: this says up or down, anew each second. */
  readonly chance: number;
  inAll: number;
  readonly byTenant: Map<string, number>;
}

/**
 * A light tenant goes ahead without asking, within this instance's allowance; any other takes its vends from the ledger of the second.
 * What is known of the others comes with each answer.
 */
export function createGovernor({ vendsPerSecond, shares, leases, clock, chance }: GovernorOptions): Governor {
  const outlook = createOutlook(vendsPerSecond);
  let unasked: Unasked = { window: 0, chance: 0, inAll: 0, byTenant: new Map() };
  // Somewhere on the way to the first: what is told is right from the beginning, of many instances together.
  let untold = Math.floor(chance() * TOLD_AT_ONCE);

  async function enter(store: ShareStore, window: number, entry: LedgerEntry) {
    const known = outlook.latest();
    const [last, current] = await Promise.all([
      // Smoothed as it is, which is the same for all that follows in this second.
      known?.window === window ? known.view.last : store.readLedger(window - 1),
      store.enter(window, entry),
    ]);
    return outlook.learn(window, last, current);
  }

  /** Beside the vend, while STS is asked. Lambda may freeze it under way: it then fails later, and says nothing of the table. */
  function tell(window: number): void {
    outlook.count(window, 1);
    untold += 1;
    if (untold < TOLD_AT_ONCE) return;
    untold -= TOLD_AT_ONCE;
    enter(shares.unguarded, window, { unasked: TOLD_AT_ONCE }).catch(() => {});
  }

  /** Undefined when what was read says nothing of now; while nothing newer can be read, it has to do. */
  function readingOf(window: number): Reading | undefined {
    const reading = outlook.latest();
    if (reading === undefined || shares.isLeftAlone()) return reading;
    return window - reading.window <= READING_SECONDS ? reading : undefined;
  }

  function goesUnasked(tenantId: string, window: number): boolean {
    if (unasked.window !== window) unasked = { window, chance: chance(), inAll: 0, byTenant: new Map() };
    const reading = readingOf(window);
    const { perTenant, inAll } = reading?.allowance ?? BLIND_ALLOWANCE;
    const ofTenant = unasked.byTenant.get(tenantId) ?? 0;
    if (ofTenant >= Math.floor(perTenant + unasked.chance)) return false;
    if (unasked.inAll >= Math.floor(inAll + unasked.chance)) return false;
    if (reading !== undefined && askedFor(tenantId, reading.view) >= reading.light) return false;
    unasked.inAll += 1;
    unasked.byTenant.set(tenantId, ofTenant + 1);
    return true;
  }

  async function take(tenantId: string, window: number, vends: number) {
    const crowd = outlook.crowd();
    const known = outlook.latest();
    if (known?.window === window) {
      const asked = known.view.current.asked.get(tenantId) ?? 0;
      const limit = shareOf(tenantId, known.view, vendsPerSecond);
      // An answer to another tenant said that this one has had its share.
      if (asked >= limit) return { count: asked + vends, limit, crowd };
    }
    const view = await enter(shares, window, { asked: { tenantId, vends } });
    outlook.count(window, vends);
    const count = view.current.asked.get(tenantId) ?? vends;
    return { count, limit: shareOf(tenantId, view, vendsPerSecond), crowd };
  }

  return {
    async admit(tenantId) {
      const { window } = momentOf(clock);
      if (!goesUnasked(tenantId, window))
        return (
          await leases.admit(`deployment#${tenantId}`, (second, vends) => take(tenantId, second, vends))
        ).refusal;
      if (!shares.isLeftAlone()) tell(window);
      return undefined;
    },
    ownShareOf(tenantId) {
      const { view = NOTHING, light = 1 } = outlook.latest() ?? {};
      const share = shareOf(tenantId, view, vendsPerSecond) * outlook.part();
      return askedFor(tenantId, view) < light ? Math.max(1, share) : share;
    },
    part: outlook.part,
  };
}
