import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProfile } from '../../functions/core/profile/profile.ts';
import { search } from './corpus/brute-force.ts';
import type { CorpusEntry } from './corpus/entry.ts';
import { CORPUS } from './corpus/index.ts';
import { type Mutant, mutantsOf } from './corpus/mutate.ts';
import { definitionOf, prove, unconfirmed, verdictOf } from './corpus/prove-entry.ts';
import { randomEntry } from './corpus/random-entry.ts';
import { isWorse } from './corpus/sample.ts';

const GOOD = CORPUS.filter(({ verdict }) => verdict === 'isolated');

/** One mutant in three, and of each one pair of tenants in nine; LATCHKEY_SAMPLES tries them all. */
const SHARE = process.env['LATCHKEY_SAMPLES'] === undefined ? 9 : 1;
const ONE_IN = SHARE === 1 ? 1 : 3;

/** What became of all mutants. */
const tally = { refused: 0, crosses: 0, undeclared: 0, harmless: 0, undecided: 0, foundByProofAlone: 0 };

describe.each(GOOD.map((entry, place) => ({ ...entry, place })))('$name', ({ place, ...entry }) => {
  test('nothing that makes it worse gets by', () => {
    const chosen = mutantsOf(entry).filter((_, index) => (index + place) % ONE_IN === 0);
    expect(chosen.flatMap((mutant, index) => judgeMutant(mutant, index))).toEqual([]);
  });
});

test('the mutations are worth something', () => {
  expect(tally.crosses).toBeGreaterThan(300 / ONE_IN);
  expect(tally.undeclared).toBeGreaterThan(30 / ONE_IN);
  expect(tally.harmless).toBeGreaterThan(300 / ONE_IN);
  expect(tally.refused).toBeGreaterThan(600 / ONE_IN);
  // Not decided is a failure to the operator: safe, and for a few oddities alone.
  expect(tally.undecided).toBeLessThan(10);
  // With the check of a profile alone, these would have been deployed.
  expect(tally.foundByProofAlone).toBeGreaterThan(3 / ONE_IN);
});

/** What is wrong with what is said of a mutant: a proof must find what trying finds, and claim nothing that is not so. */
function judgeMutant({ how, entry }: Mutant, index: number): readonly unknown[] {
  const proof = prove(entry);
  const proved = verdictOf(proof);
  const refused = isRefused(entry);
  if (refused) tally.refused++;
  if (proved === 'not decided') {
    tally.undecided++;
    return [];
  }
  if (proved !== 'isolated') {
    tally[proved]++;
    if (!refused) tally.foundByProofAlone++;
  }
  const claims = unconfirmed(entry, proof).map((claim) => ({ how, claim }));
  // Worse than crossing there is nothing; what is said to be better must stand against trying.
  const found = proved === 'crosses' ? undefined : search(entry, { share: SHARE, from: index });
  if (proved === 'isolated' && found === undefined) tally.harmless++;
  return found !== undefined && isWorse(found.verdict, proved) ? [...claims, { how, proved, found }] : claims;
}

test('what is random is proved as it is found by trying', () => {
  fc.assert(
    fc.property(randomEntry, (entry) => {
      const proof = prove(entry);
      const proved = verdictOf(proof);
      expect(unconfirmed(entry, proof)).toEqual([]);
      if (proved === 'not decided' || proved === 'crosses') return;
      const found = search(entry);
      expect(found !== undefined && isWorse(found.verdict, proved) && found).toBe(false);
    }),
    { seed: 6, numRuns: Number(process.env['LATCHKEY_SAMPLES'] ?? '2') * 10 },
  );
}, 600_000);

function isRefused(entry: CorpusEntry): boolean {
  try {
    parseProfile(definitionOf(entry), {});
    return false;
  } catch {
    return true;
  }
}
