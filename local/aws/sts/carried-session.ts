import { createConstraints } from '../query/constraints.ts';
import { invalidIdentityToken } from './identity-errors.ts';
import { MAX_TAGS, NAME, TAG_KEY, TAG_VALUE } from './limits.ts';
import { checkTransitive, indexTags, type Tag } from './tag-input.ts';

/** What a token or an assertion puts into a session. */
export interface CarriedSession {
  /** Keys are unique, case ignored. */
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
}

/**
 * Checks tags as AssumeRole does, and the source identity
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html). AWS documents no code for tags that a token
 * carries beyond their limits: here it is that of the parameter.
 */
export function checkCarriedSession(
  tags: readonly Tag[],
  transitiveTagKeys: readonly string[],
  sourceIdentity: string | undefined,
): CarriedSession {
  const constraints = createConstraints();
  constraints.atMost('tags', tags, MAX_TAGS);
  tags.forEach(([key, value], index) => {
    constraints.required(`tags.${index + 1}.member.key`, key, TAG_KEY);
    constraints.required(`tags.${index + 1}.member.value`, value, TAG_VALUE);
  });
  constraints.settle();
  if (sourceIdentity !== undefined && !isName(sourceIdentity))
    throw invalidIdentityToken(`Source Identity must match ${NAME_IN_WORDS} and not begin with "aws:"`);
  return {
    tags: indexTags(tags),
    transitiveTagKeys: checkTransitive(transitiveTagKeys, tags),
    sourceIdentity,
  };
}

/** As STS words what a session's name and a source identity may be. */
export const NAME_IN_WORDS = '[a-zA-Z_0-9+=,.@-]{2,64}';

/** Whether it can name a session, or be a source identity. */
export function isName(text: string): boolean {
  return text.length >= NAME.min && text.length <= NAME.max && NAME_FORM.test(text);
}

const NAME_FORM = new RegExp(`^(?:${NAME.pattern.source})$`);
