import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type ArnReach, type Glob, matchesArn, matchesGlob } from '../../policy/match.ts';
import { automatonOf, type Pattern, text, type Variable, wildcard } from '../../prove/automata/automaton.ts';
import { charactersOf } from '../../prove/automata/character-set.ts';
import { findWord, type WordConstraint } from '../../prove/automata/find-word.ts';
import { TENANT_IDS, wordsOf } from '../../prove/automata/language.ts';
import { BudgetSpent, createStepBudget } from '../../prove/automata/step-budget.ts';
import { AS_TEXT, compileTemplate } from '../../prove/compile-template.ts';
import type { Symbols } from '../../prove/symbols.ts';

const NO_SYMBOLS: Symbols = { resolve: () => [], principalTag: () => undefined };
const budget = () => createStepBudget(1_000_000);
const must = (pattern: Pattern): WordConstraint => ({ automaton: automatonOf([pattern]), wanted: true });
const mustNot = (pattern: Pattern): WordConstraint => ({ automaton: automatonOf([pattern]), wanted: false });
const shortest = (...constraints: readonly WordConstraint[]) => findWord(constraints, budget())?.word;

const glob: fc.Arbitrary<Glob> = fc.array(
  fc.oneof(
    fc
      .string({ unit: fc.constantFrom('a', 'b', ':'), minLength: 1, maxLength: 3 })
      .map((literal) => ({ kind: 'literal', text: literal }) as const),
    fc.constant({ kind: 'any' } as const),
    fc.constant({ kind: 'one' } as const),
  ),
  { maxLength: 5 },
);
const subject = fc.string({ unit: fc.constantFrom('a', 'b', ':', 'c'), maxLength: 8 });
const compiled = (each: Glob) => automatonOf(compileTemplate(each, AS_TEXT, NO_SYMBOLS));

describe('membership', () => {
  it('of text agrees with the evaluator', () => {
    fc.assert(
      fc.property(glob, subject, (each, word) => {
        const automaton = compiled(each);
        const found = findWord([{ automaton, wanted: true }, must([text(word)])], budget());
        expect(found?.word).toBe(matchesGlob(each, word) ? word : undefined);
        const outside = findWord([{ automaton, wanted: false }, must([text(word)])], budget());
        expect(outside?.word).toBe(matchesGlob(each, word) ? undefined : word);
      }),
      { numRuns: 800 },
    );
  });

  const arnGlob = fc
    .array(glob, { minLength: 1, maxLength: 8 })
    .map(
      (parts): Glob =>
        parts.flatMap((part, index) =>
          index === 0 ? part : [{ kind: 'literal', text: ':' } as const, ...part],
        ),
    );
  it('of ARNs agrees with the evaluator', () => {
    const reaches: fc.Arbitrary<ArnReach> = fc.constantFrom('segments', 'finalStar', 'closingStars');
    const arn = fc.array(subject, { minLength: 3, maxLength: 8 }).map((parts) => parts.join(':'));
    fc.assert(
      fc.property(arnGlob, arn, reaches, (each, word, reach) => {
        const automaton = automatonOf(compileTemplate(each, { arn: reach, foldCase: false }, NO_SYMBOLS));
        const found = findWord([{ automaton, wanted: true }, must([text(word)])], budget());
        expect(found !== undefined).toBe(matchesArn(each, word, reach));
      }),
      { numRuns: 800 },
    );
  });
});

describe('intersection', () => {
  const words = allWords(['a', 'b', ':', 'c'], 5);

  it('is empty only when no short word is in all, and gives a shortest word that is', () => {
    const constraint = fc.record({ glob, wanted: fc.boolean() });
    let empty = 0;
    fc.assert(
      fc.property(fc.array(constraint, { minLength: 1, maxLength: 4 }), (all) => {
        const holds = (word: string) => all.every((each) => matchesGlob(each.glob, word) === each.wanted);
        const found = findWord(
          all.map((each) => ({ automaton: compiled(each.glob), wanted: each.wanted })),
          budget(),
        );
        const known = words.find(holds);
        if (found === undefined) empty += 1;
        else expect([found.word, holds(found.word)]).toEqual([found.word, true]);
        if (known !== undefined) expect(found?.word.length).toBe(known.length);
      }),
      { numRuns: 1500 },
    );
    expect(empty).toBeGreaterThan(100);
  });
});

const TENANT: Variable = { kind: 'tenant', name: 'tenant.id', language: TENANT_IDS };
const OTHER: Variable = { kind: 'other', name: 'other.id', language: TENANT_IDS };
const ANYONE: Variable = { kind: 'free', name: 'x', language: wordsOf(charactersOf(/[ab/]/), 1) };
const piece = (variable: Variable) => ({ kind: 'variable', variable }) as const;
const [A, B, X] = [piece(TENANT), piece(OTHER), piece(ANYONE)];
const [STAR, ONE] = [wildcard(true), wildcard(false)];

