import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { leaseSize, retryAfterSeconds } from '../../core/limits/lease.ts';
import { momentOf } from '../../core/limits/window.ts';

/** What came of taking vends: what the shared counter says then, and up to what count it goes in this second. */
export interface Taken {
  readonly count: number;
  readonly limit: number;
  /** How many are refused everywhere while one is refused here, as far as known; 1 if left out. */
  readonly crowd?: number;
}

/** Takes so many vends of one key in that second. */
export type Take = (window: number, vends: number) => Promise<Taken>;

/** One vend too many. */
export interface Refusal {
  readonly retryAfterSeconds: number;
}

/** Vends that this instance holds, by key. */
export interface Leases {
  /** One vend, of those that this instance holds or can take; rejects with what `take` rejects with. */
  admit(key: string, take: Take): Promise<Admission>;
}

/** What came of asking for one vend. */
export interface Admission {
  /** Undefined: it may be made. */
  readonly refusal: Refusal | undefined;
  /** For one that is not made after all: within its second, another may have it. */
  readonly giveBack: () => void;
}

/** Nothing to give back. */
export const GIVE_NOTHING = (): void => {};

/** One key in one second. */
interface Tally {
  readonly window: number;
  readonly lastWanted: number;
  readonly contended: boolean;
  wanted: number;
  admitted: number;
  /** Taken and not used. */
  left: number;
  limit: number;
  crowd: number;
  /** Of whoever is refused next, in the line of this second; undefined while there may be more to take. */
  place: number | undefined;
  taking: Promise<void> | undefined;
}

/** What falls out is asked for again. */
const MAX_KEYS = 10_000;

/**
 * Vends are taken several at once, and what is not used ends with its second. Once there are no more, nobody asks again in
 * that second; requests that come together wait for one answer.
 */
export function createLeases(clock: Clock): Leases {
  const tallies = new LRUCache<string, Tally>({ max: MAX_KEYS });

  function tallyOf(key: string): Tally {
    const { window } = momentOf(clock);
    const known = tallies.get(key);
    if (known?.window === window) return known;
    const last = known?.window === window - 1 ? known : undefined;
    const tally: Tally = {
      window,
      lastWanted: last?.wanted ?? 0,
      contended: last?.place !== undefined,
      wanted: 0,
      admitted: 0,
      left: 0,
      limit: last?.limit ?? Number.POSITIVE_INFINITY,
      crowd: 1,
      place: undefined,
      taking: undefined,
    };
    tallies.set(key, tally);
    return tally;
  }

  async function takeMore(tally: Tally, take: Take): Promise<void> {
    const waiting = tally.wanted - tally.admitted;
    const vends = leaseSize({ ...tally, waiting, elapsed: momentOf(clock).elapsed });
    try {
      const { count, limit, crowd = 1 } = await take(tally.window, vends);
      const before = count - vends;
      const granted = Math.max(0, Math.min(vends, limit - before));
      tally.limit = limit;
      tally.crowd = crowd;
      tally.left += granted;
      if (granted < vends) tally.place = before + granted;
    } finally {
      tally.taking = undefined;
    }
  }

  /** Into its own second: of one that has passed, nobody looks any more. */
  function giveBack(tally: Tally): void {
    tally.admitted -= 1;
    tally.left += 1;
  }

  return {
    async admit(key, take) {
      let counted: Tally | undefined;
      for (;;) {
        // Anew each time: what was taken may have come too late for its second.
        const tally = tallyOf(key);
        if (tally !== counted) tally.wanted += 1;
        counted = tally;
        if (tally.left > 0) {
          tally.left -= 1;
          tally.admitted += 1;
          return { refusal: undefined, giveBack: () => giveBack(tally) };
        }
        if (tally.place !== undefined) {
          const retry = retryAfterSeconds(tally.place, tally.limit);
          tally.place += tally.crowd;
          return { refusal: { retryAfterSeconds: retry }, giveBack: GIVE_NOTHING };
        }
        tally.taking ??= takeMore(tally, take);
        await tally.taking;
      }
    },
  };
}
