import type { Issuer } from './issuer.ts';

/** RFC 9068, 2.1. */
export const TOKEN_TYPES: readonly string[] = ['at+jwt'];
/** For clocks that are kept by NTP. */
export const CLOCK_SKEW_SECONDS = 30;

/** Among `tokenTypes`: tokens without a `typ`, as Amazon Cognito makes them. */
export const NO_TOKEN_TYPE = 'none';

/** What an issuer's terms let through that the defaults do not, a sentence each: for whoever reads its record. */
export function weakenings({
  tokenTypes,
  clockSkewSeconds,
  ...source
}: Pick<Issuer, 'url' | 'jwksUri' | 'discovery' | 'tokenTypes' | 'clockSkewSeconds'>): readonly string[] {
  const types = tokenTypes
    .filter((type) => !TOKEN_TYPES.includes(type))
    .map((type) => `tokenTypes accepts ${type === NO_TOKEN_TYPE ? 'tokens without typ' : type}`);
  const skew =
    clockSkewSeconds > CLOCK_SKEW_SECONDS
      ? [`clockSkewSeconds is ${clockSkewSeconds}, over ${CLOCK_SKEW_SECONDS}`]
      : [];
  const place = source.jwksUri ?? (source.discovery ? source.url : undefined);
  const transfer = place?.startsWith('http:') ? ['keys come over http'] : [];
  return [...types, ...skew, ...transfer];
}
