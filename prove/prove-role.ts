import type { Proof, ProveInput } from './proof.ts';
import { proveProfile } from './prove-profile.ts';

/** Whose role, and over what. */
export interface ProveRoleInput extends Pick<ProveInput, 'role' | 'ownership' | 'resources' | 'stepBudget'> {
  /** The profile whose sessions are made from it. */
  readonly profile: string;
  /** Whose policies they are. Left out, a role's. */
  readonly of?: 'role' | 'user';
}

/**
 * Decides, over all tenants at once, whether a role keeps them apart with nothing but its own policy. One that is had for a token or
 * an assertion must: whoever holds that asks STS without Latchkey, and without its session policy. Of the tags that a token may
 * carry, `TenantId` alone is taken for true: the role's trust policy says whose word counts for it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function proveRole({ profile, of = 'role', ...input }: ProveRoleInput): Proof {
  const nothing = { policy: undefined, policyArns: [], tags: new Map(), scope: new Map() };
  return proveProfile({ ...input, profile: { ...nothing, name: `${profile}, by its ${of} alone` } });
}
