import type { Automaton, Step } from './automaton.ts';
import type { CharacterSet } from './character-set.ts';

/**
 * Where an automaton stands: a step and, inside a variable, the state of the variable's language, in one number. A place
 * with state 0 is before the step.
 */
export type Place = number;

const STATES = 2 ** 20;

/** A place from which the next character is read, or an end, and which runs of variables go on or end there. */
export interface Ready {
  readonly place: Place;
  readonly isEnd: boolean;
  /** Characters that the run of `tenant` has that goes on here; 0 when none does. */
  readonly goesOn: number;
  /** As `goesOn`, of the run that ends here. */
  readonly ended: number;
  /** As `ended`, of a run of `other`. */
  readonly endedOther: number;
}

/** Where automata begin. */
export function firstPlaces({ starts }: Automaton): readonly Place[] {
  return starts.map((start) => start * STATES);
}

/** The step of a place. */
export function stepAt({ steps }: Automaton, place: Place): Step {
  const step = steps[Math.floor(place / STATES)];
  if (step === undefined) throw new Error(`place: got ${place}, expected one of the automaton`);
  return step;
}

/** What a place tells characters apart by. */
export function setsAt(automaton: Automaton, place: Place): readonly CharacterSet[] {
  const { set, variable } = stepAt(automaton, place);
  return variable === undefined ? [set] : variable.language.sets;
}

/** Whether the character that led to a place was read by a variable, and by which step. */
export function variableStep(automaton: Automaton, place: Place): number | undefined {
  return place % STATES === 0 || stepAt(automaton, place).variable === undefined
    ? undefined
    : Math.floor(place / STATES);
}

/** All that a place can be ready for without reading: repetitions are skipped, variables end where they may. */
export function readyAt(automaton: Automaton, place: Place): readonly Ready[] {
  const found: Ready[] = [];
  const none = { goesOn: 0, ended: 0, endedOther: 0 };
  const visit = (at: Place, runs: typeof none) => {
    const step = stepAt(automaton, at);
    const behind = (Math.floor(at / STATES) + 1) * STATES;
    if (step.variable === undefined) {
      found.push({ ...runs, place: at, isEnd: step.isEnd });
      if (step.repeats) visit(behind, runs);
      return;
    }
    const { kind, language } = step.variable;
    const state = at % STATES;
    const length = state === 0 ? 0 : (language.length?.(state - 1) ?? 0);
    found.push({ ...runs, place: at, isEnd: false, goesOn: kind === 'tenant' ? length : 0 });
    if (!language.accepts(Math.max(state - 1, 0))) return;
    visit(behind, {
      ...runs,
      ended: kind === 'tenant' ? length : runs.ended,
      endedOther: kind === 'other' ? length : runs.endedOther,
    });
  };
  visit(place, none);
  return found;
}

/** The place behind a character; undefined when it cannot be read from here. */
export function read(automaton: Automaton, place: Place, character: string): Place | undefined {
  const step = stepAt(automaton, place);
  const index = Math.floor(place / STATES);
  if (step.isEnd) return undefined;
  if (step.variable === undefined) {
    if (!step.set.has(character)) return undefined;
    return step.repeats ? place : (index + 1) * STATES;
  }
  const state = Math.max((place % STATES) - 1, 0);
  const next = step.variable.language.next(state, character);
  return next === undefined ? undefined : index * STATES + next + 1;
}
