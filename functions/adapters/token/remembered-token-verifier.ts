import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import type { AccessTokenVerifier } from '../../core/ports.ts';
import type { VerifiedToken } from '../../core/token/verified-token.ts';
import type { ReviewingVerifier } from './token-verifier.ts';

/** How long a token that verified counts as verified: an issuer that is taken away bites that much later, a key at once. */
export const REMEMBER_TOKEN_SECONDS = 60;
/** Of the tokens that are remembered, together: what is known grows with its token's scopes. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * A verifier in front of another that asks it once for the same token: an AWS CLI asks anew at every command. What is
 * remembered is who a token speaks for, never what it opens, nor that it was presented by the right one: tenant, profile,
 * grant and presentation are decided every time. Refusals are not remembered.
 */
export function rememberTokens(verifier: ReviewingVerifier, clock: Clock): AccessTokenVerifier {
  const tokens = new LRUCache<string, VerifiedToken>({
    maxSize: MAX_CHARACTERS,
    ttl: REMEMBER_TOKEN_SECONDS * 1000,
    perf: { now: () => clock().getTime() },
    ttlResolution: 0,
  });
  return {
    async verify(token, deadline) {
      // Of every byte of the token: two tokens that differ anywhere never share an entry. And no token stays in memory.
      const key = createHash('sha256').update(token.reveal()).digest('base64url');
      const known = tokens.get(key);
      if (known !== undefined && known.caller.validUntil > clock() && (await verifier.stillStands(known)))
        return known;
      const verified = await verifier.verify(token, deadline);
      tokens.set(key, verified, { size: token.reveal().length });
      return verified;
    },
  };
}
