import type { LatchkeyError } from './error.ts';
import { parseHttpDate } from './http-date.ts';

/** Tries of one refresh. With their pauses they outlast a restart; more would only add to an overload. */
export const TRIES = 5;
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 4000;
/** Longer than any that Latchkey asks for; what stands in its place must not silence a client for a day. */
const LONGEST_RETRY_AFTER_SECONDS = 300;

/** Of these, whoever answers. */
const TRANSIENT_STATUSES: ReadonlySet<number | undefined> = new Set([429, 503, 504]);
/** Of these, if Latchkey did not mean it: its other 500s and 502s are damaged records and refusals by AWS, which stay. */
const TRANSIENT_BY_ACCIDENT: ReadonlySet<number | undefined> = new Set([500, 502]);

/** Whether the same request may fare better in a moment. A refusal stays one, and so does an answer that is not Latchkey's. */
export function isTransient({ code, status }: LatchkeyError): boolean {
  if (code === 'unreachable' || TRANSIENT_STATUSES.has(status)) return true;
  return TRANSIENT_BY_ACCIDENT.has(status) && (code === 'internal_error' || code === 'answer_invalid');
}

/** Whether it was refused for its number, before anybody looked at what it holds; what AWS throttles may have been looked at. */
export function wasTurnedAway({ code, status }: LatchkeyError): boolean {
  return status === 429 && code !== 'sts_throttled';
}

/**
 * How long to wait after the so-and-so-manieth failed try, from 1: full jitter
 * (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/), and no less than the server asks for.
 */
export function pauseMilliseconds(
  failures: number,
  retryAfterSeconds: number | undefined,
  random: () => number,
): number {
  const ceiling = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** (failures - 1));
  // Jitter on top of the demand: everybody who was sent away would come back at once.
  return (retryAfterSeconds ?? 0) * 1000 + random() * ceiling;
}

/** The seconds of a Retry-After header (RFC 9110, 10.2.3), a number or a date, at most 300; undefined without one that can be read. */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const header = headers.get('Retry-After');
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Math.min(Number(header), LONGEST_RETRY_AFTER_SECONDS);
  const date = parseHttpDate(header);
  if (date === undefined) return undefined;
  // The server's date by the server's clock.
  const serverNow = parseHttpDate(headers.get('Date')) ?? now;
  return Math.min(Math.max(0, Math.ceil((date - serverNow) / 1000)), LONGEST_RETRY_AFTER_SECONDS);
}
