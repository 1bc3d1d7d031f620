import { type Explanation, renderExplanation } from './explanation.ts';
import { conclude, type Judgement, judge } from './judgement.ts';
import type { Policy } from './policy.ts';
import { checkIdentityBased, checkResourceBased, type PolicyKind } from './policy-kind.ts';
import type { RequestPrincipal } from './principals.ts';
import { checkRequest, type PolicyRequest } from './request.ts';

export type { PolicyRequest } from './request.ts';

/** What policies say to a request, by which statement, and why. */
export interface Decision {
  readonly effect: Explanation['effect'];
  /** The kind of policy that decided; of several that had to allow, the first that did not. */
  readonly kind: PolicyKind;
  readonly explanation: Explanation;
  /** The explanation in one sentence, for a log. */
  readonly reason: string;
}

/** What bounds whoever holds a role session or is a user. */
export interface SessionPolicies {
  readonly identityPolicies: readonly Policy[];
  /** The role's or user's permissions boundary; undefined when there is none. */
  readonly boundary?: Policy | undefined;
  /** Inline and managed ones together. Undefined when none were passed; an empty list allows nothing. */
  readonly sessionPolicies: readonly Policy[] | undefined;
}

/**
 * Decides by one set of identity-based policies: an explicit Deny wins, then an Allow, else the denial is implicit
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). Throws a PolicyError when a
 * statement that concerns the request cannot be decided with certainty.
 */
export function evaluatePolicies(policies: readonly Policy[], request: PolicyRequest): Decision {
  return evaluateSession({ identityPolicies: policies, sessionPolicies: undefined }, request);
}

/**
 * Decides for a role session without a resource-based policy: what the role's policies, its permissions boundary and the
 * session policies all allow (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
 */
export function evaluateSession(policies: SessionPolicies, request: PolicyRequest): Decision {
  checkRequest(request);
  const { identity, limits } = judgeSession(policies, request);
  const all = [identity, ...limits];
  return asDecision(conclude(all, all));
}

/** What each kind of policy of a session says. */
export function judgeSession(
  { identityPolicies, boundary, sessionPolicies }: SessionPolicies,
  request: PolicyRequest,
): { readonly identity: Judgement; readonly limits: readonly Judgement[] } {
  const judgeKind = (kind: PolicyKind, policies: readonly Policy[]) => {
    policies.forEach(checkIdentityBased);
    return judge(policies, request, { kind });
  };
  return {
    identity: judgeKind('identity', identityPolicies),
    limits: [
      ...(boundary === undefined ? [] : [judgeKind('boundary', [boundary])]),
      ...(sessionPolicies === undefined ? [] : [judgeKind('session', sessionPolicies)]),
    ],
  };
}

/** Decides by one resource-based policy alone, as a role's trust policy; who else must agree `evaluateAccess` knows. */
export function evaluateResourcePolicy(
  policy: Policy,
  { principal, ...request }: PolicyRequest & { readonly principal: RequestPrincipal },
): Decision {
  checkRequest(request);
  checkResourceBased(policy);
  const judgement = judge([policy], request, { kind: 'resource' }, { principal, hasBoundary: false });
  return asDecision(conclude([judgement], [judgement]));
}

/** Gives an explanation its short form. */
export function asDecision(explanation: Explanation): Decision {
  const decisive = explanation.effect === 'implicitlyDenied' ? explanation.missing[0] : explanation.by[0];
  return {
    effect: explanation.effect,
    kind: decisive.kind,
    explanation,
    reason: renderExplanation(explanation),
  };
}
