import { VendingError } from '../errors.ts';
import {
  type PlaceholderValues,
  renderTemplate,
  TENANT_ID_PLACEHOLDER,
  type Template,
} from '../profile/template.ts';

/** One session tag, as STS takes it. */
export interface SessionTag {
  readonly key: string;
  readonly value: string;
}

/** The tag that every session carries; role policies compare it as `aws:PrincipalTag/TenantId`. */
export const TENANT_TAG_KEY = 'TenantId';

/** STS's limits. https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
export const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * The session's tags: the tenant's id first, then those of the profile. Throws `policy_unrenderable` for a value that
 * STS would not take; nothing is left out or altered to fit.
 */
export function renderTags(
  templates: ReadonlyMap<string, Template>,
  values: PlaceholderValues,
): readonly SessionTag[] {
  const tags = [{ key: TENANT_TAG_KEY, value: values.get(TENANT_ID_PLACEHOLDER) ?? '' }];
  for (const [key, template] of templates)
    tags.push({ key, value: renderTemplate(template, values, (value) => value) });
  for (const { key, value } of tags) {
    if (TAG_VALUE.test(value)) continue;
    throw new VendingError('policy_unrenderable', {
      cause: `the value of session tag ${key} is not one that STS takes`,
    });
  }
  return tags;
}
