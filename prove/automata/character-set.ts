/** Some characters. `only` lists them where they are few; else what is left is told apart by `has` alone. */
export interface CharacterSet {
  readonly has: (character: string) => boolean;
  readonly only: readonly string[] | undefined;
}

/** Every character: what `*` and `?` stand for. */
export const ANY: CharacterSet = { has: () => true, only: undefined };

/** What a wildcard stands for inside one of an ARN's first five segments. */
export const NO_COLON: CharacterSet = { has: (character) => character !== ':', only: undefined };

/** The characters that a regular expression of one character matches. */
export function charactersOf(pattern: RegExp): CharacterSet {
  return { has: (character) => pattern.test(character), only: undefined };
}

/** These characters. */
export function oneOf(...characters: readonly string[]): CharacterSet {
  return { has: (character) => characters.includes(character), only: characters };
}

/** Of everything that is alike to all sets, the earlier is the easier to read in a counterexample. */
const PREFERRED = [...'xyzabcdefghijklmnopqrstuvw0123456789XYZABCDEFGHIJKLMNOPQRSTUVW_-./:=+@, '];
/** U+0100 stands for all that is not Latin-1: no pattern of a policy can name it. */
const REST = Array.from({ length: 0x101 - 0x20 }, (_, index) => String.fromCodePoint(0x20 + index));
const ALL = [...new Set([...PREFERRED, ...REST])];

/** Characters by what they are to some sets. */
export interface Alphabet {
  /**
   * One character for each class that the sets do not tell apart, and each of `told`, where members of few-character sets
   * matter: what is true of it is true of its whole class, so a search over these is a search over all.
   */
  readonly candidates: (told: ReadonlySet<string>) => readonly string[];
}

/** The alphabet of some sets; of those with `only`, the members are told by whoever asks. */
export function alphabetOf(sets: Iterable<CharacterSet>): Alphabet {
  const named = new Set<string>();
  const open = new Set<CharacterSet>();
  for (const set of sets) {
    if (set.only === undefined) open.add(set);
    else for (const character of set.only) named.add(character);
  }
  const kinds = [...open];
  const signature = (character: string) => kinds.map((set) => (set.has(character) ? 1 : 0)).join('');
  const fresh = ALL.filter((character) => !named.has(character));
  // A class may have no character that is not named: then one that is named elsewhere stands for it.
  const classes = [...Map.groupBy([...fresh, ...named], signature).values()];
  return {
    candidates(told) {
      const found = classes.flatMap((members) => members.find((character) => !told.has(character)) ?? []);
      return [...found, ...told];
    },
  };
}
