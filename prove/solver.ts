import type { Condition } from '../policy/condition.ts';
import type { Selection } from '../policy/policy.ts';
import type { Template } from '../policy/variables.ts';
import { type Automaton, automatonOf, text, wildcard } from './automata/automaton.ts';
import { charactersOf, NO_COLON } from './automata/character-set.ts';
import { type FoundWord, findWord, type WordConstraint } from './automata/find-word.ts';
import type { StepBudget } from './automata/step-budget.ts';
import { AS_TEXT, type ComparedAs, compileTemplate } from './compile-template.ts';
import { findFiniteValue } from './finite-values.ts';
import { type KeyQuestion, type Presence, questionOf, type ValueTest } from './key-question.ts';
import type { Requirement } from './requirement.ts';
import type { Symbols } from './symbols.ts';
import { Undecided } from './undecided.ts';

/** A request as far as requirements tell; keys that they do not name are left open. */
export interface Solution {
  readonly action: FoundWord;
  readonly resource: FoundWord;
  /** By name in lower case. An absent key has no values. */
  readonly keys: ReadonlyMap<string, readonly FoundWord[]>;
}

/** Finds requests; see `findWord` for what it may find too much of. */
export interface Solver {
  /** A request that satisfies all; undefined when there is none for any values of the variables. */
  readonly solve: (requirements: readonly Requirement[]) => Solution | undefined;
}

/** What a solver reads variables and keys as, and how far it may go. */
export interface SolverOptions {
  readonly symbols: Symbols;
  /** Whether a key, in lower case, can have several values. */
  readonly isMultivalued: (key: string) => boolean;
  readonly budget: StepBudget;
}

const ACTION_NAME = charactersOf(/[a-z\d]/);
const SERVICE = charactersOf(/[a-z\d-]/);
const ARN_PART = charactersOf(/[\w-]/);
const some = (set: typeof SERVICE) => [
  { kind: 'set', set, repeats: false } as const,
  { kind: 'set', set, repeats: true } as const,
];
const IS_ACTION = always(automatonOf([[...some(SERVICE), text(':'), ...some(ACTION_NAME)]]));
const maybe = { kind: 'set', set: NO_COLON, repeats: true } as const;
const IS_RESOURCE = always(
  automatonOf([
    [text('*')],
    [
      ...[text('arn:'), ...some(ARN_PART), text(':'), ...some(ARN_PART), text(':'), maybe, text(':'), maybe],
      ...[text(':'), wildcard(false), wildcard(true)],
    ],
  ]),
);
const IS_EMPTY = always(automatonOf([[]]));
const IS_NOT_EMPTY = { ...IS_EMPTY, wanted: false };
const ANY_VALUE: FoundWord = { word: 'x', runs: [] };

function always(automaton: Automaton): WordConstraint {
  return { automaton, wanted: true };
}

