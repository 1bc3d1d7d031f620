import { expect, test } from 'vitest';
import { median, medians } from '../../bench/sample.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9], 9.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('measures take turns, and warm-up rounds do not count', async () => {
  const order: string[] = [];
  const measure = (name: string) => async () => order.push(name);
  expect(await medians(3, { a: measure('a'), b: measure('b') })).toEqual({ a: 5, b: 6 });
  expect(order.join('')).toBe('ab'.repeat(4));
});
