import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { evaluateResourcePolicy, evaluateSession } from '../../../policy/evaluate.ts';
import { PolicyError } from '../../../policy/policy-error.ts';
import { AwsError } from '../aws-error.ts';
import { type LocalRole, policiesOf } from '../roles.ts';
import type { Session } from '../session.ts';

/** A caller, the role that it wants, and what the request's context says. */
export interface RoleRequest {
  readonly caller: Session;
  readonly roleArn: string;
  /** Undefined when there is no such role, which the caller must not learn. */
  readonly role: LocalRole | undefined;
  readonly facts: ContextFacts;
  /** Told why in one line, since the caller hears only that. */
  readonly log: (message: string) => void;
}

/** The permissions that a session with a name, tags or a source identity takes. */
export type RoleAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity';

/**
 * Gives the role when both its trust policy and the caller's own policies allow the action; throws AccessDenied, as AWS words
 * it, when one of them does not or there is no such role. Stricter than AWS in one case: within an account, a trust policy
 * that names the caller's role or session, and not just the account, would do alone. What a stack needs across accounts it
 * should need here as well (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 */
export function permit(action: RoleAction, request: RoleRequest): LocalRole {
  const { caller, roleArn, role, log } = request;
  const reason = role === undefined ? 'there is no such role' : findRefusal(action, role, request);
  if (role !== undefined && reason === undefined) return role;
  const refusal = `User: ${caller.assumedRoleArn} is not authorized to perform: ${action} on resource: ${roleArn}`;
  log(`${refusal}: ${reason}`);
  throw new AwsError('AccessDenied', 403, refusal);
}

function findRefusal(
  action: RoleAction,
  role: LocalRole,
  { caller, facts }: RoleRequest,
): string | undefined {
  try {
    const request = { action, resource: role.arn, context: createContext(facts) };
    const principal = {
      type: 'roleSession',
      roleArn: caller.roleArn,
      sessionArn: caller.assumedRoleArn,
    } as const;
    const { sessionPolicies } = caller;
    const identityPolicies = policiesOf(caller.role);
    const decisions = [
      evaluateResourcePolicy(role.trustPolicy, { ...request, principal }),
      evaluateSession({ identityPolicies, boundary: caller.role.boundary, sessionPolicies }, request),
    ];
    return decisions.find(({ effect }) => effect !== 'allowed')?.reason;
  } catch (error) {
    // What cannot be evaluated with certainty allows nothing.
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}
