import { calculateJwkThumbprint, compactVerify, type JWK } from 'jose';
import type { ProofVerifier } from '../../core/ports.ts';
import { proofInvalid } from '../../core/token/dpop-proof.ts';

/** Checks proofs by jose: the thumbprint first, since a key that the token is not bound to is not worth a signature check. */
export function createDpopProofVerifier(): ProofVerifier {
  return {
    async verify({ jws, algorithm, ...proof }, jkt) {
      const key = proof.key as JWK;
      if ((await calculateJwkThumbprint(key)) !== jkt)
        throw proofInvalid('its key is not the one that the token is bound to');
      try {
        await compactVerify(jws.reveal(), key, { algorithms: [algorithm] });
      } catch (cause) {
        throw proofInvalid('its signature does not verify', cause);
      }
    },
  };
}
