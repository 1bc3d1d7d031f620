import { listed } from '../functions/core/profile/policy-document.ts';
import { type Resources, resolveResources } from '../functions/core/profile/resources.ts';
import { TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { Statement } from '../policy/policy.ts';
import { parseTemplate, type Template } from '../policy/variables.ts';
import type { Owned, OwnedBy, Ownership } from './ownership.ts';
import { asPolicyVariable, OTHER, OTHER_BEGINNING } from './symbols.ts';
import { Undecided } from './undecided.ts';

/** What a declaration says of requests, in the language of policies. */
export interface Claims {
  /** Requests that reach what is another tenant's: those to which one of these applies. */
  readonly reaches: readonly { readonly name: string; readonly statement: Statement }[];
  /** Requests that reach nothing but what is the tenant's own. */
  readonly own: readonly Statement[];
  /** Requests that reach what is declared shared. */
  readonly shared: readonly { readonly why: string; readonly statement: Statement }[];
}

/** The claims of a declaration. Throws `Undecided` for a thing that is owned and by which no tenant is told. */
export function readClaims({ owned, shared }: Ownership, resources: Resources): Claims {
  const texts = (text: string) => resolveResources(text, resources);
  return {
    reaches: owned.flatMap((each) =>
      reachesOf(each, texts).map((statement) => ({ name: each.name, statement })),
    ),
    own: merged(owned).map(({ resource, actions, by }) =>
      statementOf(texts(resource), actions, by && ownValues(by), OWN),
    ),
    shared: shared.map(({ resource, actions, by, why }) => ({
      why,
      statement: statementOf(texts(resource), actions, by && ownValues(by), OWN),
    })),
  };
}

const OWN = asPolicyVariable(TENANT_ID_PLACEHOLDER);
const OTHERS = asPolicyVariable(OTHER);
const PLACEHOLDER = `{{${TENANT_ID_PLACEHOLDER}}}`;

/** Declarations about one key of one resource as one: a batch may hold values of each. */
function merged(owned: readonly Owned[]): readonly Owned[] {
  const groups = Map.groupBy(owned, ({ resource, actions, by }) =>
    JSON.stringify([resource, actions, by?.key.toLowerCase()]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first, ...more] = group;
    if (first?.by === undefined || more.length === 0) return group;
    return [{ ...first, by: { ...first.by, value: group.flatMap(({ by }) => listed(by?.value ?? [])) } }];
  });
}

function ownValues({ key, value }: Pick<OwnedBy, 'key' | 'value'>): object {
  return { 'ForAllValues:StringLike': { [key]: value }, Null: { [key]: 'false' } };
}

function reachesOf(
  { name, resource, actions, by }: Owned,
  texts: (text: string) => string,
): readonly Statement[] {
  if (!listed(by?.value ?? resource).every((text) => text.includes(PLACEHOLDER))) {
    throw new Undecided(`whose ${name} are: the declaration does not name ${PLACEHOLDER}`);
  }
  if (by === undefined) return [statementOf(texts(resource), actions, undefined, OTHERS)];
  const { key, value, reach = 'equal' } = by;
  const without = (condition: object) => statementOf(texts(resource), actions, condition, OTHERS);
  const some = without({ 'ForAnyValue:StringLike': { [key]: value } });
  return [
    without({ Null: { [key]: 'true' } }),
    reach === 'listing' ? withBeginnings(some, listed(value)) : some,
  ];
}

/** An Allow, so that a declared wildcard reaches as far as one that a policy allows by. */
function statementOf(
  resource: string,
  actions: readonly string[] = ['*'],
  condition: object | undefined,
  tenant: string,
): Statement {
  const fill = <Shape>(shape: Shape): Shape =>
    JSON.parse(JSON.stringify(shape).replaceAll(PLACEHOLDER, () => tenant));
  const Statement = {
    Effect: 'Allow',
    Action: actions,
    Resource: fill(resource),
    ...(condition && { Condition: fill(condition) }),
  };
  const [statement] = parsePolicy({ Version: '2012-10-17', Statement }, 'ownership').statements;
  if (statement === undefined) throw new Undecided('a declaration of ownership without a statement');
  return statement;
}

/** A list by prefix shows what begins with it: the prefix may be shorter than what is listed, or longer. */
function withBeginnings(statement: Statement, written: readonly string[]): Statement {
  const grammar = { variables: true, wildcards: true, where: 'ownership' };
  const values = written.flatMap((value) => {
    const whole = parseTemplate(value.replaceAll(PLACEHOLDER, OTHERS), grammar);
    return [...beginningsOf(whole), [...whole, { kind: 'any' }] satisfies Template];
  });
  return {
    ...statement,
    conditions: statement.conditions.map((condition) =>
      condition.comparison.family === 'string'
        ? { ...condition, comparison: { ...condition.comparison, values } }
        : condition,
    ),
  };
}

function beginningsOf(whole: Template): readonly Template[] {
  const found: Template[] = [];
  for (const [index, piece] of whole.entries()) {
    const before = whole.slice(0, index);
    if (piece.kind === 'any' || piece.kind === 'one') break;
    if (piece.kind === 'variable') {
      const [beginning] = parseTemplate(asPolicyVariable(OTHER_BEGINNING), {
        variables: true,
        wildcards: false,
        where: 'ownership',
      });
      if (beginning !== undefined) found.push([...before, beginning]);
      continue;
    }
    for (let length = 1; length <= piece.text.length; length += 1) {
      found.push([...before, { kind: 'literal', text: piece.text.slice(0, length) }]);
    }
  }
  return found;
}
