import type * as z from 'zod/mini';

/**
 * What is wrong with a value, in our own form: lower case, what was got and what was expected. Values themselves are never
 * repeated, but for the names of members that are not known.
 */
export function faultWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `got ${nameOfType(issue.input)}, expected ${issue['expected']}`;
    case 'invalid_value':
      return `expected ${listed(issue['values'])}`;
    case 'too_small':
      return `expected at least ${issue['minimum']}${unitOf(issue)}`;
    case 'too_big':
      return `expected at most ${issue['maximum']}${unitOf(issue)}`;
    case 'invalid_format':
      return `expected ${issue['format'] === 'url' ? 'a URL' : 'another form'}`;
    case 'unrecognized_keys':
      return `got unknown member ${(issue['keys'] as readonly string[]).map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_key':
      return 'got a member of a name that is none';
    default:
      return 'got a value of another form than expected';
  }
}

function nameOfType(input: unknown): string {
  if (input === undefined) return 'none';
  if (input === null) return 'null';
  return Array.isArray(input) ? 'array' : typeof input;
}

function unitOf({ origin }: z.core.$ZodRawIssue): string {
  const units: Record<string, string> = { string: ' characters', array: ' elements', object: ' members' };
  return units[String(origin)] ?? '';
}

function listed(values: unknown): string {
  const [first, ...others] = (values as readonly unknown[]).map((value) => JSON.stringify(value));
  return others.length === 0 ? `${first}` : `one of ${[first, ...others].join(', ')}`;
}
