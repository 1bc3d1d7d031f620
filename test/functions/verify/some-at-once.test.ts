import { expect, test } from 'vitest';
import { someAtOnce } from '../../../functions/core/verification/some-at-once.ts';

test('works on so many at a time, on each once, and goes on behind one that fails', async () => {
  const begun: number[] = [];
  let going = 0;
  let most = 0;
  const work = someAtOnce(3, async (item: number) => {
    begun.push(item);
    going += 1;
    most = Math.max(most, going);
    await new Promise((resolve) => setTimeout(resolve, item % 2));
    going -= 1;
    if (item === 1) throw new Error('one');
    return item * 10;
  });
  const outcomes = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6, 7].map(work));
  expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
    0,
    'failed',
    20,
    30,
    40,
    50,
    60,
    70,
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
  expect(await work(8)).toBe(80);
});
