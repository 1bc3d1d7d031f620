import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { faultWords } from '../../../functions/core/fault-words.ts';

test.each<[string, z.ZodMiniType, unknown, string]>([
  ['a form that has no name', z.string().check(z.regex(/^a$/)), 'b', 'expected another form'],
  ['a URL', z.url(), 'b', 'expected a URL'],
  ['a type', z.string(), 1, 'got number, expected string'],
  ['one of several', z.enum(['a', 'b']), 'c', 'expected one of "a", "b"'],
  ['a length', z.string().check(z.minLength(2)), 'a', 'expected at least 2 characters'],
])('%s', (_what, schema, value, words) => {
  const { error } = z.safeParse(schema, value, { error: faultWords });
  expect(error?.issues.map(({ message }) => message)).toEqual([words]);
});
