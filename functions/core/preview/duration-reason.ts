import { longestSession, ROLE_CHAINING_MAX_SECONDS } from '../grant/durations.ts';
import type { Profile } from '../profile/profile.ts';
import type { Tenant } from '../tenant/tenant.ts';

/** How long a session would live, and what decided that. */
export interface DurationReason {
  readonly seconds: number;
  readonly decidedBy: 'request' | 'profile_default' | 'tenant_limit';
  /** The most that a request could have asked for. */
  readonly maximumSeconds: number;
  readonly maximumDecidedBy: 'profile_maximum' | 'tenant_limit' | 'chaining_hour';
}

/** Why a grant lives as long as it does: what `decideGrant` has decided, told from the same facts. */
export function explainDuration(
  seconds: number,
  { durationSeconds, ...making }: Pick<Profile, 'durationSeconds' | 'method' | 'mfa'>,
  { maximumDurationSeconds: limit = Number.POSITIVE_INFINITY }: Pick<Tenant, 'maximumDurationSeconds'>,
  requested: number | undefined,
): DurationReason {
  const maximumSeconds = Math.min(durationSeconds.maximum, limit);
  return {
    seconds,
    decidedBy: decidedBy(),
    maximumSeconds,
    maximumDecidedBy: maximumDecidedBy(),
  };

  function decidedBy(): DurationReason['decidedBy'] {
    if (requested !== undefined) return 'request';
    return durationSeconds.default <= maximumSeconds ? 'profile_default' : 'tenant_limit';
  }

  function maximumDecidedBy(): DurationReason['maximumDecidedBy'] {
    // No profile of the method can be written with more: AWS would not give it.
    const isChained = longestSession(making) === ROLE_CHAINING_MAX_SECONDS;
    if (isChained && maximumSeconds === ROLE_CHAINING_MAX_SECONDS) return 'chaining_hour';
    return limit < durationSeconds.maximum ? 'tenant_limit' : 'profile_maximum';
  }
}
