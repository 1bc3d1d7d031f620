import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProfile } from '../../functions/core/profile/profile.ts';
import { search } from './corpus/brute-force.ts';
import type { CorpusEntry } from './corpus/entry.ts';
import { CORPUS } from './corpus/index.ts';
import { definitionOf, prove, unconfirmed, verdictOf } from './corpus/prove-entry.ts';
import { evaluateSample, isWorse, sample } from './corpus/sample.ts';

/** Twenty evaluations each, of every entry. The seed is fixed: what fails once fails again. */
const RUNS = { seed: 6, numRuns: Number(process.env['LATCHKEY_SAMPLES'] ?? '2') };

test('the corpus is as large and as mixed as was asked for', () => {
  const count = (is: (entry: CorpusEntry) => boolean) => CORPUS.filter(is).length;
  expect(CORPUS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  expect(count(({ verdict }) => verdict === 'isolated')).toBeGreaterThan(30);
  expect(count(({ verdict }) => verdict === 'crosses')).toBeGreaterThan(30);
  expect(count(({ verdict }) => verdict === 'undeclared')).toBeGreaterThan(4);
  // What the check of a profile cannot see, since the fault is in what is declared or in the role.
  expect(count(({ verdict, refused }) => verdict !== 'isolated' && !refused)).toBeGreaterThan(9);
});

describe.each(CORPUS)('$name', (entry) => {
  test(`is ${entry.refused ? 'refused' : 'accepted'} when parsed`, () => {
    const parse = () => parseProfile(definitionOf(entry), {});
    if (entry.refused) expect(parse).toThrow('profile corpus');
    else expect(parse).not.toThrow();
  });

  test(`is proved to be: ${entry.verdict}`, () => {
    const proof = prove(entry);
    expect({ verdict: verdictOf(proof), undecided: undecidedOf(proof) }).toEqual({
      verdict: entry.verdict,
      undecided: [],
    });
    expect(unconfirmed(entry, proof)).toEqual([]);
  });

  test(`is found to be so by trying: ${entry.verdict}`, () => {
    const found = search(entry);
    expect(found?.verdict ?? 'isolated', JSON.stringify(found)).toBe(entry.verdict);
  });

  test('is no worse wherever it is sampled', () => {
    fc.assert(
      fc.property(sample, (sampled) => {
        const findings = evaluateSample(entry, sampled);
        expect(findings.filter(({ verdict }) => isWorse(verdict, entry.verdict))).toEqual([]);
      }),
      RUNS,
    );
  });
});

function undecidedOf({ rows, undecided }: ReturnType<typeof prove>): readonly string[] {
  return [undecided, ...rows.map((row) => row.undecided)].filter((reason) => reason !== undefined);
}
