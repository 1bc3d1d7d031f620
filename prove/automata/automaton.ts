import { ANY, type CharacterSet, NO_COLON, oneOf } from './character-set.ts';
import type { Language } from './language.ts';

/**
 * What a part of a pattern stands for. `tenant` is the one who asks: one value wherever it stands. `other` is a tenant who is
 * not that one. `free` is any word of its language, each time it stands.
 */
export interface Variable {
  readonly kind: 'tenant' | 'other' | 'free';
  readonly name: string;
  readonly language: Language;
}

/** A piece of a pattern. `colons`: wildcards read `:` too. */
export type PatternPiece =
  | { readonly kind: 'text'; readonly text: string; readonly foldCase: boolean }
  | { readonly kind: 'set'; readonly set: CharacterSet; readonly repeats: boolean }
  | { readonly kind: 'variable'; readonly variable: Variable };

/** Pieces one after the other. */
export type Pattern = readonly PatternPiece[];

/** One place of an automaton: what it reads, and whether it stays to read more. */
export interface Step {
  readonly set: CharacterSet;
  readonly repeats: boolean;
  /** Then `set` says nothing. */
  readonly variable: Variable | undefined;
  /** Nothing is behind it: a pattern has been read. */
  readonly isEnd: boolean;
}

/** Some patterns of which a word has to match one: their steps behind each other, an end behind each. */
export interface Automaton {
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
  readonly hasVariables: boolean;
}

/** `*` or `?`; inside one of an ARN's first five segments it reads no colon. */
export function wildcard(repeats: boolean, colons = true): PatternPiece {
  return { kind: 'set', set: colons ? ANY : NO_COLON, repeats };
}

/** A literal. */
export function text(value: string, foldCase = false): PatternPiece {
  return { kind: 'text', text: value, foldCase };
}

const END: Step = { set: ANY, repeats: false, variable: undefined, isEnd: true };
const LITERALS = new Map<string, Step>();

/** The automaton that reads any of the patterns; of none, it reads nothing. */
export function automatonOf(patterns: readonly Pattern[]): Automaton {
  const steps: Step[] = [];
  const starts: number[] = [];
  for (const pattern of patterns) {
    starts.push(steps.length);
    steps.push(...pattern.flatMap(stepsOf), END);
  }
  return { steps, starts, hasVariables: steps.some(({ variable }) => variable !== undefined) };
}

function stepsOf(piece: PatternPiece): readonly Step[] {
  switch (piece.kind) {
    case 'text':
      return [...piece.text].map((character) => literal(character, piece.foldCase));
    case 'set':
      return [{ set: piece.set, repeats: piece.repeats, variable: undefined, isEnd: false }];
    case 'variable':
      return [{ set: ANY, repeats: false, variable: piece.variable, isEnd: false }];
  }
}

function literal(character: string, foldCase: boolean): Step {
  const characters = foldCase
    ? [...new Set([character.toLowerCase(), character.toUpperCase()])]
    : [character];
  const key = characters.join('');
  const known = LITERALS.get(key);
  if (known !== undefined) return known;
  const step: Step = { set: oneOf(...characters), repeats: false, variable: undefined, isEnd: false };
  LITERALS.set(key, step);
  return step;
}
