import type { LatchkeyError } from './error.ts';
import type { Surroundings } from './options.ts';

/** Why it is too early for another refresh, and until when. */
interface Pause {
  readonly error: LatchkeyError;
  /** Milliseconds since 1970, as the others. */
  readonly begunAt: number;
  readonly until: number;
  /** As the server demands, with Retry-After. */
  readonly demandedUntil: number;
}

/** The pause after failed refreshes, so that each use in an outage is not one more request. */
export interface RefreshPause {
  /** After a failure; `expiresAt` if there are valid credentials in hand. */
  begin(error: LatchkeyError, expiresAt: number | undefined): void;
  end(): void;
  /** What the last refresh failed with, while the pause lasts: any, or only one that the server demands. */
  reason(which: 'any' | 'demanded'): LatchkeyError | undefined;
}

const FIRST_MILLISECONDS = 5000;
const LONGEST_MILLISECONDS = 60_000;
const SHORTEST_MILLISECONDS = 1000;

/** Doubles with every failure, half of it up to chance; shorter towards the end of what is in hand, so that there are more chances left. */
export function createRefreshPause({ now, random }: Pick<Surroundings, 'now' | 'random'>): RefreshPause {
  let pause: Pause | undefined;
  let failures = 0;
  return {
    begin(error, expiresAt) {
      const left = expiresAt === undefined ? 0 : Math.max(SHORTEST_MILLISECONDS, (expiresAt - now()) / 4);
      const ceiling = Math.min(FIRST_MILLISECONDS * 2 ** failures, LONGEST_MILLISECONDS, left);
      const begunAt = now();
      const demandedUntil = begunAt + (error.retryAfterSeconds ?? 0) * 1000;
      const until = Math.max(demandedUntil, begunAt + ceiling * (0.5 + random() / 2));
      pause = { error, begunAt, until, demandedUntil };
      failures += 1;
    },
    end() {
      pause = undefined;
      failures = 0;
    },
    reason(which) {
      // A clock that was put back would make a pause of hours.
      if (pause === undefined || now() < pause.begunAt) return undefined;
      return now() < (which === 'any' ? pause.until : pause.demandedUntil) ? pause.error : undefined;
    },
  };
}
