import { type CorpusEntry, type CorpusStatement, ID, roleOf } from './entry.ts';
import { instances, matchesFor, piecesOf, tailOf, type WorldRequest } from './world.ts';

/** What wildcards in actions stand for, by service. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  s3: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
  dynamodb: ['dynamodb:GetItem', 'dynamodb:Scan'],
  sqs: ['sqs:SendMessage'],
  iot: ['iot:Publish', 'iot:Subscribe'],
  kms: ['kms:Decrypt'],
  ec2: ['ec2:StartInstances'],
  ecr: ['ecr:BatchGetImage'],
};

const MULTIVALUED = ['dynamodb:LeadingKeys', 'dynamodb:Attributes', 'aws:TagKeys'];

/** A key that every request has, and values on both sides of any limit. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  'aws:TokenIssueTime': ['2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
};

type Value = string | readonly string[];
type Keys = Readonly<Record<string, Value>>;

/**
 * Requests that a tenant could make for what is another's (or its own, when both are one), built from both tenants' names for
 * things, each with everything that the other's names can be put in the place of a wildcard.
 */
export function requestsOf(entry: CorpusEntry, tenant: string, other: string): readonly WorldRequest[] {
  const filled = fillIn(entry, tenant);
  const values = keyValues(filled, entry, tenant, other);
  const sets = new Map<string, readonly Keys[]>();
  return resourcesOf(filled, entry, tenant, other).flatMap((resource) =>
    actionsOf(filled)
      .filter((action) => maySay(filled.session, action, resource) && maySay(filled.role, action, resource))
      .flatMap((action) => {
        const names = namesFor(filled, entry, action, resource);
        const keys = sets.get(names.join()) ?? keySets(names, values);
        sets.set(names.join(), keys);
        return keys.map((each) => ({ action, resource, keys: each }));
      }),
  );
}

interface Filled {
  readonly session: readonly CorpusStatement[];
  readonly role: readonly CorpusStatement[];
}

/** The policies as the tenant has them; what else could be put in is anything. */
function fillIn(entry: CorpusEntry, tenant: string): Filled {
  const fill = (statements: readonly CorpusStatement[]): readonly CorpusStatement[] =>
    JSON.parse(
      JSON.stringify(statements)
        .replaceAll(ID, tenant)
        .replaceAll(/\$\{aws:PrincipalTag\/TenantId[^}]*\}/g, tenant)
        .replaceAll(/\{\{[^}]*\}\}\*?|\$\{[^}]*:[^}]*\}/g, '*'),
    );
  return {
    session: fill([...entry.session, ...(entry.managed ?? [])]),
    role: fill([...roleOf(entry), ...(entry.boundary ?? [])]),
  };
}

function resourcesOf({ session, role }: Filled, { owns }: CorpusEntry, tenant: string, other: string) {
  const allowed = [...session, ...role].flatMap(({ Resource = [] }) => Resource);
  const owned = owns.map(({ resource }) => resource);
  const ours = allowed.flatMap((pattern) => piecesOf(tailOf(instances(pattern, tenant, [])[0] ?? '')));
  const theirs = owned.flatMap((pattern) => piecesOf(tailOf(instances(pattern, other, [])[0] ?? '')));
  return [
    ...new Set([
      ...owned.flatMap((pattern) => instances(pattern, other, [...new Set(ours)])),
      ...allowed.flatMap((pattern) => instances(pattern, tenant, [...new Set(theirs)])),
    ]),
  ].filter((resource) => resource === '*' || /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:./.test(resource));
}

function actionsOf({ session, role }: Filled): readonly string[] {
  const written = [...session, ...role].flatMap(({ Action = [] }) => Action);
  const services = new Set(
    session.flatMap(({ Action = [] }) => Action).map((action) => action.split(':')[0] ?? ''),
  );
  const meant = written.flatMap((action) =>
    action.includes('*') ? [...services].flatMap((service) => ACTIONS[service] ?? []) : action,
  );
  return [...new Set(meant)];
}

