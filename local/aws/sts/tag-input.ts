import type { Constraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { invalidParameterValue } from './errors.ts';
import { MAX_TAGS, TAG_KEY, TAG_VALUE } from './limits.ts';
import { refuseOtherFields } from './unknown-input.ts';

/** A session tag. */
export type Tag = readonly [key: string, value: string];

/** Reads `Tags`, each within its limits (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html). */
export function readTags(
  operation: string,
  parameters: Parameters,
  constraints: Constraints,
): readonly Tag[] {
  const tags = (parameters.takeList('Tags') ?? []).map((member, index): Tag => {
    refuseOtherFields(operation, member, ['Key', 'Value']);
    const at = `tags.${index + 1}.member`;
    return [
      constraints.required(`${at}.key`, member.get('Key'), TAG_KEY),
      constraints.required(`${at}.value`, member.get('Value'), TAG_VALUE),
    ];
  });
  return constraints.atMost('tags', tags, MAX_TAGS);
}

/** Tags by key; throws InvalidParameterValue for a key given twice, case ignored, or reserved. */
export function indexTags(tags: readonly Tag[]): ReadonlyMap<string, string> {
  const keys = tags.map(([key]) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.some((key) => key.startsWith('aws:'))) {
    throw invalidParameterValue('Tag keys that begin with aws: are reserved for system use.');
  }
  return new Map(tags);
}

/** The transitive keys; throws InvalidParameterValue unless each of them is a tag's, case ignored. */
export function checkTransitive(keys: readonly string[], tags: readonly Tag[]): readonly string[] {
  const passed = new Set(tags.map(([key]) => key.toLowerCase()));
  if (keys.every((key) => passed.has(key.toLowerCase()))) return keys;
  throw invalidParameterValue('The specified transitive tag key must be included in the requested tags.');
}
