import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { type Decision, evaluateResourcePolicy, evaluateSession } from '../../../policy/evaluate.ts';
import { PolicyError } from '../../../policy/policy-error.ts';
import type { RequestPrincipal } from '../../../policy/principals.ts';
import type { AwsError } from '../aws-error.ts';
import { type LocalRole, policiesOf } from '../roles.ts';
import type { Session } from '../session.ts';
import { accessDenied } from './errors.ts';

/** A role that is wanted, and what the request's context says. */
export interface RoleRequest {
  readonly roleArn: string;
  /** Undefined when there is no such role, which the caller must not learn. */
  readonly role: LocalRole | undefined;
  readonly facts: ContextFacts;
  /** Told why in one line, since the caller hears only that. */
  readonly log: (message: string) => void;
}

/** The permissions that a session with a name, tags, a source identity or a context takes. */
export type RoleAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity' | 'sts:SetContext';

/** The same for whoever shows what an identity provider signed. */
export type FederatedAction =
  | 'sts:AssumeRoleWithWebIdentity'
  | 'sts:AssumeRoleWithSAML'
  | Exclude<RoleAction, 'sts:AssumeRole' | 'sts:SetContext'>;

/**
 * Gives the role when both its trust policy and the caller's own policies allow the action; throws AccessDenied, as AWS words
 * it, when one of them does not or there is no such role. Stricter than AWS in one case: within an account, a trust policy
 * that names the caller's role or session, and not just the account, would do alone. What a stack needs across accounts it
 * should need here as well (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 */
export function permit(
  action: RoleAction,
  { caller, ...request }: RoleRequest & { readonly caller: Session },
): LocalRole {
  const { facts, role, roleArn, log } = request;
  const reason =
    findTrustRefusal(action, principalOf(caller), request) ??
    findRefusal(() => evaluateCaller(caller, action, roleArn, facts));
  if (role !== undefined && reason === undefined) return role;
  throw refuse(unauthorized(caller, action, roleArn), reason, log);
}

/**
 * Gives the role when its trust policy allows the action to whoever an identity provider vouches for: nobody has policies of
 * their own then (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). Throws AccessDenied else.
 */
export function permitFederated(
  action: FederatedAction,
  { provider, ...request }: RoleRequest & { readonly provider: string },
): LocalRole {
  const reason = findTrustRefusal(action, { type: 'federated', provider }, request);
  if (request.role !== undefined && reason === undefined) return request.role;
  throw refuse(`Not authorized to perform ${action}`, reason, request.log);
}

function findTrustRefusal(
  action: string,
  principal: RequestPrincipal,
  { role, facts }: RoleRequest,
): string | undefined {
  if (role === undefined) return 'there is no such role';
  return findRefusal(() =>
    evaluateResourcePolicy(role.trustPolicy, {
      action,
      resource: role.arn,
      context: createContext(facts),
      principal,
    }),
  );
}

function evaluateCaller(caller: Session, action: string, resource: string, facts: ContextFacts): Decision {
  const { entity, sessionPolicies } = caller;
  const policies = { identityPolicies: policiesOf(entity), boundary: entity.boundary, sessionPolicies };
  return evaluateSession(policies, { action, resource, context: createContext(facts) });
}

/** What cannot be evaluated with certainty allows nothing. */
function findRefusal(evaluate: () => Decision): string | undefined {
  try {
    const { effect, reason } = evaluate();
    return effect === 'allowed' ? undefined : reason;
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}

/** As a trust policy names them: a user's temporary credentials are the user's. */
function principalOf({ kind, entityArn, arn }: Session): RequestPrincipal {
  switch (kind) {
    case 'assumedRole':
      return { type: 'roleSession', roleArn: entityArn, sessionArn: arn };
    case 'federatedUser':
      return { type: 'federatedUser', userArn: entityArn, sessionArn: arn };
    case 'user':
    case 'userSession':
      return { type: 'user', arn: entityArn };
  }
}

function unauthorized({ arn }: Session, action: string, resource: string): string {
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`;
}

function refuse(refusal: string, reason: string | undefined, log: RoleRequest['log']): AwsError {
  log(`${refusal}: ${reason}`);
  return accessDenied(refusal);
}
