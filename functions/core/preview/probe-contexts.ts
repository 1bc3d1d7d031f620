import { listed, type PolicyConditions } from '../profile/policy-document.ts';
import { instancesOf, parsePattern } from './pattern.ts';
import type { JudgedRequest } from './preview-judge.ts';

/** Operator → condition key → values, as documents have it; JSON lets booleans and numbers stand without quotes. */
export type ConditionFacts = Readonly<
  Record<string, Readonly<Record<string, PolicyConditions[string][string] | boolean | number>>>
>;

/** Something that asks for condition keys. */
export interface Keyed {
  readonly conditions: readonly (ConditionFacts | undefined)[];
}

type Context = Required<Pick<JudgedRequest, 'context' | 'absentKeys'>>;
/** What a key may say in a probe; undefined: it is absent. */
type Choice = string | readonly string[] | undefined;

const CONTEXTS_MAX = 128;
/** Said by nobody's condition. */
const OTHERWISE = 'Otherwise';

/** What the keys that are asked for may say, in every combination, or one after another where that would be too many. */
export function deriveContexts(
  asked: readonly Keyed[],
  fixedKeys: ReadonlySet<string>,
): {
  readonly found: readonly Context[];
  readonly complete: boolean;
} {
  const choices = choicesOf(asked).filter(([key]) => !fixedKeys.has(key.toLowerCase()));
  const combinations = choices.reduce((product, [, options]) => product * options.length, 1);
  const complete = combinations <= CONTEXTS_MAX;
  const chosen = complete ? everyCombination(choices) : oneByOne(choices);
  return { found: chosen.map(toContext), complete };
}

type KeyChoices = readonly (readonly [key: string, options: readonly Choice[]])[];
type Chosen = readonly (readonly [key: string, choice: Choice])[];

function everyCombination(choices: KeyChoices): readonly Chosen[] {
  return choices.reduce<readonly Chosen[]>(
    (all, [key, options]) =>
      all.flatMap((chosen) => options.map((option): Chosen => [...chosen, [key, option]])),
    [[]],
  );
}

function oneByOne(choices: KeyChoices): readonly Chosen[] {
  const first: Chosen = choices.map(([key, [option]]) => [key, option]);
  const others = choices.flatMap(([key, options], at) =>
    options.slice(1).map((option): Chosen => first.with(at, [key, option])),
  );
  return [first, ...others].slice(0, CONTEXTS_MAX);
}

function toContext(chosen: Chosen): Context {
  const present = chosen.filter(
    (pair): pair is [string, string | readonly string[]] => pair[1] !== undefined,
  );
  const absentKeys = chosen.filter(([, choice]) => choice === undefined).map(([key]) => key);
  return { context: Object.fromEntries(present), absentKeys };
}

interface Asked {
  readonly key: string;
  readonly values: Set<string>;
  multiple: boolean;
}

/** By the key in lower case, in which IAM compares it. */
function choicesOf(asked: readonly Keyed[]): KeyChoices {
  const keys = new Map<string, Asked>();
  for (const facts of asked.flatMap(({ conditions }) => conditions)) {
    for (const [operator, members] of Object.entries(facts ?? {})) {
      for (const [key, written] of Object.entries(members)) {
        const known = keys.get(key.toLowerCase()) ?? { key, values: new Set(), multiple: false };
        keys.set(key.toLowerCase(), known);
        known.multiple ||= operator.startsWith('For');
        const texts = typeof written === 'object' ? written : listed(String(written));
        for (const value of texts.flatMap((text) => valuesFor(operator, String(text))))
          known.values.add(value);
      }
    }
  }
  return [...keys.values()].map(({ key, values, multiple }) => [key, optionsOf([...values], multiple)]);
}

/** Several values at once say what a single one never does: one that is listed, beside one that is not. */
function optionsOf(values: readonly string[], multiple: boolean): readonly Choice[] {
  const said = values.length === 0 ? [OTHERWISE] : values;
  if (!multiple) return [...said, undefined];
  const [first = OTHERWISE] = said;
  const mixed = said.slice(1).map((other) => [first, other]);
  return [...said.map((value) => [value]), ...mixed, undefined];
}

/** Values on both sides of what an operator compares with. */
function valuesFor(operator: string, value: string): readonly string[] {
  const name = operator.replace(/^For\w+:/, '');
  if (name === 'Null') return [];
  if (name.startsWith('Bool')) return ['true', 'false'];
  if (name.startsWith('Numeric')) return [value, String(Number(value) - 1), String(Number(value) + 1)];
  if (name.startsWith('Date')) return around(value);
  if (/^(?:Not)?IpAddress/.test(name)) return [value.replace(/\/.*$/, ''), '192.0.2.1'];
  if (name.startsWith('Binary')) return [value];
  if (/Like/.test(name) || name.startsWith('Arn'))
    return [...instancesOf(parsePattern(value)), otherwise(name)];
  return [value.replaceAll(/\$\{([*?$])\}/g, '$1'), OTHERWISE];
}

function otherwise(name: string): string {
  return name.startsWith('Arn') ? `arn:aws:iam::000000000000:role/${OTHERWISE}` : OTHERWISE;
}

function around(value: string): readonly string[] {
  const at = Date.parse(value);
  if (Number.isNaN(at)) return [value];
  return [value, ...[at - 1000, at + 1000].map((time) => new Date(time).toISOString())];
}
