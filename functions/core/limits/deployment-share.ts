import { fairShare } from './fair-share.ts';
import type { Ledger } from './share-store.ts';

/** What an instance knows of the deployment: the ledger of the second before, and that of this one so far. */
export interface LedgerView {
  readonly last: Ledger;
  readonly current: Ledger;
  /** Tenants that went ahead without asking in the second before have to ask in this one. */
  readonly isTightening: boolean;
}

/** Who asks for less than this part of the capacity is light: nobody has to be protected from it. */
const LIGHT_PART = 1 / 32;
/** Up to this part of the capacity a tenant has what was fair in the second before, whatever has come since. */
const LEAST_PART = 1 / 16;
/** The part of the capacity that may be vended, by all together, beyond what is expected and without asking. */
const SLACK_PART = 1 / 4;

/** How many vends in a second an instance may let go ahead without asking. */
export interface Allowance {
  readonly perTenant: number;
  readonly inAll: number;
}

/** Of an instance that knows nothing of the others. */
export const BLIND_ALLOWANCE: Allowance = { perTenant: 1, inAll: 1 };

/**
 * The allowance of an instance that makes `part` of all vends: its part of what is vended without asking, and of the slack. So all
 * tenants that come as usual go ahead, while one that comes down on all instances at once has to ask before it has spent
 * the slack.
 */
export function allowanceOf({ unasked }: Ledger, capacity: number, part: number): Allowance {
  const slack = capacity * SLACK_PART;
  return {
    perTenant: Math.max(BLIND_ALLOWANCE.perTenant, slack * part),
    // Twice what is usual: of few vends there are often twice as many.
    inAll: Math.max(BLIND_ALLOWANCE.inAll, (2 * unasked + slack) * part),
  };
}

/**
 * Of a tenant that asks for fewer vends a second than this, none have to be asked for. It goes to 0 as those that are not asked for
 * come to fill the capacity by themselves: then all have to ask, so that each can be held to its share.
 */
export function lightBelow({ unasked, asked }: Ledger, capacity: number): number {
  const level = fairShare(capacity - unasked, asked.values());
  return Math.min(capacity * LIGHT_PART, level / 2);
}

/** How many vends the tenant asked for: in the second before, or already in this one. */
export function askedFor(tenantId: string, { last, current }: LedgerView): number {
  return Math.max(last.asked.get(tenantId) ?? 0, current.asked.get(tenantId) ?? 0);
}

/**
 * How many of the vends that a tenant asks for in this second are its own: its max-min fair share beside what the others ask for,
 * in the second before or already in this one. Everybody has what a light tenant has, and one vend at least.
 */
export function shareOf(tenantId: string, view: LedgerView, capacity: number): number {
  const { last, current } = view;
  const light = lightBelow(last, capacity);
  let lightLast = last.unasked;
  let lightNow = current.unasked;
  const heavy: number[] = [];
  for (const other of new Set([...last.asked.keys(), ...current.asked.keys()])) {
    if (other === tenantId) continue;
    const asked = askedFor(other, view);
    if (asked >= light) heavy.push(asked);
    else {
      lightLast += last.asked.get(other) ?? 0;
      lightNow += current.asked.get(other) ?? 0;
    }
  }
  // The light ones need not have come yet: what they took in the second before is kept for them.
  const share = fairShare(capacity - Math.max(lightLast, lightNow), heavy);
  return Math.max(1, Math.floor(share), Math.floor(least()));

  function least(): number {
    // More of those who do not ask than in the second before: a flooder that nobody knows yet is among them. That is no reason to refuse
    // one who asks for little.
    const asBefore = Math.max(light, Math.min(capacity * LEAST_PART, fairShare(capacity - lightLast, heavy)));
    if (!view.isTightening || (last.asked.get(tenantId) ?? 0) >= capacity * LIGHT_PART) return asBefore;
    // This tenant may be one of those for whom something was kept.
    return Math.max(asBefore, Math.min(capacity * LIGHT_PART, fairShare(capacity - lightNow, heavy)));
  }
}
