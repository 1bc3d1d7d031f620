import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { VendingError } from '../errors.ts';
import type {
  AccessTokenVerifier,
  ProofNonces,
  ProofVerifier,
  ReplayStore,
  TokenVerifier,
} from '../ports.ts';
import type { Caller, SenderConstraint } from './caller.ts';
import { assertProofFits, PROOF_AGE_SECONDS, parseDpopProof, proofInvalid } from './dpop-proof.ts';
import type { PresentedToken } from './presented-token.ts';
import { satisfies } from './sender-constraint.ts';
import type { VerifiedToken } from './verified-token.ts';

/** What a presentation is checked with. */
export interface TokenPresentationDependencies {
  readonly tokens: AccessTokenVerifier;
  readonly proofs: ProofVerifier;
  readonly nonces: ProofNonces;
  readonly replay: ReplayStore;
  readonly clock: Clock;
}

/** How much longer than it counts a token or proof is remembered as used: instances' clocks differ. */
const REMEMBER_LONGER_SECONDS = 60;

/**
 * The check of a whole presentation: of the token by itself, then that it is shown by whom it was issued to, and not for a
 * second time. What costs nothing comes first, then cryptography, and what is written comes last: a bad proof costs no write,
 * and no nonce is told to who has no good token.
 *
 * A token that is good once is used up here, before anything is looked up or decided for it. One request is one use,
 * `whoami` included: whoever gets hold of a used one cannot count down a tenant's limits with it, nor ask what the tenant
 * may do. A request that cannot be read, a bad proof and a missing nonce leave it as it was.
 */
export function createTokenPresentation(dependencies: TokenPresentationDependencies): TokenVerifier {
  const { tokens, proofs, nonces, replay, clock } = dependencies;

  /** RFC 9449, 7.1. */
  async function assertProven(
    presented: PresentedToken,
    { terms, confirmation: { jkt = '' } }: VerifiedToken,
    deadline: Deadline,
  ): Promise<void> {
    if (presented.scheme === 'Bearer') throw new VendingError('token_bound');
    if (presented.proof === undefined) throw proofInvalid('there is no DPoP header');
    const proof = parseDpopProof(presented.proof);
    assertProofFits(proof, presented, clock());
    await proofs.verify(proof, jkt);
    const { jti, iat, nonce } = proof.claims;
    if (terms.proofNonce === 'required') await assertNonce(nonce, presented);
    const until = new Date((iat + PROOF_AGE_SECONDS + REMEMBER_LONGER_SECONDS) * 1000);
    if (!(await replay.isFirstUse(usedKey('proof', jkt, jti), until, deadline)))
      throw proofInvalid('its jti has been used before');
  }

  async function assertNonce(nonce: string | undefined, { offerNonce }: PresentedToken): Promise<void> {
    const taken = await nonces.current();
    if (nonce !== taken[0]) offerNonce?.(taken[0]);
    if (nonce === undefined || !taken.includes(nonce)) throw new VendingError('proof_nonce_required');
  }

  async function useUp(
    { issuer, tokenId, validUntil }: VerifiedToken['caller'],
    deadline: Deadline,
  ): Promise<void> {
    // An empty one as well: all tokens that have it would be one.
    if (!tokenId) throw new VendingError('token_invalid', { cause: 'jti is missing' });
    const until = new Date(validUntil.getTime() + REMEMBER_LONGER_SECONDS * 1000);
    if (!(await replay.isFirstUse(usedKey('token', issuer, tokenId), until, deadline)))
      throw new VendingError('token_replayed');
  }

  return {
    async verify(presented, deadline): Promise<Caller> {
      const verified = await tokens.verify(presented.token, deadline);
      const { caller, terms, confirmation } = verified;
      const senderConstraint = constraintOf(confirmation);
      if (!satisfies(terms.senderConstraint, senderConstraint)) throw new VendingError('token_not_bound');
      if (presented.scheme === 'DPoP' && senderConstraint !== 'dpop')
        throw new VendingError('token_invalid', {
          cause: 'the scheme is DPoP, the token is bound to no key',
        });
      if (senderConstraint === 'mtls' && presented.certificateDigest !== confirmation.certificateDigest)
        throw new VendingError('token_bound');
      if (senderConstraint === 'dpop') await assertProven(presented, verified, deadline);
      if (terms.tokenUse === 'once') await useUp(caller, deadline);
      return { ...caller, senderConstraint };
    },
  };
}

function constraintOf({
  jkt,
  certificateDigest,
}: VerifiedToken['confirmation']): SenderConstraint | undefined {
  if (jkt === undefined) return certificateDigest === undefined ? undefined : 'mtls';
  if (certificateDigest === undefined) return 'dpop';
  // Either of the two could be meant to do.
  throw new VendingError('token_invalid', { cause: 'cnf names a key and a certificate' });
}

/** Of any length of parts, and one for each: JSON tells where one ends. */
function usedKey(what: 'proof' | 'token', ...parts: readonly [owner: string, jti: string]): string {
  return `${what}#${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
}
