import { TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { automatonOf } from './automata/automaton.ts';
import { findWord, type Run } from './automata/find-word.ts';
import { canBeTenant } from './concrete-session.ts';
import type { ConcreteRequest } from './confirm.ts';
import type { Search } from './search.ts';
import type { Solution } from './solver.ts';
import { ANY_READING, createSymbols, type FixedValues, OTHER, OTHER_BEGINNING } from './symbols.ts';

/** Tenants for a request in which any would do. */
export const TENANTS = ['acme', 'globex', 'initech'];

/** The request with every value in place; undefined when there are no two tenants for it. */
export function writeOut(
  search: Search,
  { action, resource, keys }: Solution,
  runs: readonly Run[],
  fixed: FixedValues,
): ConcreteRequest | undefined {
  const value = (name: string) => fixed.get(name) ?? runs.find(({ variable }) => variable === name)?.value;
  const beginning = value(OTHER_BEGINNING);
  const otherRun = value(OTHER);
  const ids = (given: string | undefined, rest: readonly (string | undefined)[]) =>
    given ?? TENANTS.find((id) => !rest.includes(id));
  const tenantId = ids(value(TENANT_ID_PLACEHOLDER), [otherRun, beginning]);
  const other = beginning === undefined ? ids(otherRun, [tenantId]) : complete(beginning, tenantId);
  if (tenantId === undefined || other === undefined || other === tenantId) return undefined;
  if (!canBeTenant(tenantId) || !canBeTenant(other)) return undefined;
  const contextRuns = [...fixed, ...runs.map((run) => [run.variable, run.value] as const)].filter(([name]) =>
    name.startsWith('context:'),
  );
  return {
    session: { tenantId, ...sessionValues(search, value) },
    action: action.word,
    resource: resource.word,
    keys: {
      ...Object.fromEntries(contextRuns.map(([name, each]) => [name.slice('context:'.length), each])),
      ...Object.fromEntries(
        [...keys].map(([key, words]) => [
          key,
          contextValue(
            words.map(({ word }) => word),
            search,
            key,
          ),
        ]),
      ),
    },
    claimed: {
      [`latchkey:${TENANT_ID_PLACEHOLDER}`]: tenantId,
      [`latchkey:${OTHER}`]: other,
      [`latchkey:${OTHER_BEGINNING}`]: beginning,
    },
  };
}

function contextValue(words: readonly string[], { isMultivalued }: Search, key: string) {
  if (words.length === 0) return undefined;
  return isMultivalued(key) ? words : words[0];
}

/** A tenant whose id goes on behind this. */
function complete(beginning: string, tenantId: string | undefined): string | undefined {
  return [
    ...TENANTS.filter((id) => id.startsWith(beginning)),
    ...['', 'x', '-x', 'xx'].map((rest) => beginning + rest),
  ].find((id) => canBeTenant(id) && id !== tenantId);
}

/** Attributes and scope of a session: those that were found, and for the others any that can be. */
function sessionValues(search: Search, value: (name: string) => string | undefined) {
  const { profile, role, budget } = search;
  const symbols = createSymbols(profile, role, ANY_READING);
  const shortest = (name: string) => {
    const alternatives = symbols.resolve({ kind: 'variable', key: `latchkey:${name}`, fallback: undefined });
    return findWord([{ automaton: automatonOf(alternatives), wanted: true }], budget)?.word ?? '';
  };
  const attributes = attributesOf(search).map((name) => {
    const full = `tenant.attributes.${name}`;
    return [name, value(full) ?? shortest(full)];
  });
  const scope = [...profile.scope.keys()].flatMap((name) => {
    const given = value(`scope.${name}`) ?? shortest(`scope.${name}`);
    return given === '' ? [] : [[name, given]];
  });
  return { attributes: Object.fromEntries(attributes), scope: Object.fromEntries(scope) };
}

function attributesOf({ profile: { policy, tags } }: Search): readonly string[] {
  const templates = [
    ...(policy?.statements ?? []).flatMap(({ resources, conditions }) => [
      ...resources,
      ...conditions.flatMap(({ values }) => values),
    ]),
    ...tags.values(),
  ];
  const names = templates.flat().flatMap((piece) => (typeof piece === 'string' ? [] : piece.placeholder));
  return [...new Set(names)].flatMap((name) => /^tenant\.attributes\.(.*)$/.exec(name)?.[1] ?? []);
}
