import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import type { ScopeParameter } from '../functions/core/profile/scope-parameters.ts';
import { TENANT_ID_PLACEHOLDER, type Template } from '../functions/core/profile/template.ts';
import type { Variable as PolicyVariable } from '../policy/variables.ts';
import { type PatternPiece, text } from './automata/automaton.ts';
import { ANY, charactersOf } from './automata/character-set.ts';
import {
  type Language,
  TENANT_ID_BEGINNINGS,
  TENANT_IDS,
  tenantIdsExcept,
  wordsOf,
} from './automata/language.ts';
import { languageOf } from './automata/regular-expression.ts';
import type { ProvableProfile, RolePolicies } from './proof.ts';

/** Condition keys that no request has: under these names placeholders stand as variables in policies. */
const FAMILY = 'latchkey:';
/** The tenant whose things are reached. */
export const OTHER = 'other.id';
/** What that tenant's id begins with. */
export const OTHER_BEGINNING = 'other.beginning';

/** A placeholder as a policy variable, so that templates and policies are read as one thing. */
export function asPolicyVariable(placeholder: string): string {
  return `\${${FAMILY}${placeholder}}`;
}

/** The placeholder that a policy variable's key stands for, if it does. */
export function placeholderOf(key: string): string | undefined {
  return key.startsWith(FAMILY) ? key.slice(FAMILY.length) : undefined;
}

/** What variables stand for while a proof is searched: some are fixed, the others are languages. */
export interface Symbols {
  /** Each way in which a policy variable can be filled; none when it has no value. */
  readonly resolve: (variable: PolicyVariable) => readonly (readonly PatternPiece[])[];
  /** As `resolve`, of a tag that the session has; undefined for a key that is no principal tag, and for one that nobody knows. */
  readonly principalTag: (key: string) => readonly (readonly PatternPiece[])[] | undefined;
}

/** Values by the name of a placeholder, or of a condition key behind `context:`. */
export type FixedValues = ReadonlyMap<string, string>;

/** What is taken as known of the values. */
export interface Reading {
  readonly fixed: FixedValues;
  /** Ids that the tenant does not have. */
  readonly excluded: readonly string[];
}

/** Nothing is known: whatever is found to be impossible is impossible for all. */
export const ANY_READING: Reading = { fixed: new Map(), excluded: [] };

/** What `escapeForIam` lets through. */
const ATTRIBUTE = wordsOf(charactersOf(/[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff]/), 1);
/** What any scope value is made of; `readScope` asks for more. */
const PLAIN = charactersOf(/[^%\\]/);
const PRINTABLE = charactersOf(/[ -~]/);
const ANYTHING = wordsOf(ANY, 1);
/** What the keys of session tags begin with, in lower case. */
export const TAGS = 'aws:principaltag/';

/** The symbols of a profile's sessions. */
export function createSymbols(
  { scope, tags, policy }: Pick<ProvableProfile, 'scope' | 'tags' | 'policy'>,
  { tags: roleTags = {} }: Pick<RolePolicies, 'tags'>,
  reading: Reading,
): Symbols {
  const { fixed } = reading;
  const languages = new Map([...scope].map(([name, parameter]) => [`scope.${name}`, scopeWords(parameter)]));
  const tagTemplates = new Map<string, Template>([
    ...Object.entries(roleTags).map(([key, value]) => [key.toLowerCase(), [value]] as const),
    ...[...tags].map(([key, template]) => [key.toLowerCase(), template] as const),
    [TENANT_TAG_KEY.toLowerCase(), [{ placeholder: TENANT_ID_PLACEHOLDER }]],
  ]);

  const named = (name: string): readonly (readonly PatternPiece[])[] => {
    const value = fixed.get(name);
    if (value !== undefined) return [value === '' ? [] : [text(value)]];
    const isOptional = scope.get(name.replace(/^scope\./, ''))?.optional === true && languages.has(name);
    const variable = { ...kindOf(name, reading, languages), name };
    return [[{ kind: 'variable', variable }], ...(isOptional ? [[]] : [])];
  };
  const filled = (template: Template) =>
    product(
      template.map((piece) => (typeof piece === 'string' ? [[text(piece)]] : named(piece.placeholder))),
    );
  const principalTag = (key: string) => {
    if (!key.toLowerCase().startsWith(TAGS)) return undefined;
    const name = key.toLowerCase().slice(TAGS.length);
    // Whoever asks brings the other tags: they may be anything, as what a request says.
    if (policy === undefined && name !== TENANT_TAG_KEY.toLowerCase()) return undefined;
    const template = tagTemplates.get(name);
    return template === undefined ? [] : filled(template);
  };

  return {
    principalTag,
    resolve({ key, fallback }) {
      const placeholder = placeholderOf(key);
      if (placeholder !== undefined) return named(placeholder);
      // A tag of the role's may be empty: as a variable it has no value then.
      const tag = principalTag(key);
      const alternatives = (tag ?? named(`context:${key.toLowerCase()}`)).filter(isSomething);
      // A tag is there or not; another key may be absent.
      const mayLack = alternatives.length === 0 || tag === undefined;
      return mayLack && fallback !== undefined ? [...alternatives, [text(fallback)]] : alternatives;
    },
  };
}

function kindOf(name: string, { fixed, excluded }: Reading, languages: ReadonlyMap<string, Language>) {
  const tenant = fixed.get(TENANT_ID_PLACEHOLDER);
  if (name === TENANT_ID_PLACEHOLDER)
    return { kind: 'tenant', language: tenantIdsExcept(...excluded) } as const;
  if (name === OTHER)
    return { kind: 'other', language: tenant === undefined ? TENANT_IDS : tenantIdsExcept(tenant) } as const;
  if (name === OTHER_BEGINNING) return { kind: 'free', language: TENANT_ID_BEGINNINGS } as const;
  const isAttribute = name.startsWith('tenant.attributes.');
  return { kind: 'free', language: languages.get(name) ?? (isAttribute ? ATTRIBUTE : ANYTHING) } as const;
}

/** Words that a scope value can be, and perhaps more: a pattern that cannot be read is taken for any text. */
function scopeWords({ pattern }: ScopeParameter): Language {
  const source = /^\^\(\?:(.*)\)\$$/s.exec(pattern.source)?.[1];
  const language = (source === undefined ? undefined : languageOf(source)) ?? wordsOf(ANY, 1);
  const isPlain = (character: string) => PLAIN.has(character) && PRINTABLE.has(character);
  return {
    // A value that is given is not empty: the first state is one of its own.
    next(state, character) {
      const next = isPlain(character) ? language.next(Math.max(state - 1, 0), character) : undefined;
      return next === undefined ? undefined : next + 1;
    },
    accepts: (state) => state > 0 && language.accepts(state - 1),
    sets: [...language.sets, PLAIN, PRINTABLE],
  };
}

function isSomething(pieces: readonly PatternPiece[]): boolean {
  return pieces.some((piece) => piece.kind !== 'text' || piece.text !== '');
}

/** Every way to take one alternative of each, one after the other. */
export function product<Piece>(
  choices: readonly (readonly (readonly Piece[])[])[],
): readonly (readonly Piece[])[] {
  return choices.reduce<readonly (readonly Piece[])[]>(
    (all, alternatives) => all.flatMap((each) => alternatives.map((more) => [...each, ...more])),
    [[]],
  );
}
