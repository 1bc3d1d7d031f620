import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localExpiration } from '../../client/src/clock-skew.ts';

const SENT = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3600 * 1000;

it.each([
  ['a clock that is right', 'Sat, 21 Nov 2026 12:00:00 GMT', HOUR, HOUR - 1000],
  ['a clock that is 10 minutes slow', 'Sat, 21 Nov 2026 12:10:00 GMT', HOUR + 600_000, HOUR - 1000],
  ['a clock that is 10 minutes fast', 'Sat, 21 Nov 2026 11:50:00 GMT', HOUR - 600_000, HOUR - 1000],
  ['a Date that is years off', 'Thu, 01 Jan 1970 00:00:00 GMT', HOUR, HOUR],
  ['no Date', null, HOUR - 5, HOUR - 5],
  ['no Date and a slow clock', null, HOUR + 600_000, HOUR],
  ['a Date that is none', '5', HOUR - 5, HOUR - 5],
  ['a Date of another form', 'Saturday, 21-Nov-26 12:10:00 GMT', HOUR - 5, HOUR - 5],
  ['a Date that cannot be', 'Sat, 99 Nov 2026 12:10:00 GMT', HOUR - 5, HOUR - 5],
])('with %s', (_, date, expiresIn, expected) => {
  const expiration = localExpiration({
    expiration: SENT + expiresIn,
    date,
    sentAt: SENT,
    longestSeconds: 3600,
  });
  expect(expiration - SENT).toBe(expected);
});

it('is never later than the end really is, and no earlier than a second and the way there', () => {
  const day = 24 * HOUR;
  fc.assert(
    fc.property(
      fc.integer({ min: -day, max: day }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 900, max: 3600 }),
      (skew, way, milliseconds, lifeSeconds) => {
        // By the server's clock, which is the real time.
        const answered = SENT + milliseconds;
        const date = new Date(answered).toUTCString();
        const end = answered + lifeSeconds * 1000;
        const sentAt = answered - way + skew;
        const local = localExpiration({ expiration: end, date, sentAt, longestSeconds: lifeSeconds });
        expect(local - skew).toBeLessThanOrEqual(end);
        expect(local - skew).toBeGreaterThanOrEqual(end - way - 1000);
      },
    ),
  );
});
