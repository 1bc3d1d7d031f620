import { minifyPolicy } from '../profile/minify-policy.ts';
import { assertBounded } from '../profile/policy-template.ts';
import type { Grant } from './grant.ts';
import { ridesInToken } from './method.ts';
import type { SessionTag } from './session-tags.ts';

/** What STS packs of a grant: its policy and tags, in one of the sizes in which they mean the same to the tenant's data. */
export interface GrantForm {
  readonly policy: string;
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
  /** Keys of the tags that are left out. */
  readonly droppedTags: readonly string[];
}

/** The form in which a grant is decided. */
export function wholeForm({ policy, tags, transitiveTagKeys }: Grant): GrantForm {
  return { policy, tags, transitiveTagKeys, droppedTags: [] };
}

/**
 * The forms in which a grant is asked for while STS finds it too large, each smaller than the one before: without what means
 * nothing to IAM, then without one droppable tag after the other. All have the policy, and the tag `TenantId`. Throws
 * `policy_unrenderable` if a policy were not bounded to the tenant any more.
 */
export function smallerForms(grant: Grant): readonly GrantForm[] {
  const whole = wholeForm(grant);
  const policy = minified(grant);
  const least = policy.length < whole.policy.length ? { ...whole, policy } : whole;
  return [
    ...(least === whole ? [] : [least]),
    // What rides in a token is as large as it is.
    ...(ridesInToken(grant)
      ? []
      : grant.droppableTags.map((_, index) => withoutTags(least, grant, index + 1))),
  ];
}

/** The policy of a grant in the fewest characters; throws `policy_unrenderable` if it were not bounded to the tenant. */
export function minified({ policy, tenantId }: Pick<Grant, 'policy' | 'tenantId'>): string {
  const shorter = minifyPolicy(policy, tenantId);
  assertBounded(shorter, tenantId);
  return shorter;
}

function withoutTags(
  { policy, tags, transitiveTagKeys }: GrantForm,
  { droppableTags }: Grant,
  count: number,
): GrantForm {
  const droppedTags = droppableTags.slice(0, count);
  return {
    policy,
    tags: tags.filter(({ key }) => !droppedTags.includes(key)),
    transitiveTagKeys,
    droppedTags,
  };
}
