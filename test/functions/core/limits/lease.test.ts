import { describe, expect, test } from 'vitest';
import { type LeaseNeed, leaseSize, retryAfterSeconds } from '../../../../functions/core/limits/lease.ts';
import { countAlone, type LoneCount } from '../../../../functions/core/limits/lone-count.ts';

const need: LeaseNeed = {
  waiting: 1,
  lastWanted: 0,
  admitted: 0,
  elapsed: 0,
  contended: false,
  limit: 100,
};

describe('a lease', () => {
  test.each<[string, Partial<LeaseNeed>, number]>([
    ['is one vend of a key that nobody knows', {}, 1],
    ['is for all who wait', { waiting: 7 }, 7],
    ['is what came in the second before', { lastWanted: 20 }, 20],
    ['is that for what is left of the second', { lastWanted: 20, elapsed: 0.75 }, 5],
    ['is half of it where there is not enough', { lastWanted: 20, contended: true }, 10],
    ['doubles while more come', { admitted: 8, elapsed: 0.1 }, 8],
    ['does not double at the end of the second', { admitted: 8, elapsed: 0.8 }, 2],
    ['is a quarter of the limit at most', { lastWanted: 90 }, 25],
    ['is one of a small limit', { lastWanted: 90, limit: 4 }, 1],
    ['is for all who wait whatever the limit', { waiting: 7, limit: 4 }, 7],
  ])('%s', (_, changes, size) => {
    expect(leaseSize({ ...need, ...changes })).toBe(size);
  });
});

describe('Retry-After', () => {
  test.each([
    ['the next second for the first that is too many', 5, 5, 1],
    ['the same for as many as are admitted then', 9, 5, 1],
    ['the one after for who comes behind them', 10, 5, 2],
    ['a minute however long the line', 100_000, 5, 60],
    ['whole seconds where less than one is admitted', 3, 0.5, 3],
  ])('is %s', (_, position, limit, seconds) => {
    expect(retryAfterSeconds(position, limit)).toBe(seconds);
  });
});

describe('an instance that counts alone', () => {
  /** What becomes of vends at these times, in milliseconds. */
  function vend(perSecond: number, times: readonly number[]): readonly (number | undefined)[] {
    let count: LoneCount | undefined;
    return times.map((time) => {
      const decision = countAlone(count, perSecond, time);
      count = decision.count;
      return decision.retryAfterSeconds;
    });
  }

  test.each<[string, number, readonly number[], readonly (number | undefined)[]]>([
    ['begins with a second of its part', 2, [0, 0, 0], [undefined, undefined, 1]],
    ['begins with one where its part is less', 0.1, [0, 0], [undefined, 10]],
    ['has one again when it said', 0.1, [0, 0, 9000, 10_000], [undefined, 10, 1, undefined]],
    ['saves nothing up', 2, [0, 3_600_000, 3_600_000, 3_600_000], [undefined, undefined, undefined, 1]],
    ['gains nothing from a clock that is set back', 1, [60_000, 0, 1000], [undefined, 1, undefined]],
  ])('%s', (_, perSecond, times, outcomes) => {
    expect(vend(perSecond, times)).toEqual(outcomes);
  });
});
