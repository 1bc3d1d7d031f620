import type { Automaton } from './automaton.ts';
import { firstPlaces, type Place, type Ready, read, readyAt, setsAt } from './place.ts';

/** What runs of `tenant` do between two characters, by their length: some end, others go on. */
export interface Boundary {
  readonly ended: ReadonlySet<number>;
  readonly goesOn: ReadonlySet<number>;
}

/** Follows all places of an automaton at once. Its states are numbers; 0 is the first. */
export interface Follower {
  /** Whether a pattern has been read in a state. */
  readonly isEnd: (state: number, boundary: Boundary) => boolean;
  readonly next: (state: number, boundary: Boundary, character: string) => number;
  /** Characters that a state tells apart from others of their class; `isAll` when it reads no other. */
  readonly tells: (state: number) => { readonly characters: readonly string[]; readonly isAll: boolean };
  /** Whether nothing can be read any more. */
  readonly isDead: (state: number) => boolean;
}

const FOLLOWERS = new WeakMap<Automaton, Follower>();

/**
 * The follower of an automaton. Without variables it is exact. With them it follows a run of `tenant` as long as a run of
 * the same length, which therefore began at the same character, is known to go on; other runs it gives up, so that it may
 * miss a word of the automaton and never finds one that is not.
 */
export function followerOf(automaton: Automaton): Follower {
  const known = FOLLOWERS.get(automaton);
  if (known !== undefined) return known;
  const created = createFollower(automaton);
  FOLLOWERS.set(automaton, created);
  return created;
}

function createFollower(automaton: Automaton): Follower {
  const numbers = new Map<string, number>();
  const states: (readonly Place[])[] = [];
  const moves: Map<string, number>[] = [];
  const number = (places: Iterable<Place>) => {
    const sorted = [...new Set(places)].sort((a, b) => a - b);
    const key = sorted.join();
    const same = numbers.get(key);
    if (same !== undefined) return same;
    numbers.set(key, states.length);
    moves.push(new Map());
    return states.push(sorted) - 1;
  };
  number(firstPlaces(automaton));
  const memo = new Map<Place, readonly Ready[]>();
  const ready = (state: number, boundary: Boundary) =>
    (states[state] ?? []).flatMap((place) => {
      const all = memo.get(place) ?? readyAt(automaton, place);
      memo.set(place, all);
      return all.filter((each) => agrees(each, boundary));
    });
  const told: ReturnType<Follower['tells']>[] = [];
  const move = (state: number, boundary: Boundary, character: string) =>
    number(ready(state, boundary).flatMap(({ place }) => read(automaton, place, character) ?? []));

  return {
    isEnd: (state, boundary) => ready(state, boundary).some(({ isEnd }) => isEnd),
    tells(state) {
      const known = told[state];
      if (known !== undefined) return known;
      const sets = (states[state] ?? [])
        .flatMap((place) => readyAt(automaton, place))
        .flatMap(({ place, isEnd }) => (isEnd ? [] : setsAt(automaton, place)));
      const characters = [...new Set(sets.flatMap(({ only }) => only ?? []))];
      const found = { characters, isAll: sets.every(({ only }) => only !== undefined) };
      told[state] = found;
      return found;
    },
    isDead: (state) => states[state]?.length === 0,
    next(state, boundary, character) {
      // What is remembered must not lean on a boundary, which only variables do.
      if (automaton.hasVariables) return move(state, boundary, character);
      const found = moves[state]?.get(character) ?? move(state, boundary, character);
      moves[state]?.set(character, found);
      return found;
    },
  };
}

function agrees({ ended, goesOn }: Ready, boundary: Boundary): boolean {
  return (ended === 0 || boundary.ended.has(ended)) && (goesOn === 0 || boundary.goesOn.has(goesOn));
}
