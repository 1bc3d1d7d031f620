import { array, assert, constantFrom, letrec, oneof, property, tuple } from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseScopePattern } from '../../../../functions/core/profile/scope-pattern.ts';

/** As long as a scope value may be, each made to fit nearly all of a pattern of `a` and `b`. */
const VALUES = [
  'a'.repeat(256),
  `${'a'.repeat(255)}!`,
  'ab'.repeat(128),
  'a'.repeat(171) + 'b'.repeat(85),
  `${'a'.repeat(200)}-${'a'.repeat(55)}`,
];

/** Far more than the slowest takes on a busy machine, and far less than what is exponential does. */
const MILLISECONDS_MAX = 2000;

function millisecondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('a pattern that is taken is fast for every value', () => {
  test.each([
    'a*a*a{85}b',
    '[a-z]*[a-z0-9]*(a){85}-',
    'a*.*[^b]{85}b',
    `a*a*(?:${'\\B'.repeat(118)}a){85}b`,
    `a*a*a{85}${'$'.repeat(218)}a`,
    'a*a*(((a))){85}b',
    '(a){0,999}(a){0,999}(a){85}b',
    'a*a?a?a?a?a?(a){128}b',
    `${'a?'.repeat(10)}(a){200}b`,
    `${'(?:[a-z]|[a-z0-9])'.repeat(10)}[a-z]{200}-`,
    `(?:${'a|'.repeat(110)}a)`,
  ])('%s', (pattern) => {
    const compiled = parseScopePattern('x', pattern);
    for (const value of VALUES)
      expect(millisecondsOf(() => compiled.test(value))).toBeLessThan(MILLISECONDS_MAX);
  });

  it('whatever it is made of', { timeout: 60_000 }, () => {
    const { pattern } = letrec<Record<'atom' | 'term' | 'sequence' | 'pattern', string>>((tie) => ({
      atom: oneof(
        { depthSize: 'small', withCrossShrink: true },
        constantFrom(
          'a',
          'b',
          '[ab]',
          '(?:[ab]|a)',
          '(?:.|a)',
          '[a-z]',
          '.',
          '\\w',
          '[^b]',
          'a{85}',
          '(?:ab){20}',
          '(a)',
        ),
        tuple(constantFrom('(', '(?:'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
      ),
      term: tuple(tie('atom'), constantFrom('', '', '', '*', '+', '?', '{0,7}', '{1,64}', '*?', '{85}')).map(
        ([atom, quantifier]) => (atom.endsWith('}') ? atom : atom + quantifier),
      ),
      // Choices that come one behind the other multiply: what is exponential shows when they are many.
      sequence: array(tuple(tie('term'), constantFrom(1, 1, 1, 2, 9, 26)), {
        minLength: 1,
        maxLength: 4,
      }).map((terms) =>
        terms.map(([term, times]) => term.repeat(term.length * times > 256 ? 1 : times)).join(''),
      ),
      pattern: array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((each) => each.join('|')),
    }));
    let taken = 0;
    assert(
      property(pattern, constantFrom('', 'b', '-', 'a{85}b'), (start, end) => {
        let compiled: RegExp;
        try {
          compiled = parseScopePattern('x', start + end);
        } catch {
          return true;
        }
        taken += 1;
        return VALUES.every((value) => millisecondsOf(() => compiled.test(value)) < MILLISECONDS_MAX);
      }),
      { numRuns: 3000, endOnFailure: true },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('a pattern that would be slow to read is refused by its length', () => {
  test.each([
    ['brackets', '['.repeat(240_000)],
    ['properties', '\\p{'.repeat(80_000)],
    ['groups', '()'.repeat(120_000)],
    ['one character too many', 'a'.repeat(257)],
  ])('%s', (_what, pattern) => {
    let message = '';
    const milliseconds = millisecondsOf(() => {
      try {
        parseScopePattern('x', pattern);
      } catch (error) {
        message = String(error);
      }
    });
    expect(message).toContain(`scope x: pattern: got ${pattern.length} characters, expected at most 256`);
    expect(milliseconds).toBeLessThan(1000);
  });

  it('and taken up to it', () => {
    expect(parseScopePattern('x', 'a'.repeat(256)).test('a'.repeat(256))).toBe(true);
  });
});
