import { VendingError } from '../functions/core/errors.ts';
import { createContext } from '../policy/context.ts';
import { type Decision, evaluatePolicies, evaluateSession, type PolicyRequest } from '../policy/evaluate.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { PolicyError } from '../policy/policy-error.ts';
import type { Template } from '../policy/variables.ts';
import type { Claims } from './claims.ts';
import { type ConcreteSession, renderSession, type SessionValues } from './concrete-session.ts';
import type { ProvableProfile, RolePolicies } from './proof.ts';
import { type Layers, policiesOf } from './session-layers.ts';

/** A request in a session, every value written out. */
export interface ConcreteRequest {
  readonly session: SessionValues;
  readonly action: string;
  readonly resource: string;
  /** By name in lower case; undefined says absent. */
  readonly keys: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Policy variables of the declaration's own: `latchkey:other.id`. */
  readonly claimed: Readonly<Record<string, string | undefined>>;
}

/** Which claim a request must bear out: that it reaches another tenant's, or that nobody declared what it reaches. */
export type Suspicion = { readonly reaches: Statement } | { readonly undeclared: true };

/** What is looked at. */
export interface Case {
  readonly profile: ProvableProfile;
  readonly role: RolePolicies;
  readonly layers: Layers;
  readonly claims: Claims;
}

/**
 * The evaluator's decision, if it allows the request and the request is what it is suspected of; undefined if not, or if
 * nothing would be vended for such values.
 */
export function confirm(
  { profile, role, layers, claims }: Case,
  request: ConcreteRequest,
  suspicion: Suspicion,
): Decision | undefined {
  try {
    const session = renderSession(profile, role, layers, request.session);
    const asked = asRequest(session, layers, request);
    const decision = evaluateSession(
      {
        identityPolicies: session.layers.identity,
        boundary: session.layers.boundary?.[0],
        sessionPolicies: session.layers.session,
      },
      asked,
    );
    const applies = (statement: Statement) => appliesTo(statement, asked);
    const isSo =
      'reaches' in suspicion
        ? applies(suspicion.reaches)
        : ![...claims.own, ...claims.shared.map(({ statement }) => statement)].some(applies);
    return decision.effect === 'allowed' && isSo ? decision : undefined;
  } catch (cause) {
    if (cause instanceof PolicyError || cause instanceof VendingError) return undefined;
    throw cause;
  }
}

/** Keys, in lower case, that some condition or variable of the policies asks for. */
export function keysAskedBy(layers: Layers): ReadonlySet<string> {
  const statements = policiesOf(layers).flatMap((policy) => policy.statements);
  const keys = statements.flatMap(({ resources, conditions }) => [
    ...conditions.map(({ key }) => key),
    ...[
      ...(resources?.entries ?? []),
      ...conditions.flatMap(({ comparison }) =>
        comparison.family === 'string' || comparison.family === 'arn' ? comparison.values : [],
      ),
    ].flatMap(keysIn),
  ]);
  return new Set(keys.map((key) => key.toLowerCase()));
}

function keysIn(template: Template): readonly string[] {
  return template.flatMap((piece) => (piece.kind === 'variable' ? piece.key : []));
}

function asRequest(session: ConcreteSession, layers: Layers, request: ConcreteRequest): PolicyRequest {
  const tags = Object.keys(session.principalTags).map((key) => key.toLowerCase());
  const known = new Set([...tags, ...Object.keys(request.keys), ...Object.keys(request.claimed)]);
  const absent = [...keysAskedBy(layers)].filter((key) => !known.has(key));
  const own = Object.entries(request.keys).filter(([key]) => !tags.includes(key));
  return {
    action: request.action,
    resource: request.resource,
    context: createContext({
      values: { ...session.principalTags, ...Object.fromEntries(own), ...request.claimed },
      absent: [...absent.filter((key) => !key.startsWith('aws:principaltag/')), 'aws:PrincipalTag/*'],
    }),
  };
}

/** Whether all elements of a statement match, whatever its effect. */
function appliesTo(statement: Statement, request: PolicyRequest): boolean {
  const policy: Policy = { name: 'ownership', version: '2012-10-17', statements: [statement] };
  return evaluatePolicies([policy], request).effect !== 'implicitlyDenied';
}
