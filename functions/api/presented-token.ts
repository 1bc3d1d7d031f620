import { createHash, X509Certificate } from 'node:crypto';
import { VendingError } from '../core/errors.ts';
import { secret } from '../core/secret.ts';
import type { PresentedToken } from '../core/token/presented-token.ts';

/** What a request says of its token, wherever it says it. */
export interface TokenHeaders {
  readonly authorization: string | undefined;
  /** The `DPoP` header. */
  readonly proof: string | undefined;
  readonly request: PresentedToken['request'];
  /** The client's certificate as API Gateway hands it on, PEM. */
  readonly certificate: string | undefined;
}

/** A scheme and one token of RFC 6750's alphabet; the scheme's case does not matter (RFC 9110, 11.1). */
const CREDENTIALS = /^(bearer|dpop) +([A-Za-z0-9._~+/=-]+)$/i;

/**
 * The token in an Authorization header (RFC 6750, 2.1, and RFC 9449, 7.1; the other ways that RFC 6750 names are not taken).
 * Throws `token_missing` without one, `token_malformed` for what cannot be one, and `request_invalid` for two of them, for two proofs
 * and for a certificate that cannot be read.
 */
export function readPresentedToken({
  authorization,
  proof,
  request,
  certificate,
}: TokenHeaders): PresentedToken {
  if (authorization === undefined || !/^(?:bearer|dpop)\b/i.test(authorization))
    throw new VendingError('token_missing');
  // Two headers come in as one with a comma. Which of two was meant is not ours to guess.
  if (authorization.includes(',')) throw twice('Authorization');
  if (proof?.includes(',')) throw twice('DPoP');
  const [, scheme, token] = CREDENTIALS.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) throw new VendingError('token_malformed');
  return {
    scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token: secret(token),
    proof: proof === undefined ? undefined : secret(proof),
    request,
    certificateDigest: certificate === undefined ? undefined : digestOf(certificate),
  };
}

/** RFC 8705, 3.1: over the certificate's DER. API Gateway has checked it; one that cannot be read is no certificate. */
function digestOf(pem: string): string {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new VendingError('request_invalid', { detail: 'the client certificate cannot be read' });
  }
  return createHash('sha256').update(certificate.raw).digest('base64url');
}

function twice(header: string): VendingError {
  return new VendingError('request_invalid', { detail: `there must be one ${header} header` });
}
