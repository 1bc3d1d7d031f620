import { describe, expect, it, test } from 'vitest';
import { type AssertionTimes, assertTimes } from '../../../../functions/core/saml/assertion-times.ts';
import { codeOf, NOW } from '../sample.ts';

const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
const times = (changes: Partial<AssertionTimes> = {}): AssertionTimes => ({
  issueInstant: at(0),
  starts: [],
  ends: [at(60)],
  ...changes,
});

describe('the times of an assertion', () => {
  test.each<[string, Partial<AssertionTimes>, string]>([
    ['its only end', {}, at(90)],
    ['the first of its ends', { ends: [at(120), at(40), at(200)] }, at(70)],
    ['five minutes after it was issued', { ends: [at(86_400)] }, at(330)],
    ['five minutes after it was issued, long ago', { issueInstant: at(-200), ends: [at(900)] }, at(130)],
  ])('come to %s, and the skew', (_what, changes, end) => {
    expect(assertTimes(times(changes), NOW).toISOString()).toBe(end);
  });

  test.each<[string, Partial<AssertionTimes>, string | undefined]>([
    ['issued as far ahead as clocks differ', { issueInstant: at(30) }, undefined],
    ['issued further ahead', { issueInstant: at(30.001) }, 'assertion_expired'],
    ['that begins as far ahead as clocks differ', { starts: [at(30)] }, undefined],
    ['that begins further ahead', { starts: [at(-1), at(30.001)] }, 'assertion_expired'],
    ['that ended less long ago than clocks differ', { ends: [at(-29.999)] }, undefined],
    ['that ended longer ago', { ends: [at(-30)] }, 'assertion_expired'],
    ['issued less than five minutes and the skew ago', { issueInstant: at(-329.999) }, undefined],
    ['issued that long ago', { issueInstant: at(-330) }, 'assertion_expired'],
  ])('%s', (_what, changes, code) => {
    expect(codeOf(() => assertTimes(times(changes), NOW))).toBe(code);
  });

  test.each([
    '',
    'now',
    '2026-11-21',
    '2026-11-21T12:00:00',
    '2026-11-21T12:00:00+00:00',
    '2026-02-30T12:00:00Z',
    '1',
  ])('are none where one is %j', (text) => {
    expect(codeOf(() => assertTimes(times({ issueInstant: text }), NOW))).toBe('assertion_invalid');
    expect(codeOf(() => assertTimes(times({ starts: [text] }), NOW))).toBe('assertion_invalid');
    expect(codeOf(() => assertTimes(times({ ends: [text] }), NOW))).toBe('assertion_invalid');
  });

  it('may have seven digits behind the second', () => {
    expect(assertTimes(times({ ends: ['2026-11-21T12:00:10.1234567Z'] }), NOW)).toEqual(
      new Date('2026-11-21T12:00:40.123Z'),
    );
  });
});
