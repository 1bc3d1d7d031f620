import { PolicyError } from './policy-error.ts';

/** As many decimal digits as a double keeps apart: with more, two numbers could be taken for one. */
const KEPT_DIGITS = 15;

/** Reads a decimal number; anything else, and more digits than can be told apart, is a PolicyError. */
export function parseNumber(text: string, where: string): number {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  if (!/^[+-]?\d+(\.\d+)?$/.test(text) || digits.length > KEPT_DIGITS) {
    throw new PolicyError({
      what: where,
      got: text,
      expected: `a decimal number of at most ${KEPT_DIGITS} digits`,
    });
  }
  return Number(text);
}

const W3C_DATE =
  /^(?<day>\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads a date as milliseconds since 1970: a W3C form of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), to the
 * millisecond, or Unix seconds. Four digits are a year.
 */
export function parseInstant(text: string, where: string): number {
  const day = W3C_DATE.exec(text)?.groups?.['day'];
  if (day === undefined && /^\d{1,12}$/.test(text)) return Number(text) * 1000;
  // Date.parse would move February 30 to March 1.
  const exists = day !== undefined && isoDay(Date.parse(day)).startsWith(day);
  const instant = exists ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new PolicyError({ what: where, got: text, expected: 'an ISO 8601 date or Unix seconds' });
  return instant;
}

function isoDay(instant: number): string {
  return Number.isNaN(instant) ? '' : new Date(instant).toISOString();
}

/** Reads `true` or `false`. Policy variables are refused: AWS's two pages on them disagree for `Bool`. */
export function parseFlag(text: string, where: string): boolean {
  const flag = text.toLowerCase();
  if (flag !== 'true' && flag !== 'false')
    throw new PolicyError({ what: where, got: text, expected: 'true or false' });
  return flag === 'true';
}

/** Reads canonical base64 and keeps it as it is: equal bytes then have equal text. */
export function parseBytes(text: string, where: string): string {
  if (Buffer.from(text, 'base64').toString('base64') !== text) {
    throw new PolicyError({ what: where, got: text, expected: 'base64' });
  }
  return text;
}
