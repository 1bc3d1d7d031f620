import { ConfigurationError } from '../errors.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import type { PolicyDocument } from './policy-document.ts';

/** What a profile says of the tags of its sessions. */
export interface TagKeys {
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly droppableTags: readonly string[];
  readonly policy: PolicyDocument;
  readonly policyArns: readonly unknown[];
}

/** Throws `ConfigurationError` for keys that IAM takes for one another, that the profile does not have, or that it cannot do without. */
export function assertTagKeys({ tags, transitiveTagKeys, ...droppable }: TagKeys): void {
  const keys = Object.keys(tags);
  const all = [TENANT_TAG_KEY, ...keys];
  // IAM compares tag keys without case: `tenantid` beside TenantId would be refused by STS, or worse, win.
  if (new Set(all.map((key) => key.toLowerCase())).size !== all.length) {
    throw new ConfigurationError(
      `tags: got a key twice, case apart, expected each once, and ${TENANT_TAG_KEY} left to Latchkey`,
    );
  }
  const stray = transitiveTagKeys.find((key) => !all.includes(key));
  if (stray !== undefined)
    throw new ConfigurationError(`transitiveTagKeys: got ${stray}, expected one of ${all.join(', ')}`);
  assertDroppable(keys, transitiveTagKeys, droppable);
}

/** A session without one of these tags may do no more than the one with it. */
function assertDroppable(
  keys: readonly string[],
  transitiveTagKeys: readonly string[],
  { droppableTags, policy, policyArns }: Pick<TagKeys, 'droppableTags' | 'policy' | 'policyArns'>,
): void {
  // The tenant's own is none of them: it is never dropped.
  const unknown = droppableTags.find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new ConfigurationError(
      `droppableTags: got ${unknown}, expected ${keys.length === 0 ? 'none: the profile has no tags' : `one of ${keys.join(', ')}`}`,
    );
  // Whoever chains on could set it anew.
  const handedOn = droppableTags.find((key) => transitiveTagKeys.includes(key));
  if (handedOn !== undefined)
    throw new ConfigurationError(`droppableTags: got ${handedOn}, expected none of transitiveTagKeys`);
  if (droppableTags.length > 0 && policyArns.length > 0)
    throw new ConfigurationError(
      'droppableTags: got some with policyArns, expected none: a managed policy may decide by a tag',
    );
  // A Deny by the value of a tag is gone with the tag.
  const decisive = droppableTags.find((key) => isNamed(policy, `aws:PrincipalTag/${key}`));
  if (decisive !== undefined)
    throw new ConfigurationError(
      `droppableTags: got ${decisive}, by which a statement of the policy decides; expected tags that no condition names`,
    );
}

function isNamed({ Statement }: PolicyDocument, conditionKey: string): boolean {
  const named = Statement.flatMap(({ Condition = {} }) => Object.values(Condition)).flatMap(Object.keys);
  return named.some((key) => key.toLowerCase() === conditionKey.toLowerCase());
}
