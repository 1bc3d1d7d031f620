import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { languageOf } from '../../prove/automata/regular-expression.ts';

const PATTERNS = [
  '[A-Za-z0-9_-][A-Za-z0-9._/-]*/',
  '[a-z]+',
  '\\d{4}-\\d{2}',
  '(?:reports|exports)/',
  '(a|b)c?',
  'a{2,3}b{1,}',
  '\\w+\\.csv',
  '[^/]+',
  '.',
  'x*?y',
  '(?:a|)b',
  'p\\.1|\\/',
  '',
];

describe.each(PATTERNS)('/%s/', (pattern) => {
  it('takes the words that the expression matches', () => {
    const language = languageOf(pattern);
    const expression = new RegExp(`^(?:${pattern})$`, 'u');
    const units = fc.constantFrom(...'abcxyp019-_./', 'reports', 'exports');
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 8 }), (word) => {
        let state: number | undefined = 0;
        for (const character of word) state = state === undefined ? state : language?.next(state, character);
        expect(state !== undefined && language?.accepts(state)).toBe(expression.test(word));
      }),
      { numRuns: 500 },
    );
  });
});

test.each(['a(?=b)', '(a)\\1', '^a', 'a$', '\\bword', '\\p{L}+', 'a{400}', '(', 'a)', '\\x41'])(
  '/%s/ is not read',
  (pattern) => {
    expect(languageOf(pattern)).toBeUndefined();
  },
);
