import { describe, expect, it, test } from 'vitest';
import type { VendingError } from '../../../../functions/core/errors.ts';
import { assertTimes } from '../../../../functions/core/token/token-times.ts';

/** Half a second after a whole one: what is compared is not rounded. */
const SECOND = 1_800_000_000;
const now = new Date(SECOND * 1000 + 500);
const terms = { clockSkewSeconds: 30, maximumTokenLifetimeSeconds: 3600 };
const usual = { iat: SECOND - 60, exp: SECOND + 300 };

type Times = Parameters<typeof assertTimes>[0];

function outcomeOf(times: Times, more: object = {}): string {
  try {
    assertTimes({ ...usual, ...times }, { ...terms, ...more }, now);
    return 'taken';
  } catch (error) {
    return (error as VendingError).code;
  }
}

describe('the times of a token', () => {
  test.each<[string, Times, string]>([
    ['as usual', {}, 'taken'],
    ['exp in the skew', { exp: SECOND - 29 }, 'taken'],
    ['exp at the end of the skew', { exp: SECOND - 30 + 0 }, 'token_expired'],
    ['exp beyond the skew', { exp: SECOND - 31 }, 'token_expired'],
    ['iat in the skew', { iat: SECOND + 30 }, 'taken'],
    ['iat beyond the skew', { iat: SECOND + 31 }, 'token_invalid'],
    ['nbf in the skew', { nbf: SECOND + 30 }, 'taken'],
    ['nbf beyond the skew', { nbf: SECOND + 31 }, 'token_invalid'],
    ['nbf long ago', { nbf: 0 }, 'taken'],
    ['the longest lifetime', { iat: SECOND - 60, exp: SECOND + 3540 }, 'taken'],
    ['a second longer', { iat: SECOND - 60, exp: SECOND + 3541 }, 'token_invalid'],
    ['ten years', { exp: SECOND + 315_360_000 }, 'token_invalid'],
    ['exp in milliseconds', { exp: (SECOND + 300) * 1000 }, 'token_invalid'],
    ['both in milliseconds', { iat: SECOND * 1000, exp: (SECOND + 300) * 1000 }, 'token_invalid'],
    ['exp at iat', { iat: SECOND + 10, exp: SECOND + 10 }, 'token_invalid'],
    ['exp before iat', { iat: SECOND + 10, exp: SECOND - 10 }, 'token_invalid'],
    ['no exp', { exp: undefined }, 'token_invalid'],
    ['no iat', { iat: undefined }, 'token_invalid'],
    ['exp null', { exp: null }, 'token_invalid'],
    ['exp a string', { exp: `${SECOND + 300}` }, 'token_invalid'],
    ['exp a list', { exp: [SECOND + 300] }, 'token_invalid'],
    ['exp 1e400', { exp: JSON.parse('1e400') }, 'token_invalid'],
    ['exp and iat 1e400', { exp: JSON.parse('1e400'), iat: JSON.parse('1e400') }, 'token_invalid'],
    ['exp beyond whole numbers', { exp: 2 ** 53, iat: 2 ** 53 - 60 }, 'token_invalid'],
    ['exp with a fraction', { exp: SECOND + 300.5 }, 'token_invalid'],
    ['iat a string', { iat: `${SECOND}` }, 'token_invalid'],
    ['iat −1e400', { iat: JSON.parse('-1e400') }, 'token_invalid'],
    ['nbf null', { nbf: null }, 'token_invalid'],
    ['nbf a string', { nbf: '0' }, 'token_invalid'],
    ['nbf −1e400', { nbf: JSON.parse('-1e400') }, 'token_invalid'],
  ])('%s: %s', (_what, times, outcome) => {
    expect(outcomeOf(times)).toBe(outcome);
  });

  test('count to the very moment', () => {
    const at = (date: Date) => () =>
      assertTimes({ ...usual, exp: SECOND }, { ...terms, clockSkewSeconds: 0 }, date);
    expect(at(new Date(SECOND * 1000 - 1))()).toEqual(new Date(SECOND * 1000));
    expect(at(new Date(SECOND * 1000))).toThrow(expect.objectContaining({ code: 'token_expired' }));
  });

  it('end with exp, or at the greatest age if that is sooner, and the skew', () => {
    const until = (maximumTokenAgeSeconds?: number) =>
      assertTimes(usual, { ...terms, maximumTokenAgeSeconds }, now).getTime() / 1000 - SECOND;
    expect([until(), until(1000), until(360), until(359), until(60)]).toEqual([330, 330, 330, 329, 30]);
  });

  test.each([
    [91, 'taken'],
    [60 + 31, 'taken'],
    [60, 'taken'],
  ])('of a token of a minute are good for an age of %d seconds: %s', (age, outcome) => {
    expect(outcomeOf({}, { maximumTokenAgeSeconds: age })).toBe(outcome);
  });

  test.each([
    [89, 'taken'],
    [90, 'token_expired'],
    [91, 'token_expired'],
  ])('issued %d seconds ago, with a greatest age of 60: %s', (ago, outcome) => {
    expect(outcomeOf({ iat: SECOND - ago }, { maximumTokenAgeSeconds: 60 })).toBe(outcome);
  });
});
