/** What an instance knows when it takes vends of a key for the rest of a second. */
export interface LeaseNeed {
  /** Requests that wait for the answer. */
  readonly waiting: number;
  /** Vends of the key in this instance, in the second before. */
  readonly lastWanted: number;
  /** Vends of the key that it has admitted in this second. */
  readonly admitted: number;
  /** How much of the second has passed: from 0 to less than 1. */
  readonly elapsed: number;
  /** Whether there was not enough for all in the second before. */
  readonly contended: boolean;
  /** Vends a second of all instances together, as far as known. */
  readonly limit: number;
}

/** The most that one instance takes at once, as a part of the limit: what it does not use nobody else can. */
const PART_MAX = 1 / 4;

/**
 * How many vends to take at once: what waits, and what may be expected of the rest of the second. The more it is, the less often
 * the table is asked; where there is not enough, only half of that, since what is taken and not used is lost to the others.
 */
export function leaseSize({ waiting, lastWanted, admitted, elapsed, contended, limit }: LeaseNeed): number {
  const left = 1 - elapsed;
  // As many again as came so far, or at that pace for what is left of the second.
  const growing = Math.min(admitted, (admitted * left) / Math.max(elapsed, Number.EPSILON));
  const expected = Math.max(lastWanted * left, growing) * (contended ? 1 / 2 : 1);
  return Math.max(1, waiting, Math.min(Math.round(expected), Math.ceil(limit * PART_MAX)));
}

/** However many stand in line. */
const RETRY_SECONDS_MAX = 60;

/**
 * When one more vend has a chance that had the place `position` in the line of a second in which `limit` vends are admitted, in
 * seconds. Whoever comes back as told finds as many beside them as are admitted: so a hundred that come at once come back spread,
 * and not all in the next second.
 */
export function retryAfterSeconds(position: number, limit: number): number {
  return Math.min(RETRY_SECONDS_MAX, Math.max(1, Math.floor(position / Math.max(1, limit))));
}
