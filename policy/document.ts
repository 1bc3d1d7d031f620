import { PolicyError } from './policy-error.ts';

/** The entries of a JSON object that has some; anything else is a PolicyError. */
export function entriesOf(element: unknown, where: string): readonly (readonly [string, unknown])[] {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    throw new PolicyError({ what: where, got: element, expected: 'an object' });
  }
  const entries = Object.entries(element);
  if (entries.length === 0)
    throw new PolicyError({ what: where, got: element, expected: 'at least one entry' });
  return entries;
}

/** The members of a list, or the one that stands without brackets; an empty list is a PolicyError, as it is to IAM. */
export function listOf(element: unknown, where: string): readonly unknown[] {
  const list = Array.isArray(element) ? element : [element];
  if (list.length === 0) throw new PolicyError({ what: where, got: element, expected: 'at least one value' });
  return list;
}

/** As `listOf`, and every member is a string. */
export function stringsOf(element: unknown, where: string): readonly string[] {
  return listOf(element, where).map((member) => {
    if (typeof member !== 'string') throw new PolicyError({ what: where, got: member, expected: 'a string' });
    return member;
  });
}