/** Whether a statement allows it but for its conditions: a quick look, so that little is left for the evaluator. */
function maySay(statements: readonly CorpusStatement[], action: string, resource: string): boolean {
  return statements.some((statement) => statement.Effect === 'Allow' && isAbout(statement, action, resource));
}

/** A Deny by what it does not name may be about anything. */
function isAbout(
  { Action = '*', Resource = '*' }: CorpusStatement,
  action: string,
  resource: string,
): boolean {
  return (
    [Action].flat().some((pattern) => matchesFor(pattern, '', action)) &&
    [Resource].flat().some((pattern) => matchesFor(pattern, '', resource))
  );
}

/** The keys that say something of a request: to a statement that is about it, or of whose it is. */
function namesFor({ session, role }: Filled, { owns }: CorpusEntry, action: string, resource: string) {
  const asked = [...session, ...role]
    .filter((statement) => isAbout(statement, action, resource))
    .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((keys) => Object.keys(keys)));
  const told = owns
    .filter((owned) => matchesFor(owned.resource, 'any', resource))
    .flatMap(({ key }) => key ?? []);
  return [...new Set([...asked, ...told])].filter((key) => !key.startsWith('aws:PrincipalTag/'));
}

/** What each key may be; undefined is absent. */
function keyValues(filled: Filled, { owns, session }: CorpusEntry, tenant: string, other: string) {
  const compared = [...session, ...filled.session, ...filled.role].flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((keys) =>
      Object.entries(keys).map(([key, values]) => ({ key, values: [values].flat() })),
    ),
  );
  const told = owns.flatMap(({ key, values = [] }) => (key === undefined ? [] : { key, values }));
  const all = [...compared, ...told];
  return new Map(
    all.map(({ key }): [string, readonly (Value | undefined)[]] => {
      const patterns = all.filter((one) => one.key === key).flatMap(({ values }) => values);
      // A key that tells nobody's from another's need only meet what it is compared with, or not.
      const isTelling = told.some((one) => one.key === key);
      const values = isTelling
        ? valuesOf(key, patterns, tenant, other)
        : [...new Set(patterns)].map((pattern) => instances(pattern, tenant, [])[0] ?? '').concat('other');
      return [key, ALWAYS[key] ?? [undefined, ...(isTelling ? values : listed(key, values))]];
    }),
  );
}

/** All combinations of what the keys may be. */
function keySets(
  names: readonly string[],
  values: ReadonlyMap<string, readonly (Value | undefined)[]>,
): readonly Keys[] {
  let sets: readonly Keys[] = [{}];
  for (const key of names) {
    sets = sets.flatMap((set) =>
      (values.get(key) ?? []).map((value) => (value === undefined ? set : { ...set, [key]: value })),
    );
  }
  return sets;
}

function valuesOf(key: string, patterns: readonly string[], tenant: string, other: string): readonly Value[] {
  const all = new Set<string>();
  for (const pattern of patterns.filter((text) => text !== 'true' && text !== 'false')) {
    for (const one of [tenant, other]) {
      const texts = instances(pattern, one, [tenant, other]);
      // As it is, with something or each tenant in the wildcards' place.
      for (const text of [pattern.replaceAll(ID, one), texts[0], texts.at(-6), texts.at(-3)])
        all.add(text ?? '');
    }
  }
  all.add(tenant.toUpperCase());
  all.add(other);
  if (key === 's3:prefix') for (const text of ['', other.slice(0, 2), `${other}/`, 'home/']) all.add(text);
  if (key !== 's3:prefix') all.delete('');
  const [first = 'x', ...more] = all;
  return MULTIVALUED.includes(key)
    ? [...listed(key, [...all]), ...more.map((text) => [first, text])]
    : [...all];
}

function listed(key: string, values: readonly Value[]): readonly Value[] {
  return MULTIVALUED.includes(key) ? values.map((value) => [value].flat()) : values;
}
