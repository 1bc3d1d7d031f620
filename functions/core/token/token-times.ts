import { VendingError } from '../errors.ts';
import type { Issuer } from '../issuer/issuer.ts';

/** What an issuer's record says of times. */
type Terms = Pick<Issuer, 'clockSkewSeconds' | 'maximumTokenLifetimeSeconds' | 'maximumTokenAgeSeconds'>;

/** The claims of RFC 7519, 4.1, that say when; as they were sent. */
interface Times {
  readonly exp?: unknown;
  readonly nbf?: unknown;
  readonly iat?: unknown;
}

/**
 * When a token stops counting: its end or its greatest age, whichever comes first, and the skew. Throws `token_invalid` for times
 * that are no whole seconds, lie in the future or too far apart, `token_expired` from that moment on.
 */
export function assertTimes({ exp, nbf, iat }: Times, terms: Terms, now: Date): Date {
  const { clockSkewSeconds, maximumTokenLifetimeSeconds, maximumTokenAgeSeconds = Infinity } = terms;
  // 1e400 is Infinity, and no number in milliseconds is in a lifetime of a day.
  if (!isSeconds(exp) || !isSeconds(iat)) throw invalid('exp or iat is not a whole number of seconds');
  if (nbf !== undefined && !isSeconds(nbf)) throw invalid('nbf is not a whole number of seconds');
  const latest = now.getTime() / 1000 + clockSkewSeconds;
  if (iat > latest) throw invalid('iat is in the future');
  if (nbf !== undefined && nbf > latest) throw invalid('nbf is in the future');
  const lifetime = exp - iat;
  if (lifetime <= 0 || lifetime > maximumTokenLifetimeSeconds)
    throw invalid('exp is not after iat, or further than the issuer may put it');
  const validUntil = new Date((Math.min(exp, iat + maximumTokenAgeSeconds) + clockSkewSeconds) * 1000);
  if (validUntil <= now) throw new VendingError('token_expired');
  return validUntil;
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function invalid(cause: string): VendingError {
  return new VendingError('token_invalid', { cause });
}
