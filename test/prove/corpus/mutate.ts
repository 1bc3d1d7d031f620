import { type Conditions, type CorpusEntry, type CorpusStatement, roleOf } from './entry.ts';

/** An entry with one thing made worse, or not. */
export interface Mutant {
  /** What was done, and where: `drop a condition (both)`. */
  readonly how: string;
  readonly entry: CorpusEntry;
}

type Statements = readonly CorpusStatement[];
/** Every way in which one thing can be changed. */
type Mutation = (statements: Statements) => readonly Statements[];

const TENANT = /\{\{tenant\.id\}\}|\$\{aws:PrincipalTag\/TenantId[^}]*\}/;
const source = TENANT.source;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'drop a delimiter': inTexts((text) => text.replace(new RegExp(`(${source})[/:#._]`), '$1')),
  'widen the tenant': inTexts((text) => text.replace(TENANT, '*')),
  'widen behind the tenant': inTexts((text) => text.replace(new RegExp(`(${source}).*`), '$1*')),
  'move the tenant behind a wildcard': inTexts((text) => text.replace(TENANT, (tenant) => `*/${tenant}`)),
  'widen a question mark': inTexts((text) => text.replace('?', '*')),
  'drop a condition': eachCondition(() => undefined),
  'turn Null round': eachCondition((operator, values) =>
    operator === 'Null' ? [operator, values === 'false' ? 'true' : 'false'] : [operator, values],
  ),
  'let an absent key pass': eachCondition((operator, values) => [
    /Null|IfExists$/.test(operator) ? operator : `${operator}IfExists`,
    values,
  ]),
  'ask for any value': eachCondition((operator, values) => [
    operator.replace('ForAllValues:', 'ForAnyValue:'),
    values,
  ]),
  'ask for all values': eachCondition((operator, values) => [
    /^String/.test(operator) ? `ForAllValues:${operator}` : operator,
    values,
  ]),
  'ignore case': eachCondition((operator, values) => [
    operator.replace(/Equals$/, 'EqualsIgnoreCase').replace(/^(Date|Numeric).*/, operator),
    values,
  ]),
  'drop a Deny': (statements) =>
    statements.flatMap(({ Effect }, index) => (Effect === 'Deny' ? [statements.toSpliced(index, 1)] : [])),
};

/**
 * Everything that can be done to an entry: to session policy and role at once, and the first of each kind to one of the two
 * alone, where the other should still hold; to boundary and managed policy each by itself.
 */
export function mutantsOf(entry: CorpusEntry): readonly Mutant[] {
  return Object.entries(MUTATIONS).flatMap(([name, mutation]) => {
    const role = roleOf(entry);
    const [sessions, roles] = [mutation(entry.session), mutation(role)];
    // A role that mirrors the session policy changes with it; of another, every change meets the first of the session's.
    const both =
      entry.role === undefined
        ? sessions.map((session) => ({ session }))
        : roles.map((changed) => ({ session: sessions[0] ?? entry.session, role: changed }));
    const changes: { where: string; change: Partial<CorpusEntry> }[] = [
      ...both.map((change) => ({ where: 'both', change })),
      ...sessions
        .slice(0, 1)
        .map((session) => ({ where: 'session policy alone', change: { session, role } })),
      ...roles.slice(0, 1).map((changed) => ({ where: 'role alone', change: { role: changed } })),
    ];
    for (const layer of ['boundary', 'managed'] as const) {
      const alone = mutation(entry[layer] ?? []).map((changed) => ({ [layer]: changed }));
      changes.push(...alone.map((change) => ({ where: layer, change })));
    }
    return changes.map(({ where, change }) => ({
      how: `${name} (${where})`,
      entry: { ...entry, ...change },
    }));
  });
}

/** Changes one text at a time, of those that the change makes different. */
function inTexts(change: (text: string) => string): Mutation {
  return (statements) => {
    const written = JSON.stringify(statements);
    const places: Statements[] = [];
    for (let place = 0; ; place++) {
      let seen = 0;
      const changed: Statements = JSON.parse(written, (_, leaf) => {
        if (typeof leaf !== 'string' || change(leaf) === leaf) return leaf;
        return seen++ === place ? change(leaf) : leaf;
      });
      if (seen <= place) return places;
      places.push(changed);
    }
  };
}

type Values = Conditions[string][string];

/** Changes one operator on one key at a time; undefined drops it. */
function eachCondition(
  change: (operator: string, values: Values) => readonly [operator: string, values: Values] | undefined,
): Mutation {
  return (statements) =>
    statements.flatMap(({ Condition = {}, ...rest }, index) =>
      Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).flatMap(([key, values]) => {
          const changed = change(operator, values ?? []);
          if (changed?.[0] === operator && changed[1] === values) return [];
          const left = without(Condition, operator, key);
          const added = changed === undefined ? left : merge(left, changed[0], key, changed[1]);
          const hasSome = Object.keys(added).length > 0;
          return [statements.with(index, hasSome ? { ...rest, Condition: added } : rest)];
        }),
      ),
    );
}

function without(conditions: Conditions, operator: string, key: string): Conditions {
  const { [key]: _, ...keys } = conditions[operator] ?? {};
  const { [operator]: __, ...others } = conditions;
  return Object.keys(keys).length === 0 ? others : { ...others, [operator]: keys };
}

function merge(conditions: Conditions, operator: string, key: string, values: Values): Conditions {
  return { ...conditions, [operator]: { ...conditions[operator], [key]: values ?? [] } };
}
