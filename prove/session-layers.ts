import { listed } from '../functions/core/profile/policy-document.ts';
import { renderTemplate, type Template } from '../functions/core/profile/template.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { Policy, Selection, Statement } from '../policy/policy.ts';
import { checkIdentityBased } from '../policy/policy-kind.ts';
import type { Template as PolicyTemplate } from '../policy/variables.ts';
import type { ProvableProfile, ProveInput } from './proof.ts';
import { asPolicyVariable } from './symbols.ts';
import { Undecided } from './undecided.ts';

/** Every policy that bears on a session; each layer must allow, and none deny. */
export interface Layers {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[] | undefined;
  /** Inline and managed ones, placeholders as policy variables; undefined where STS is asked without. */
  readonly session: readonly Policy[] | undefined;
}

/** One action on one resource of one Allow statement of a session policy, or, without one, of the role's own. */
export interface Row {
  readonly policy: string;
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
}

/** What reports call the inline policy of a session. */
export const SESSION_POLICY = 'session policy';

/** The layers of a profile's sessions. Throws `Undecided` for a managed policy whose document nobody gave, `PolicyError` for one that cannot be read. */
export function readLayers({ profile, role, managedPolicies = {} }: ProveInput): Layers {
  const layers = {
    identity: Object.entries(role.identityPolicies).map(([name, document]) => parsePolicy(document, name)),
    boundary: role.boundary === undefined ? undefined : [parsePolicy(role.boundary, 'permissions boundary')],
    session: readSession(profile, managedPolicies),
  };
  for (const policy of policiesOf(layers)) checkIdentityBased(policy);
  return layers;
}

/** The policies of all layers. */
export function policiesOf({ identity, boundary = [], session = [] }: Layers): readonly Policy[] {
  return [...identity, ...boundary, ...session];
}

function readSession(
  profile: ProvableProfile,
  managedPolicies: Readonly<Record<string, unknown>>,
): Layers['session'] {
  const { policy } = profile;
  if (policy === undefined) return undefined;
  const managed = profile.policyArns.map((arn) => {
    if (!Object.hasOwn(managedPolicies, arn)) {
      throw new Undecided(`what ${arn} opens: give its document, or take it out of policyArns`);
    }
    return parsePolicy(managedPolicies[arn], arn);
  });
  const inline = parsePolicy(
    sessionDocument(policy, (template) => renderTemplate(template, asVariables(template), (value) => value)),
    SESSION_POLICY,
  );
  return [inline, ...managed];
}

/** The profile's session policy as a document, each text made by `render`. */
export function sessionDocument(
  { statements }: NonNullable<ProvableProfile['policy']>,
  render: (template: Template) => string,
): { readonly Version: '2012-10-17'; readonly Statement: readonly object[] } {
  const Statement = statements.map(({ fixed, resources, conditions }) => {
    const Condition: Record<string, Record<string, readonly string[]>> = {};
    for (const { operator, key, values } of conditions)
      Condition[operator] = { ...Condition[operator], [key]: values.map(render) };
    return {
      ...fixed,
      Resource: resources.map(render),
      ...(conditions.length === 0 ? {} : { Condition }),
    };
  });
  return { Version: '2012-10-17', Statement };
}

/** The rows of every Allow of the session, in the order in which they are written. */
export function rowsOf(
  { identity, session }: Layers,
  { policy: inline }: Pick<ProvableProfile, 'policy'>,
): readonly Row[] {
  return (session ?? identity).flatMap((policy, at) =>
    policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((statement) => {
        const written = at === 0 ? inline?.statements[statement.index] : undefined;
        const actions = written && listed(written.fixed.Action);
        const resources = written?.resources.map(asWritten);
        // Made once for all actions: what is found of a resource is remembered by it.
        const targets = split(statement.resources ?? EVERYTHING, resources);
        return split(statement.actions, actions).flatMap(([action, actionName]) =>
          targets.map(([resource, resourceName]) => ({
            policy: policy.name,
            statement: { ...statement, actions: action, resources: resource },
            action: actionName,
            resource: resourceName,
          })),
        );
      }),
  );
}

const EVERYTHING: Selection<PolicyTemplate> = { mode: 'only', entries: [[{ kind: 'any' }]] };

function split(
  selection: Selection<PolicyTemplate>,
  written: readonly string[] | undefined,
): readonly (readonly [Selection<PolicyTemplate>, string])[] {
  const { mode, entries } = selection;
  if (mode === 'allExcept') return [[selection, `all but ${entries.map(show).join(', ')}`]];
  return entries.map((entry, index) => [{ mode, entries: [entry] }, written?.[index] ?? show(entry)]);
}

function show(template: PolicyTemplate): string {
  const shown = { any: '*', one: '?' };
  return template
    .map((piece) => {
      if (piece.kind === 'literal') return piece.text.replaceAll(/[*?$]/g, (special) => `\${${special}}`);
      return piece.kind === 'variable' ? `\${${piece.key}}` : shown[piece.kind];
    })
    .join('');
}

function asWritten(template: Template): string {
  return template.map((piece) => (typeof piece === 'string' ? piece : `{{${piece.placeholder}}}`)).join('');
}

function asVariables(template: Template): ReadonlyMap<string, string> {
  const names = template.flatMap((piece) => (typeof piece === 'string' ? [] : piece.placeholder));
  return new Map(names.map((name) => [name, asPolicyVariable(name)]));
}
