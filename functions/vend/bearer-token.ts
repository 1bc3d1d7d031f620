import { VendingError } from '../core/errors.ts';

/** `Bearer` and one token of RFC 6750's alphabet; the scheme's case does not matter (RFC 9110, 11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/=-]+)$/i;

/**
 * The token in an Authorization header (RFC 6750, 2.1; the two other ways it names are not taken). Throws
 * `token_missing` without one, `request_invalid` for two, `token_malformed` for what cannot be one.
 */
export function readBearerToken(authorization: string | undefined): string {
  if (authorization === undefined || !/^bearer\b/i.test(authorization))
    throw new VendingError('token_missing');
  // Two headers come in as one with a comma. Which of two tokens was meant is not ours to guess.
  if (authorization.includes(','))
    throw new VendingError('request_invalid', { detail: 'there must be one Authorization header' });
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new VendingError('token_malformed');
  return token;
}
