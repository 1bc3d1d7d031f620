import { type CharacterSet, charactersOf, oneOf } from './character-set.ts';
import type { Language } from './language.ts';

/** A place of a nondeterministic automaton: reads from a set, or goes on without reading. */
interface Place {
  set: CharacterSet | undefined;
  next: number[];
}

/** A part of an expression: builds itself in front of a place and gives where it begins. */
type Part = (places: Place[], behind: number) => number;

/** What of ECMAScript's expressions is read here; an expression with anything else has no language that we know. */
const TOKEN =
  /\\[wdsWDS]|\\[^a-zA-Z0-9]|\[\^?(?:\\.|[^\]\\])+\]|\(\?:|[()|]|[*+?]|\{\d+(?:,\d*)?\}|[^\\[\](){}*+?|^$]/gsuy;

const MOST_COPIES = 300;

/**
 * The language of a pattern, compared with the whole word as a scope parameter's is; undefined when the pattern holds what
 * is not read here.
 */
export function languageOf(pattern: string): Language | undefined {
  const tokens = pattern.match(TOKEN) ?? [];
  if (tokens.join('') !== pattern) return undefined;
  const rest = [...tokens];
  const part = parseChoice(rest);
  if (part === undefined || rest.length > 0) return undefined;
  const places: Place[] = [{ set: undefined, next: [] }];
  return determine(places, part(places, 0));
}

function parseChoice(rest: string[]): Part | undefined {
  const choices: Part[] = [];
  do {
    if (choices.length > 0) rest.shift();
    const sequence: Part[] = [];
    while (rest[0] !== undefined && rest[0] !== '|' && rest[0] !== ')') {
      const part = parseRepeated(rest);
      if (part === undefined) return undefined;
      sequence.push(part);
    }
    choices.push((places, behind) => sequence.reduceRight((next, part) => part(places, next), behind));
  } while (rest[0] === '|');
  return (places, behind) =>
    places.push({ set: undefined, next: choices.map((choice) => choice(places, behind)) }) - 1;
}

function parseRepeated(rest: string[]): Part | undefined {
  const part = parseOne(rest);
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(rest[0] ?? '') ?? [];
  const times: readonly [number, number] | undefined =
    least === undefined
      ? REPETITIONS.get(rest[0] ?? '')
      : [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
  if (part === undefined || times === undefined) return part;
  rest.shift();
  // A lazy quantifier takes the same words.
  if (rest[0] === '?') rest.shift();
  return repeat(part, times);
}

const REPETITIONS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['*', [0, Infinity]],
  ['+', [1, Infinity]],
  ['?', [0, 1]],
]);

function repeat(part: Part, [least, most]: readonly [number, number]): Part | undefined {
  if (least > MOST_COPIES || (most !== Infinity && most > MOST_COPIES)) return undefined;
  return (places, behind) => {
    let begin = behind;
    if (most === Infinity) {
      const loop = places.push({ set: undefined, next: [behind] }) - 1;
      places[loop]?.next.push(part(places, loop));
      begin = loop;
    } else {
      for (let copy = least; copy < most; copy += 1) {
        begin = places.push({ set: undefined, next: [behind, part(places, begin)] }) - 1;
      }
    }
    for (let copy = 0; copy < least; copy += 1) begin = part(places, begin);
    return begin;
  };
}

function parseOne(rest: string[]): Part | undefined {
  const token = rest.shift() ?? '';
  if (token === '(' || token === '(?:') {
    const inner = parseChoice(rest);
    return rest.shift() === ')' ? inner : undefined;
  }
  const set = parseSet(token);
  return set && ((places, behind) => places.push({ set, next: [behind] }) - 1);
}

function parseSet(token: string): CharacterSet | undefined {
  if (token === '.' || token.startsWith('[') || /^\\[a-zA-Z]$/.test(token)) {
    try {
      return charactersOf(new RegExp(`^(?:${token})$`, 'u'));
    } catch {
      return undefined;
    }
  }
  if (token.length === 2 && token.startsWith('\\')) return oneOf(token.slice(1));
  return token.length === 1 && !/[*+?{)|]/.test(token) ? oneOf(token) : undefined;
}

/** The automaton made deterministic, a state at a time as it is asked for. */
function determine(places: readonly Place[], begin: number): Language {
  const numbers = new Map<string, number>();
  const states: (readonly number[])[] = [];
  const number = (found: readonly number[]) => {
    const closed = [...closure(places, found)].sort((a, b) => a - b);
    const known = numbers.get(closed.join());
    if (known !== undefined) return known;
    numbers.set(closed.join(), states.length);
    return states.push(closed) - 1;
  };
  number([begin]);
  return {
    next(state, character) {
      const next = (states[state] ?? []).flatMap((at) => {
        const place = places[at];
        return place?.set?.has(character) ? place.next : [];
      });
      return next.length === 0 ? undefined : number(next);
    },
    accepts: (state) => states[state]?.includes(0) === true,
    sets: places.flatMap(({ set }) => set ?? []),
  };
}

function closure(places: readonly Place[], found: readonly number[]): ReadonlySet<number> {
  const all = new Set(found);
  for (const at of all) {
    const place = places[at];
    if (place !== undefined && place.set === undefined) for (const next of place.next) all.add(next);
  }
  return all;
}
