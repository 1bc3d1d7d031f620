import { beforeEach, describe, expect, it } from 'vitest';
import { createOutlook, type Outlook } from '../../../../functions/core/limits/outlook.ts';
import type { Ledger } from '../../../../functions/core/limits/share-store.ts';

const ledger = (unasked: number, asked: Record<string, number> = {}): Ledger => ({
  unasked,
  asked: new Map(Object.entries(asked)),
});
const NONE = ledger(0);

let outlook: Outlook;
beforeEach(() => {
  outlook = createOutlook(480);
});

describe('what an instance knows', () => {
  it('is nothing at first, and that it may be one of twenty', () => {
    expect([outlook.latest(), outlook.part()]).toEqual([undefined, 1 / 20]);
  });

  it('is its part of all that is vended, after a while', () => {
    for (let second = 1; second <= 60; second += 1) {
      outlook.learn(second, ledger(50, { acme: 50 }), NONE);
      outlook.count(second, 10);
    }
    expect(outlook.part()).toBeCloseTo(10.5 / 110, 3);
  });

  it('is a part that falls while it has nothing to do, and not to nothing', () => {
    for (let second = 1; second <= 20; second += 1) {
      outlook.learn(second, ledger(100), NONE);
      outlook.count(second, 10);
    }
    outlook.count(10_000, 1);
    expect(outlook.part()).toBeCloseTo(0.5 / 110, 4);
  });

  it('is how many are refused elsewhere, and that it knows none at first', () => {
    expect(outlook.crowd()).toBe(1);
    outlook.learn(1, ledger(100), NONE);
    outlook.count(1, 5);
    expect(outlook.crowd()).toBe(20);
  });

  it('is smooth of what is told in lumps, and exact of what is asked for', () => {
    outlook.learn(1, ledger(100, { acme: 7 }), NONE);
    const { last } = outlook.learn(2, ledger(200, { acme: 9 }), NONE);
    expect([Math.round(last.unasked), last.asked.get('acme')]).toEqual([130, 9]);
  });

  it('takes in the second before once, however often this one is read', () => {
    outlook.learn(1, ledger(100), NONE);
    const { last } = outlook.learn(2, ledger(200), NONE);
    expect(outlook.learn(2, last, NONE).last.unasked).toBe(last.unasked);
  });

  it('stays over a second in which nobody could write', () => {
    outlook.learn(1, ledger(100), NONE);
    expect(outlook.learn(2, NONE, NONE).last.unasked).toBe(100);
  });

  it('lets go soon of what has come to an end', () => {
    outlook.learn(1, ledger(400), NONE);
    expect(outlook.learn(2, ledger(0, { acme: 9 }), NONE).last.unasked).toBeLessThan(30);
  });

  it('is that it tightens, in the one second in which the light ones have to ask', () => {
    const tightens = (second: number, unasked: number) =>
      outlook.learn(second, ledger(unasked), NONE).isTightening;
    expect([tightens(1, 200), tightens(2, 200), tightens(3, 2000), tightens(4, 2000)]).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
