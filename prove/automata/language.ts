import { TENANT_ID_MAX_LENGTH } from '../../functions/core/tenant-id.ts';
import { type CharacterSet, charactersOf, oneOf } from './character-set.ts';

/** A regular language as a deterministic automaton, its states numbered from 0, where it begins. */
export interface Language {
  /** Undefined when nothing of the language goes on so. */
  readonly next: (state: number, character: string) => number | undefined;
  readonly accepts: (state: number) => boolean;
  /** What its automaton tells characters apart by. */
  readonly sets: readonly CharacterSet[];
  /** Characters read in a state; only where a state can be reached by words of one length. */
  readonly length?: (state: number) => number;
}

const LETTER = charactersOf(/[a-z0-9]/);
const HYPHEN = oneOf('-');
const MIN_LENGTH = 3;

/**
 * Tenant ids. A state is twice the number of characters, and one more behind a hyphen. The one id that is kept for
 * verifications is in it: whoever makes a tenant of a word leaves it out.
 */
export const TENANT_IDS: Language = {
  next(state, character) {
    const length = state >> 1;
    if (length === TENANT_ID_MAX_LENGTH) return undefined;
    if (LETTER.has(character)) return (length + 1) * 2;
    return character === '-' && length > 0 ? (length + 1) * 2 + 1 : undefined;
  },
  accepts: (state) => state >> 1 >= MIN_LENGTH && (state & 1) === 0,
  sets: [LETTER, HYPHEN],
  length: (state) => state >> 1,
};

/** What tenant ids begin with, all but the whole of the longest. */
export const TENANT_ID_BEGINNINGS: Language = {
  ...TENANT_IDS,
  accepts: (state) => state > 0 && state >> 1 < TENANT_ID_MAX_LENGTH,
};

/** The most ids that `tenantIdsExcept` leaves out. */
export const MOST_EXCEPTIONS = 8;

/**
 * Tenant ids but these. A state is that of `TENANT_IDS`, and behind it a bit for each of these: whether it begins with what
 * has been read.
 */
export function tenantIdsExcept(...ids: readonly string[]): Language {
  if (ids.length === 0) return TENANT_IDS;
  const bits = ids.length;
  const all = (1 << bits) - 1;
  const length = (state: number) => state >> (bits + 1);
  return {
    next(state, character) {
      const next = TENANT_IDS.next(state >> bits, character);
      if (next === undefined) return undefined;
      const begun = state === 0 ? all : state & all;
      const still = ids.reduce(
        (mask, id, index) =>
          (begun >> index) & 1 && id[length(state)] === character ? mask | (1 << index) : mask,
        0,
      );
      return (next << bits) | still;
    },
    accepts: (state) =>
      TENANT_IDS.accepts(state >> bits) &&
      !ids.some((id, index) => (state >> index) & 1 && length(state) === id.length),
    sets: [...TENANT_IDS.sets, ...[...new Set(ids.join(''))].map((character) => oneOf(character))],
    length,
  };
}

/** Words of at least `atLeast` (0 or 1) of these characters. */
export function wordsOf(set: CharacterSet, atLeast: 0 | 1): Language {
  return {
    next: (_state, character) => (set.has(character) ? 1 : undefined),
    accepts: (state) => state >= atLeast,
    sets: [set],
  };
}

/** The words of a language and those that differ from them in the case of ASCII letters. */
export function foldLanguage(language: Language): Language {
  return {
    ...language,
    next: (state, character) => language.next(state, character.toLowerCase()),
    sets: language.sets.map((set) => ({
      has: (character) => set.has(character.toLowerCase()),
      only: set.only?.flatMap((each) => [each, each.toUpperCase()]),
    })),
  };
}
