import type { Issuer } from '../issuer/issuer.ts';
import type { Caller } from './caller.ts';

/** What is known of an access token by itself: the same each time that it is presented, so that it can be remembered. */
export interface VerifiedToken {
  readonly caller: Omit<Caller, 'senderConstraint'>;
  /** What its issuer demands of each presentation. */
  readonly terms: Pick<Issuer, 'tokenUse' | 'senderConstraint' | 'proofNonce'>;
  /** What the token is bound to (`cnf`, RFC 7800): the thumbprint of a DPoP key, the digest of a certificate, or neither. */
  readonly confirmation: { readonly jkt: string | undefined; readonly certificateDigest: string | undefined };
}