describe('two tenants', () => {
  test.each<[string, Pattern, Pattern, boolean]>([
    ['the same place, a delimiter behind', [A, text('/'), STAR], [B, text('/'), STAR], false],
    ['no delimiter', [A, STAR], [B, text('/'), STAR], true],
    ['the end behind', [A], [B], false],
    ['a hyphen is no delimiter', [A, text('-'), STAR], [B], true],
    ['a wildcard before', [STAR, text('/'), A, text('/'), STAR], [B, text('/'), STAR], true],
    ['a wildcard before, that cannot be left', [STAR, A], [text('t/'), B], true],
    ['one character before', [ONE, A, text('/')], [B, text('/')], true],
    ['a word before, which can be in an id', [text('x'), A, text('/')], [B, text('/')], true],
    ['a word before, which cannot', [text('X'), A, text('/')], [B, text('/')], false],
    ['a word that is too short for an id', [text('x/'), A, text('/')], [B, text('/'), STAR], false],
    ['a word that can be an id', [text('xyz/'), A, text('/')], [B, text('/'), STAR], true],
    ['a fixed length behind', [A, text('-'), ONE, ONE], [B, text('-'), ONE, ONE], false],
    ['several lengths behind', [A, text('-'), STAR], [B, text('-'), ONE, ONE], true],
    ['what anyone may choose', [X, STAR], [B, text('/')], true],
    ['what anyone may choose behind', [A, text('/'), X], [B, text('/'), STAR], false],
  ])('%s', (_, tenant, other, meet) => {
    expect(findWord([must(tenant), must(other)], budget()) !== undefined).toBe(meet);
  });

  it('does not take another tenant for the one that two patterns name', () => {
    const objects = [text('t/'), A, text('/'), STAR];
    expect(shortest(must(objects), must([text('t/'), STAR]), mustNot(objects))).toBeUndefined();
    expect(shortest(must([text('t/'), STAR]), mustNot(objects))).toBe('t/');
  });

  it('tells what stood for whom', () => {
    const found = findWord([must([A, STAR]), must([B, text('/')])], budget());
    expect(found).toEqual({
      word: 'xxxx/',
      runs: [
        { variable: 'tenant.id', value: 'xxx' },
        { variable: 'other.id', value: 'xxxx' },
      ],
    });
  });

  it('misses no pair of tenants that trying would find', () => {
    const ids = ['aaa', 'aab', 'aaaa', 'aabab', 'a-b', 'a-ba', 'aba-aa'];
    const part = fc.oneof(
      fc
        .string({ unit: fc.constantFrom('a', 'b', '-', '/'), minLength: 1, maxLength: 2 })
        .map((each) => text(each)),
      fc.constantFrom(STAR, ONE, A, A),
    );
    const pattern = fc
      .tuple(fc.array(part, { maxLength: 1 }), fc.array(part, { maxLength: 2 }), fc.constantFrom([], [STAR]))
      .map(([before, behind, end]) => [...before, A, ...behind, ...end]);
    const owned = fc.constantFrom<Pattern>(
      [B, text('/'), STAR],
      [B],
      [text('a'), B],
      [B, text('-'), ONE, STAR],
    );
    const fill = (each: Pattern, tenant: string, other: string): Pattern =>
      each.map((one) => {
        if (one.kind !== 'variable') return one;
        return text(one.variable.kind === 'tenant' ? tenant : other);
      });
    let met = 0;
    fc.assert(
      fc.property(pattern, fc.option(pattern), owned, (first, second, claim) => {
        const patterns = [first, ...(second === null ? [] : [second]), claim];
        const pairs = ids.flatMap((one) =>
          ids.flatMap((other) => (one === other ? [] : [[one, other] as const])),
        );
        const meets = pairs.some(
          ([one, other]) => shortest(...patterns.map((each) => must(fill(each, one, other)))) !== undefined,
        );
        if (!meets) return;
        met += 1;
        expect(shortest(...patterns.map(must))).toBeDefined();
      }),
      { numRuns: 200 },
    );
    expect(met).toBeGreaterThan(20);
  });
});

test('a search ends with its budget', () => {
  const never = [must([STAR, text('a'), STAR]), mustNot([STAR, text('a'), STAR])];
  expect(findWord(never, budget())).toBeUndefined();
  expect(() => findWord(never, createStepBudget(3))).toThrow(BudgetSpent);
});

function allWords(characters: readonly string[], maximum: number): readonly string[] {
  const words = [''];
  for (const word of words) {
    if (word.length === maximum) break;
    words.push(...characters.map((character) => word + character));
  }
  return words;
}
