import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  allowanceOf,
  type LedgerView,
  lightBelow,
  shareOf,
} from '../../../../functions/core/limits/deployment-share.ts';
import type { Ledger } from '../../../../functions/core/limits/share-store.ts';

const CAPACITY = 480;
const ledger = (unasked = 0, asked: Record<string, number> = {}): Ledger => ({
  unasked,
  asked: new Map(Object.entries(asked)),
});
const view = (last = ledger(), current = ledger(), isTightening = false): LedgerView => ({
  last,
  current,
  isTightening,
});

describe('the share of a tenant', () => {
  test.each([
    ['all, when nobody else is there', view(), 480],
    ['what the light ones leave', view(ledger(180)), 300],
    ['what they left in this second already, if that is less', view(ledger(100), ledger(180)), 300],
    ['a sixteenth of what was left before, however many have come since', view(ledger(100), ledger(480)), 30],
    ['half of that beside another flooder', view(ledger(180, { other: 2000 })), 150],
    ['the same when the other one has only just come', view(ledger(180), ledger(0, { other: 900 })), 150],
    ['what a small one leaves', view(ledger(180, { other: 50 })), 250],
    ['what those leave who ask for little', view(ledger(80, { one: 10, two: 14 })), 376],
    ['not less for what it asked for itself', view(ledger(180, { acme: 2000 })), 300],
    ['one vend at least', view(ledger(480, { other: 2000 })), 1],
    ['a thirty-second, when those who were light have to ask', view(ledger(480), ledger(), true), 15],
    ['but not for who was not light', view(ledger(480, { acme: 2000 }), ledger(), true), 1],
    [
      'and not more than is fair beside the others',
      view(ledger(480), ledger(0, Object.fromEntries([...Array(95)].map((_, i) => [`t${i}`, 10]))), true),
      5,
    ],
  ])('is %s', (_, of, share) => {
    expect(shareOf('acme', of, CAPACITY)).toBe(share);
  });

  it('adds up to no more than the capacity over all who ask without end', () => {
    const others = fc.array(fc.integer({ min: 500, max: 5000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(others, fc.integer({ min: 0, max: 440 }), (flooders, unasked) => {
        const asked = Object.fromEntries(flooders.map((vends, index) => [`t${index}`, vends]));
        const of = view(ledger(unasked, asked));
        const total = Object.keys(asked).reduce((sum, id) => sum + shareOf(id, of, CAPACITY), 0);
        expect(total).toBeLessThanOrEqual(Math.max(CAPACITY - unasked, flooders.length));
      }),
    );
  });

  it('is not found under a name that every object has', () => {
    expect(shareOf('__proto__', view(ledger(0, { constructor: 5 })), CAPACITY)).toBe(475);
  });
});

describe('who is light', () => {
  test.each([
    ['asks for less than a thirty-second', ledger(180), 15],
    ['asks for less than half of what a newcomer would get', ledger(460), 10],
    ['is nobody, once those who do not ask fill it all', ledger(480), 0],
  ])('%s', (_, last, below) => {
    expect(lightBelow(last, CAPACITY)).toBe(below);
  });
});

describe('what goes ahead without asking', () => {
  it('is an instance’s part of the slack for a tenant, and of what is usual in all', () => {
    expect(allowanceOf(ledger(200), CAPACITY, 1 / 10)).toEqual({ perTenant: 12, inAll: 52 });
  });

  it('is one vend at least', () => {
    expect(allowanceOf(ledger(), CAPACITY, 1 / 1000)).toEqual({ perTenant: 1, inAll: 1 });
  });
});
