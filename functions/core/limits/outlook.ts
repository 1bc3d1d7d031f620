import { type Allowance, allowanceOf, type LedgerView, lightBelow } from './deployment-share.ts';
import type { Ledger } from './share-store.ts';

/** What was read of the deployment in a second, and what follows from it. */
export interface Reading {
  readonly window: number;
  readonly view: LedgerView;
  /** Tenants that asked for less need not ask. */
  readonly light: number;
  readonly allowance: Allowance;
}

/** What an instance knows of its deployment, and of its own part in it. */
export interface Outlook {
  /** Adds to what this instance vends or asks for. */
  count(window: number, vends: number): void;
  /** Takes in the ledgers of a second and of the one before it. */
  learn(window: number, last: Ledger, current: Ledger): LedgerView;
  latest(): Reading | undefined;
  /** Which part of all that is vended and asked for is this instance's: more than 0, at most 1. */
  part(): number;
  /** How many are refused by all instances while this one refuses one, about. */
  crowd(): number;
}

/** What this instance vends and asks for. */
interface Own {
  readonly window: number;
  /** In that second so far. */
  vends: number;
  /** Before it; undefined in the first one. */
  readonly perSecond: number | undefined;
}

/** How much of what all do goes on into the next second: changes are followed within about three. */
const KEPT_OF_ALL = 0.7;
/** The same of what one instance does, which is less and so less even: within about ten. */
const KEPT_OF_OWN = 0.9;
/** Unasked vends are told of so many at once, in one write. */
export const TOLD_AT_ONCE = 10;
/**
 * Added to what was seen, own and all: one instance of twenty. Of a few vends no part can be told, and one that is told too large lets
 * too much go ahead.
 */
const ASSUMED = { own: 0.5, all: 10 };

/**
 * What is told of unasked vends comes in lumps, so it is smoothed; what is asked for is exact, and taken as it is. `capacity` in
 * vends a second.
 */
export function createOutlook(capacity: number): Outlook {
  let own: Own = { window: 0, vends: 0, perSecond: undefined };
  let all: { readonly unasked: number; readonly vends: number } | undefined;
  let reading: Reading | undefined;
  /** Of the reading of another second before this one. */
  let lightBefore = 0;

  function part(): number {
    const seen = { own: own.perSecond ?? own.vends, all: all?.vends ?? 0 };
    return Math.min(1, (seen.own + ASSUMED.own) / (seen.all + ASSUMED.all));
  }

  function paceBefore(window: number): number | undefined {
    if (own.window === 0) return undefined;
    const idleSeconds = Math.max(0, window - own.window - 1);
    return smooth(own.perSecond ?? own.vends, own.vends, KEPT_OF_OWN) * KEPT_OF_OWN ** idleSeconds;
  }

  function follow({ unasked, asked }: Ledger): void {
    const vends = [...asked.values()].reduce((sum, each) => sum + each, unasked);
    // Nobody has written: of a second in which nobody could, nothing is known.
    if (vends === 0 && all !== undefined) return;
    // What has come to an end is not to be kept for anybody.
    const mostByChance = unasked + 2 * Math.sqrt(TOLD_AT_ONCE * (unasked + TOLD_AT_ONCE));
    all = {
      unasked: Math.min(mostByChance, smooth(all?.unasked ?? unasked, unasked, KEPT_OF_ALL)),
      vends: smooth(all?.vends ?? vends, vends, KEPT_OF_ALL),
    };
  }

  return {
    count(window, vends) {
      if (window !== own.window) {
        own = { window, vends: 0, perSecond: paceBefore(window) };
      }
      own.vends += vends;
    },
    learn(window, last, current) {
      if (reading?.window !== window) {
        lightBefore = reading?.light ?? 0;
        follow(last);
      }
      const smoothed = { asked: last.asked, unasked: all?.unasked ?? 0 };
      const light = lightBelow(smoothed, capacity);
      const isTightening = light < lightBefore;
      const view = { last: smoothed, current, isTightening };
      reading = { window, view, light, allowance: allowanceOf(smoothed, capacity, part()) };
      return view;
    },
    latest: () => reading,
    part,
    // One that was idle has no pace yet, but already some vends.
    crowd: () => Math.max(1, (all?.vends ?? 0) / Math.max(1, own.perSecond ?? 0, own.vends)),
  };
}

function smooth(before: number, value: number, kept: number): number {
  return before * kept + value * (1 - kept);
}
