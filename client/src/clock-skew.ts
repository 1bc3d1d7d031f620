import { parseHttpDate } from './http-date.ts';

/** A Date header is cut to the second. */
const DATE_GRAIN_MILLISECONDS = 1000;

/** When credentials end, and what is known of the answer that brought them. */
export interface ServerExpiration {
  /** By the server's clock, in milliseconds since 1970. */
  readonly expiration: number;
  /** The answer's Date header; null without one (browsers show it only to origins that the server names). */
  readonly date: string | null;
  /** When the request was sent, by this machine's clock. */
  readonly sentAt: number;
  /** No session is longer than this, so neither are these credentials. */
  readonly longestSeconds: number;
}

/**
 * When credentials end by this machine's clock, in milliseconds since 1970: never later than they really do, and at most a second and the time
 * of the answer earlier. The server read its clock after the request was sent, and at most a second after what its Date says. Without a Date,
 * the server's own word; either way not beyond the longest life from when they were asked for, whatever the two clocks say.
 */
export function localExpiration({ expiration, date, sentAt, longestSeconds }: ServerExpiration): number {
  const latest = sentAt + longestSeconds * 1000;
  const serverTime = parseHttpDate(date);
  if (serverTime === undefined) return Math.min(expiration, latest);
  return Math.min(sentAt + (expiration - (serverTime + DATE_GRAIN_MILLISECONDS)), latest);
}
