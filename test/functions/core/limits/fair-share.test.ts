import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fairLevel, fairShare } from '../../../../functions/core/limits/fair-share.ts';

const demands = fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 40 });
const capacity = fc.double({ min: 0.1, max: 1000, noNaN: true });
const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

describe('the fair level', () => {
  test.each([
    ['enough for all', 100, [10, 20, 30], Number.POSITIVE_INFINITY],
    ['exactly enough', 60, [10, 20, 30], Number.POSITIVE_INFINITY],
    ['equals', 60, [100, 100, 100], 20],
    ['what the small ones leave', 100, [10, 1000, 20, 1000], 35],
    ['nothing to share', 0, [1, 2], 0],
    ['less than nothing', -5, [1], 0],
    ['nobody', 10, [], Number.POSITIVE_INFINITY],
  ])('%s', (_, of, wanted, level) => {
    expect(fairLevel(of, wanted)).toBe(level);
  });

  it('shares all that there is, and not more, and takes from nobody below it', () => {
    fc.assert(
      fc.property(capacity, demands, (of, wanted) => {
        const level = fairLevel(of, wanted);
        const given = wanted.map((each) => Math.min(each, level));
        expect(sum(given)).toBeCloseTo(Math.min(of, sum(wanted)), 5);
        expect(level).toBeGreaterThanOrEqual(wanted.length === 0 ? 0 : of / wanted.length - 1e-9);
      }),
    );
  });

  it('is at least an equal part for one who asks without end, whatever the others do', () => {
    fc.assert(
      fc.property(capacity, demands, (of, others) => {
        const share = fairShare(of, others);
        expect(share).toBeGreaterThanOrEqual(of / (others.length + 1) - 1e-9);
        expect(share).toBeLessThanOrEqual(of + 1e-9);
      }),
    );
  });
});
