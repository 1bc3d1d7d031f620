import type { Clock } from '../clock.ts';

/**
 * Limits count by whole seconds since 1970, each by itself: of a counter that starts anew every second nobody has to
 * take anything back, and instances whose clocks differ a little still count in the same one for most of it.
 */
export interface Moment {
  /** The second. */
  readonly window: number;
  /** How much of it has passed: from 0 to less than 1. */
  readonly elapsed: number;
}

export function momentOf(clock: Clock): Moment {
  const seconds = clock().getTime() / 1000;
  const window = Math.floor(seconds);
  return { window, elapsed: seconds - window };
}
