import type { Automaton } from './automaton.ts';
import { alphabetOf, type CharacterSet } from './character-set.ts';
import { type Boundary, followerOf } from './follower.ts';
import { firstPlaces, type Place, type Ready, read, readyAt, setsAt, variableStep } from './place.ts';
import type { StepBudget } from './step-budget.ts';

/** Whether a word must match an automaton, or must not. */
export interface WordConstraint {
  readonly automaton: Automaton;
  readonly wanted: boolean;
}

/** A word, and what each variable stood for in it. */
export interface FoundWord {
  readonly word: string;
  readonly runs: readonly Run[];
}

/** The value of a variable at one of its places. */
export interface Run {
  readonly variable: string;
  readonly value: string;
}

interface Node {
  /** Of each wanted automaton with variables, one place. */
  readonly places: readonly Place[];
  /** Of each other automaton, the state of its follower. */
  readonly states: readonly number[];
  readonly before: Node | undefined;
  readonly character: string;
}

/**
 * A shortest word under all constraints, or undefined when there is none whatever the variables stand for. Runs of `tenant`
 * that begin at the same character are equal, and a run of `other` differs from one that begins with it; runs that begin
 * elsewhere are taken as if they were free, and so are those of a constraint that is not wanted: a word may then be found
 * that no one value of the tenant gives. With a fixed text in the place of every variable it is exact.
 */
export function findWord(constraints: readonly WordConstraint[], budget: StepBudget): FoundWord | undefined {
  const guessed = constraints
    .filter(({ automaton, wanted }) => wanted && automaton.hasVariables)
    .map(({ automaton }) => automaton);
  const followed = constraints
    .filter(({ automaton, wanted }) => !(wanted && automaton.hasVariables))
    .map(({ automaton, wanted }) => ({ follower: followerOf(automaton), wanted }));
  const alphabet = alphabetOf(setsOf(constraints));
  const queue: Node[] = combinations(guessed.map(firstPlaces)).map((places) => ({
    places,
    states: followed.map(() => 0),
    before: undefined,
    character: '',
  }));
  const seen = new Set(queue.map(keyOf));
  for (const node of queue) {
    const moments = combinations(
      node.places.map((place, index) => readyAt(at(guessed, index), place)),
    ).flatMap((readies) => {
      const boundary = boundaryOf(readies);
      return boundary === undefined ? [] : [{ readies, boundary }];
    });
    for (const { readies, boundary } of moments) {
      const isWord =
        readies.every(({ isEnd }) => isEnd) &&
        followed.every(
          ({ follower, wanted }, index) => follower.isEnd(at(node.states, index), boundary) === wanted,
        );
      if (isWord) return asFound(node, guessed);
      for (const character of candidates(node, readies)) {
        budget.take();
        const next = step(node, readies, boundary, character);
        const key = next && keyOf(next);
        if (next === undefined || key === undefined || seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
  }
  return undefined;

  /** What can come next: where some automaton stands before a literal, only that. */
  function candidates({ states }: Node, readies: readonly Ready[]): readonly string[] {
    if (readies.some(({ isEnd }) => isEnd)) return [];
    const told = new Set<string>();
    const lists: (readonly string[])[] = [];
    for (const [index, { place }] of readies.entries()) {
      const sets = setsAt(at(guessed, index), place);
      for (const { only } of sets) for (const character of only ?? []) told.add(character);
      if (sets.length === 1 && sets[0]?.only !== undefined) lists.push(sets[0].only);
    }
    for (const [index, { follower, wanted }] of followed.entries()) {
      const { characters, isAll } = follower.tells(at(states, index));
      for (const character of characters) told.add(character);
      if (wanted && isAll) lists.push(characters);
    }
    const [shortest] = lists.sort((one, two) => one.length - two.length);
    return shortest ?? alphabet.candidates(told);
  }

  function step(
    node: Node,
    readies: readonly Ready[],
    boundary: Boundary,
    character: string,
  ): Node | undefined {
    const places: Place[] = [];
    for (const [index, ready] of readies.entries()) {
      const place = read(at(guessed, index), ready.place, character);
      if (place === undefined) return undefined;
      places.push(place);
    }
    const states: number[] = [];
    for (const [index, { follower, wanted }] of followed.entries()) {
      const state = follower.next(at(node.states, index), boundary, character);
      if (wanted && follower.isDead(state)) return undefined;
      states.push(state);
    }
    return { places, states, before: node, character };
  }
}

/** What the runs do together; undefined when two that must be equal are not, or `other` would be the tenant. */
function boundaryOf(readies: readonly Ready[]): Boundary | undefined {
  const ended = new Set<number>();
  const goesOn = new Set<number>();
  for (const ready of readies) {
    if (ready.ended > 0) ended.add(ready.ended);
    if (ready.goesOn > 0) goesOn.add(ready.goesOn);
  }
  const isTorn = [...ended].some((length) => goesOn.has(length));
  const isSame = readies.some(({ endedOther }) => endedOther > 0 && ended.has(endedOther));
  return isTorn || isSame ? undefined : { ended, goesOn };
}

function* setsOf(constraints: readonly WordConstraint[]): Iterable<CharacterSet> {
  for (const { automaton } of constraints) {
    for (const { set, variable } of automaton.steps) {
      if (variable === undefined) yield set;
      else yield* variable.language.sets;
    }
  }
}

function keyOf({ places, states }: Node): string {
  return `${places.join()};${states.join()}`;
}

function asFound(last: Node, guessed: readonly Automaton[]): FoundWord {
  const nodes: Node[] = [];
  for (let node: Node | undefined = last; node?.before !== undefined; node = node.before) nodes.unshift(node);
  const runs = guessed.flatMap((automaton, index) => {
    const values = new Map<number, string>();
    for (const { places, character } of nodes) {
      const stepIndex = variableStep(automaton, at(places, index));
      if (stepIndex !== undefined) values.set(stepIndex, (values.get(stepIndex) ?? '') + character);
    }
    return [...values].map(([stepIndex, value]) => ({
      variable: automaton.steps[stepIndex]?.variable?.name ?? '',
      value,
    }));
  });
  return { word: nodes.map(({ character }) => character).join(''), runs };
}

function combinations<Value>(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  return lists.reduce<readonly (readonly Value[])[]>(
    (all, list) => all.flatMap((each) => list.map((value) => [...each, value])),
    [[]],
  );
}

function at<Value>(list: readonly Value[], index: number): Value {
  const value = list[index];
  if (value === undefined) throw new Error(`list: got ${list.length} values, expected one at ${index}`);
  return value;
}
