import { entriesOf, listOf, stringsOf } from './document.ts';
import { parseConditions } from './parse-condition.ts';
import type { Policy, PolicyVersion, Selection, Statement } from './policy.ts';
import { PolicyError } from './policy-error.ts';
import { type PrincipalEntry, parsePrincipal } from './principals.ts';
import { parseTemplate, type Template } from './variables.ts';

type Elements = ReadonlyMap<string, unknown>;

const POLICY_ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/**
 * Reads a policy document of any kind (identity-based, session, resource-based, trust), already out of JSON, by IAM's grammar
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Throws a PolicyError that names the
 * place on anything that is malformed, unknown, or documented without a meaning.
 */
export function parsePolicy(document: unknown, name: string): Policy {
  const elements = elementsOf(document, POLICY_ELEMENTS, name);
  const version = parseVersion(elements.get('Version'), name);
  const statements = listOf(elements.get('Statement'), `${name}: Statement`).map((statement, index) =>
    parseStatement(statement, version, name, index),
  );
  const labels = new Set(statements.map(({ label }) => label));
  if (labels.size < statements.length) {
    throw new PolicyError({
      what: `${name}: Sid`,
      got: statements.map(({ label }) => label),
      expected: 'each Sid once',
    });
  }
  return { name, version, statements };
}

function parseVersion(version: unknown, where: string): PolicyVersion {
  if (version === undefined) return '2008-10-17';
  if (version === '2012-10-17' || version === '2008-10-17') return version;
  throw new PolicyError({ what: `${where}: Version`, got: version, expected: '2012-10-17 or 2008-10-17' });
}

function parseStatement(statement: unknown, version: PolicyVersion, name: string, index: number): Statement {
  const place = `${name}: Statement[${index}]`;
  const elements = elementsOf(statement, STATEMENT_ELEMENTS, place);
  const effect = parseEffect(elements.get('Effect'), place);
  const principals = select(elements, 'Principal', place, parsePrincipals);
  const actions = select(elements, 'Action', place, parseActions);
  const resources = select(elements, 'Resource', place, (element, where) =>
    parseResources(element, version, where),
  );
  const condition = elements.get('Condition');
  if (actions === undefined) {
    throw new PolicyError({ what: place, got: [...elements.keys()], expected: 'Action or NotAction' });
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html: not supported.
  if (effect === 'Allow' && principals?.mode === 'allExcept') {
    throw new PolicyError({ what: place, got: 'NotPrincipal', expected: 'Principal in an Allow' });
  }
  // Only a trust policy needs no Resource: the role that it hangs on is meant.
  if (resources === undefined && principals === undefined) {
    throw new PolicyError({ what: place, got: [...elements.keys()], expected: 'Resource or NotResource' });
  }
  const sid = parseSid(elements.get('Sid'), place);
  return {
    label: sid ?? `Statement[${index}]`,
    index,
    sid,
    effect,
    principals,
    actions,
    resources,
    conditions: condition === undefined ? [] : parseConditions(condition, version, `${place}.Condition`),
  };
}

function elementsOf(element: unknown, known: ReadonlySet<string>, where: string): Elements {
  const elements = new Map(entriesOf(element, where));
  for (const key of elements.keys()) {
    if (!known.has(key))
      throw new PolicyError({ what: where, got: key, expected: `one of ${[...known].join(', ')}` });
  }
  return elements;
}

/** Reads an element or its Not form; undefined when the statement has neither. */
function select<Entry>(
  elements: Elements,
  name: 'Principal' | 'Action' | 'Resource',
  place: string,
  parse: (element: unknown, where: string) => readonly Entry[],
): Selection<Entry> | undefined {
  if (elements.has(name) && elements.has(`Not${name}`)) {
    throw new PolicyError({ what: place, got: [name, `Not${name}`], expected: 'one of the two' });
  }
  if (elements.has(name)) return { mode: 'only', entries: parse(elements.get(name), `${place}.${name}`) };
  if (!elements.has(`Not${name}`)) return undefined;
  return { mode: 'allExcept', entries: parse(elements.get(`Not${name}`), `${place}.Not${name}`) };
}

function parseSid(sid: unknown, where: string): string | undefined {
  if (sid === undefined || typeof sid === 'string') return sid;
  throw new PolicyError({ what: `${where}.Sid`, got: sid, expected: 'a string' });
}

function parseEffect(effect: unknown, where: string): Statement['effect'] {
  if (effect === 'Allow' || effect === 'Deny') return effect;
  throw new PolicyError({ what: `${where}.Effect`, got: effect, expected: 'Allow or Deny' });
}

function parsePrincipals(element: unknown, where: string): readonly PrincipalEntry[] {
  if (element === '*') return [{ type: 'everyone' }];
  return entriesOf(element, where).flatMap(([type, ids]) =>
    stringsOf(ids, where).map((id) => parsePrincipal(type, id, where)),
  );
}

function parseActions(element: unknown, where: string): readonly Template[] {
  return stringsOf(element, where).map((action) => {
    if (action !== '*' && !/^[a-z\d-]+:[a-z\d*?]+$/i.test(action)) {
      throw new PolicyError({
        what: where,
        got: action,
        expected: '* or service:action, without wildcards in the service',
      });
    }
    return parseTemplate(action.toLowerCase(), { variables: false, wildcards: true, where });
  });
}

function parseResources(element: unknown, version: PolicyVersion, where: string): readonly Template[] {
  const variables = version === '2012-10-17';
  return stringsOf(element, where).map((resource) => {
    if (resource !== '*') checkArnPattern(resource, variables, where);
    return parseTemplate(resource, { variables, wildcards: true, where });
  });
}

/**
 * What may stand in a Resource's first five segments
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html, …_variables.html).
 */
function checkArnPattern(resource: string, variables: boolean, where: string): void {
  const [arn, , service = '', ...more] = resource.split(':');
  if (arn !== 'arn' || (more.length < 3 && !resource.endsWith('*'))) {
    throw new PolicyError({ what: where, got: resource, expected: '* or an ARN' });
  }
  if (more.length > 0 && /[*?]/.test(service)) {
    throw new PolicyError({ what: where, got: resource, expected: 'no wildcard in the service segment' });
  }
  const beforeVariable = resource.split('${', 1)[0] ?? '';
  if (variables && beforeVariable !== resource && beforeVariable.split(':').length <= 5) {
    throw new PolicyError({
      what: where,
      got: resource,
      expected: 'no policy variable before the fifth colon',
    });
  }
}
