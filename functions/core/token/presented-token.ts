import type { Secret } from '../secret.ts';

/** An access token as it was presented, with everything that came along to show that the caller may use it. */
export interface PresentedToken {
  /** How it was presented: RFC 6750, 2.1, or RFC 9449, 7.1. */
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: Secret;
  /** The `DPoP` header (RFC 9449, 4); undefined without one. */
  readonly proof: Secret | undefined;
  /** What a proof must have been made for: method, and URL as the caller wrote it, without query and fragment. */
  readonly request: { readonly method: string; readonly url: string };
  /** SHA-256 of the client's certificate, base64url (RFC 8705, 3.1); undefined without mutual TLS. */
  readonly certificateDigest: string | undefined;
  /** Told the nonce that the caller's next proof must hold (RFC 9449, 8): whatever the answer is, it says so. */
  readonly offerNonce?: (nonce: string) => void;
}
