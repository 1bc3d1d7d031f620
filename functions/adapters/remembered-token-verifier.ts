import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { TokenVerifier } from '../core/ports.ts';

/** How long a token that verified counts as verified: an issuer or key that is taken away bites that much later. */
export const REMEMBER_TOKEN_SECONDS = 60;
/** Of the tokens that are remembered, together: a caller grows with its token's scopes. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * A verifier in front of another that asks it once for the same token: an AWS CLI asks anew at every command. What is
 * remembered is who a token speaks for, never what it opens: tenant, profile and grant are decided every time. Refusals
 * are not remembered.
 */
export function rememberTokens(verifier: TokenVerifier, clock: Clock): TokenVerifier {
  const callers = new LRUCache<string, Caller>({
    maxSize: MAX_CHARACTERS,
    ttl: REMEMBER_TOKEN_SECONDS * 1000,
    perf: { now: () => clock().getTime() },
    ttlResolution: 0,
  });
  return {
    async verify(token) {
      // Of every byte of the token: two tokens that differ anywhere never share an entry. And no token stays in memory.
      const key = createHash('sha256').update(token).digest('base64url');
      const known = callers.get(key);
      if (known !== undefined && known.validUntil > clock()) return known;
      const caller = await verifier.verify(token);
      callers.set(key, caller, { size: token.length });
      return caller;
    },
  };
}
