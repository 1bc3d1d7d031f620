import { listed } from '../profile/policy-document.ts';
import { instancesOf, isMeant, meet, type Pattern, parsePattern } from './pattern.ts';
import type { JudgedRequest } from './preview-judge.ts';
import { type ConditionFacts, deriveContexts, type Keyed } from './probe-contexts.ts';

/** As much of a statement as probes are derived from; one in another form (NotAction …) concerns everything. */
export interface ProbedStatement {
  readonly Action?: string | readonly string[] | undefined;
  readonly Resource?: string | readonly string[] | undefined;
  readonly Condition?: ConditionFacts | undefined;
}

/** What probes are derived from. */
export interface ProbeSources {
  /** The statements of both session policies, as rendered for the tenant. */
  readonly own: readonly ProbedStatement[];
  /** The very same, in the same order, as rendered for a tenant that there is not. */
  readonly foreign: readonly ProbedStatement[];
  /** Those of the role's own policy, the session's tags in place; empty where it is not known. */
  readonly role: readonly ProbedStatement[];
  /** Condition keys, in lower case, that no request has a say in. */
  readonly fixedKeys: ReadonlySet<string>;
}

/** Concrete requests; `complete` is false when there were more than can be tried at once. */
export interface Probes {
  readonly probes: readonly JudgedRequest[];
  readonly complete: boolean;
}

const PROBES_MAX = 5000;
const PATTERNS_MAX = 60;
const TEXTS_MAX = 300;
const ACTION = /^[a-z\d-]+:[a-z\d]+$/i;
const ARN = /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/;

/**
 * Requests at the corners of both policies: each action pattern and each resource pattern, of the tenant's own and of a
 * foreign one, with something and with nothing for each `*`, and where two patterns meet; each with the condition keys
 * that the statements about it ask for, absent, as listed, and otherwise. Examples, and no proof.
 */
export function deriveProbes({ own, foreign, role, fixedKeys }: ProbeSources): Probes {
  const { pairs, complete: allPairs } = pairsOf([...own, ...foreign]);
  const ofSessions = own.map((statement, index) =>
    readStatement(statement, [statement.Condition, foreign[index]?.Condition]),
  );
  const ofRole = role.map((statement) => readStatement(statement, [statement.Condition]));
  const probes: JudgedRequest[] = [];
  let complete = allPairs;
  for (const [action, resource] of pairs) {
    const areConcerned = (statements: readonly ReadStatement[]) =>
      statements.filter((statement) => concerns(statement, action, resource));
    const concerned = areConcerned(ofSessions);
    // What no statement of a session is about is denied by both.
    if (concerned.length === 0) continue;
    const contexts = deriveContexts([...concerned, ...areConcerned(ofRole)], fixedKeys);
    complete &&= contexts.complete && probes.length + contexts.found.length <= PROBES_MAX;
    for (const { context, absentKeys } of contexts.found)
      probes.push({ action, resource, context, absentKeys });
    if (probes.length >= PROBES_MAX) break;
  }
  return { probes: probes.slice(0, PROBES_MAX), complete };
}

/** Every action that there is a pattern for, on every resource. */
function pairsOf(statements: readonly ProbedStatement[]) {
  const actions = textsOf(
    statements.flatMap(({ Action = [] }) => listed(Action)),
    { fold: true, form: ACTION },
  );
  const resources = textsOf(
    statements.flatMap(({ Resource = [] }) => listed(Resource)),
    { fold: false, form: ARN },
  );
  const services = unique(actions.found.map((action) => action.split(':', 1)[0] ?? ''));
  const anyAction = actions.hasStar ? [...services, 'iam'].map((service) => `${service}:Sample`) : [];
  const anyResource = resources.hasStar
    ? ['*', ...services.map((service) => `arn:aws:${service}:::Sample`)]
    : [];
  const allResources = unique([...resources.found, ...anyResource]);
  return {
    pairs: unique([...actions.found, ...anyAction]).flatMap((action) =>
      allResources.map((resource) => [action, resource] as const),
    ),
    complete: actions.complete && resources.complete,
  };
}

interface ReadStatement extends Keyed {
  readonly actions: readonly Pattern[] | undefined;
  readonly resources: readonly Pattern[] | undefined;
}

function readStatement(
  { Action, Resource }: ProbedStatement,
  conditions: Keyed['conditions'],
): ReadStatement {
  return {
    actions: Action === undefined ? undefined : listed(Action).map(parsePattern),
    resources: Resource === undefined ? undefined : listed(Resource).map(parsePattern),
    conditions,
  };
}

function concerns({ actions, resources }: ReadStatement, action: string, resource: string): boolean {
  return (
    (actions?.some((pattern) => isMeant(pattern, action, true)) ?? true) &&
    (resources?.some((pattern) => isMeant(pattern, resource)) ?? true)
  );
}

/** Texts of a form that the patterns mean, one by one and by twos. */
function textsOf(
  patterns: readonly string[],
  { fold, form }: { readonly fold: boolean; readonly form: RegExp },
) {
  const distinct = unique(patterns);
  const read = distinct.filter((text) => text !== '*').map(parsePattern);
  const wild = read.filter((pattern) => pattern.some(({ character }) => character === undefined));
  const crossed = wild.slice(0, PATTERNS_MAX);
  const met = crossed.flatMap((one, index) =>
    crossed.slice(index + 1).map((other) => meet(one, other, fold)),
  );
  const all = [...read.flatMap(instancesOf), ...met.filter((text) => text !== undefined)];
  const found = unique(all.filter((text) => form.test(text)));
  return {
    found: found.slice(0, TEXTS_MAX),
    hasStar: distinct.includes('*'),
    complete: wild.length <= PATTERNS_MAX && found.length <= TEXTS_MAX,
  };
}

function unique(all: readonly string[]): readonly string[] {
  return [...new Set(all)];
}