/** A solver under one reading of the variables; it remembers what it found. */
export function createSolver({ symbols, isMultivalued, budget }: SolverOptions): Solver {
  const automata = new Map<object, Map<string, Automaton>>();
  const numbers = new Map<Automaton, number>();
  const words = new Map<string, FoundWord | undefined>();

  return {
    solve(requirements) {
      const action = wordUnder([IS_ACTION, ...requirements.flatMap((each) => constraintOn('action', each))]);
      const resource =
        action && wordUnder([IS_RESOURCE, ...requirements.flatMap((each) => constraintOn('resource', each))]);
      const keys = resource && keysUnder(requirements);
      return keys && { action, resource, keys };
    },
  };

  function keysUnder(requirements: readonly Requirement[]): Solution['keys'] | undefined {
    const asked = Map.groupBy(
      requirements.filter((each) => each.on === 'key'),
      ({ condition }) => condition.key.toLowerCase(),
    );
    const keys = new Map<string, readonly FoundWord[]>();
    for (const [key, conditions] of asked) {
      const values = valuesUnder(key, conditions);
      if (values === undefined) return undefined;
      keys.set(key, values);
    }
    return keys;
  }

  function valuesUnder(
    key: string,
    conditions: readonly { readonly condition: Condition; readonly wanted: boolean }[],
  ): readonly FoundWord[] | undefined {
    const tag = symbols.principalTag(key);
    const given = tag && [always(automatonOf(tag))];
    const presences: readonly Presence[] =
      tag === undefined
        ? ['absent', 'present', 'empty']
        : tag.length === 0
          ? ['absent']
          : ['present', 'empty'];
    for (const presence of presences) {
      const question = questionOf(conditions, presence, isMultivalued(key));
      if (question === undefined) continue;
      if (presence === 'absent') return [];
      const values = answer(question, [...(presence === 'empty' ? [IS_EMPTY] : []), ...(given ?? [])]);
      if (values !== undefined && (presence === 'empty' || values.some(({ word }) => word !== '')))
        return values;
    }
    return undefined;
  }

  function answer(
    { each, some }: KeyQuestion,
    given: readonly WordConstraint[],
  ): readonly FoundWord[] | undefined {
    const found: FoundWord[] = [];
    for (const test of some) {
      const value = valueUnder([...each, test], given);
      if (value === undefined) return undefined;
      found.push(value);
    }
    // Some value has to be there, and one that is not empty unless emptiness is what is asked for.
    if (found.some(({ word }) => word !== '')) return found;
    const value = valueUnder(each, given[0] === IS_EMPTY ? given : [...given, IS_NOT_EMPTY]);
    return value && [...found, value];
  }

  function valueUnder(tests: readonly ValueTest[], given: readonly WordConstraint[]): FoundWord | undefined {
    if (tests.length === 0 && given.every(({ wanted }) => !wanted)) return ANY_VALUE;
    const texts = tests.flatMap(textTest);
    if (texts.length === tests.length) return wordUnder([...given, ...texts]);
    if (given[0] === IS_EMPTY) return undefined;
    if (texts.length > 0 || given.some(({ wanted }) => wanted)) {
      throw new Undecided(
        `${tests[0]?.condition.key}, which is compared both as text and as something else; compare it one way`,
      );
    }
    const value = findFiniteValue(tests);
    return value === undefined ? undefined : { word: value, runs: [] };
  }

  function textTest({ condition: { comparison, negated }, wanted }: ValueTest): readonly WordConstraint[] {
    if (comparison.family !== 'string' && comparison.family !== 'arn') return [];
    const how: ComparedAs =
      comparison.family === 'arn'
        ? { arn: 'segments', foldCase: false }
        : { ...AS_TEXT, foldCase: comparison.relation === 'equalsIgnoreCase' };
    const automaton = automatonFor(comparison, comparison.values, how);
    return [{ automaton, wanted: wanted !== negated }];
  }

  function constraintOn(on: 'action' | 'resource', each: Requirement): readonly WordConstraint[] {
    if (each.on === 'key' || each.on !== on) return [];
    const { selection, wanted } = each;
    const how = each.on === 'action' ? AS_TEXT : { arn: each.reach, foldCase: false };
    return [{ automaton: automatonOn(selection, how), wanted: wanted === (selection.mode === 'only') }];
  }

  function automatonOn(selection: Selection<Template>, how: ComparedAs): Automaton {
    return automatonFor(selection.entries, selection.entries, how);
  }

  /** `owner` is the object that the templates are of: its automaton is made once. */
  function automatonFor(owner: object, templates: readonly Template[], how: ComparedAs): Automaton {
    const known = automata.get(owner) ?? new Map<string, Automaton>();
    automata.set(owner, known);
    const key = JSON.stringify(how);
    const automaton =
      known.get(key) ?? automatonOf(templates.flatMap((template) => compileTemplate(template, how, symbols)));
    known.set(key, automaton);
    return automaton;
  }

  function wordUnder(constraints: readonly WordConstraint[]): FoundWord | undefined {
    const name = ({ automaton, wanted }: WordConstraint) => {
      const number = numbers.get(automaton) ?? numbers.size;
      numbers.set(automaton, number);
      return wanted ? number : -1 - number;
    };
    const unique = new Map(constraints.map((constraint) => [name(constraint), constraint]));
    const key = [...unique.keys()].sort((a, b) => a - b).join();
    if (!words.has(key)) words.set(key, findWord([...unique.values()], budget));
    return words.get(key);
  }
}
