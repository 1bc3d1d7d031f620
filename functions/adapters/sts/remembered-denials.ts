import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { type ErrorCode, VendingError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant/grant.ts';
import { ridesInToken } from '../../core/grant/method.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import type { Secret } from '../../core/secret.ts';

/** How long a role that AWS refuses to a tenant is not asked for again; who mends its trust policy waits no longer than that. */
export const REMEMBER_DENIAL_SECONDS = 10;
const MAX_ENTRIES = 10_000;

/** What the role's trust policy refuses, and will refuse the next time. A token or an MFA code that is refused is its caller's own affair. */
const DENIALS: ReadonlySet<ErrorCode> = new Set([
  'role_not_assumable',
  'tag_session_denied',
  'source_identity_denied',
]);

interface Denial {
  readonly code: ErrorCode;
  readonly message: string;
  readonly until: number;
}

/**
 * An assumer in front of another that does not ask STS again for what it has just refused: one caller whose
 * role is broken does not use up what all share, and many are held back by the limits as any are. A grant that was given is never remembered.
 */
export function rememberDenials(assumer: RoleAssumer, clock: Clock): RoleAssumer {
  const denials = new LRUCache<string, Denial>({ max: MAX_ENTRIES });
  return {
    async assume(grant, token, deadline) {
      const key = keyOf(grant, token);
      const now = clock().getTime();
      const known = denials.get(key);
      // A clock that was set back does not make it last.
      if (known !== undefined && now < known.until && now >= known.until - REMEMBER_DENIAL_SECONDS * 1000)
        throw again(known, now);
      try {
        return await assumer.assume(grant, token, deadline);
      } catch (failure) {
        if (failure instanceof VendingError && DENIALS.has(failure.code))
          denials.set(key, {
            code: failure.code,
            message: failure.message,
            until: now + REMEMBER_DENIAL_SECONDS * 1000,
          });
        throw failure;
      }
    },
  };
}

/** The tenant, and everything of the grant that a trust policy sees: nobody is refused for what somebody else was refused. */
const SEEN = [
  'tenantId',
  'method',
  'webIdentityToken',
  'roleArn',
  'userArn',
  'samlProviderArn',
  'roleSessionName',
  'externalId',
  'tags',
  'transitiveTagKeys',
  'sourceIdentity',
] as const satisfies readonly (keyof Grant)[];

function keyOf(grant: Grant, token: Secret): string {
  const providers = grant.contexts.map(({ providerArn }) => providerArn);
  const shown = shownTo(grant, token).map((each) =>
    createHash('sha256').update(each.reveal()).digest('base64url'),
  );
  return JSON.stringify([...SEEN.map((member) => grant[member]), grant.mfa !== undefined, providers, shown]);
}

/** What the policy sees into: audience and subject of a token are not the grant's. Of an MFA code it sees only that there is one. */
function shownTo(grant: Grant, token: Secret): readonly Secret[] {
  const assertions = grant.contexts.map(({ contextAssertion }) => contextAssertion);
  return ridesInToken(grant) ? [token, ...assertions] : assertions;
}

function again({ code, message, until }: Denial, now: number): VendingError {
  return new VendingError(code, {
    detail: message,
    retryAfterSeconds: Math.ceil((until - now) / 1000),
    cause: 'refused by STS a moment ago; not asked again',
  });
}
