import type { Policy, Statement } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** What a policy is to a request (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html). */
export type PolicyKind =
  | 'serviceControl'
  | 'resourceControl'
  | 'resource'
  | 'identity'
  | 'boundary'
  | 'session';

/** Throws a PolicyError unless every statement fits an identity-based or session policy or a boundary: a Resource, and no Principal. */
export function checkIdentityBased(policy: Policy): void {
  checkStatements(
    policy,
    'a statement with a Resource and without a Principal',
    ({ principals, resources }) => principals === undefined && resources !== undefined,
  );
}

/**
 * Throws a PolicyError unless a policy fits as a service control policy: IAM's whole language since September 2025, with a
 * Version (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html).
 */
export function checkServiceControl(policy: Policy): void {
  checkVersion(policy);
  checkIdentityBased(policy);
}

/** Throws a PolicyError unless every statement fits a resource-based policy: it names its principals. */
export function checkResourceBased(policy: Policy): void {
  checkStatements(policy, 'a statement with a Principal', ({ principals }) => principals !== undefined);
}

/** Throws a PolicyError unless every statement fits a role's trust policy: principals, and no Resource but the role. */
export function checkTrustPolicy(policy: Policy): void {
  checkStatements(
    policy,
    'a statement with a Principal and without a Resource',
    ({ principals, resources }) => principals?.mode === 'only' && resources === undefined,
  );
}

/**
 * Throws a PolicyError unless every statement fits a resource control policy that a customer writes: it denies to Principal
 * `*`, without NotAction. AWS's own RCPFullAWSAccess, the only one that allows, cannot be detached and so is never given
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
 */
export function checkResourceControl(policy: Policy): void {
  checkVersion(policy);
  checkStatements(
    policy,
    'a Deny with Principal "*", an Action and a Resource or NotResource',
    ({ effect, principals, actions, resources }) =>
      effect === 'Deny' &&
      principals?.mode === 'only' &&
      principals.entries.every(({ type }) => type === 'everyone') &&
      actions.mode === 'only' &&
      resources !== undefined,
  );
}

function checkVersion({ name, version }: Policy): void {
  if (version !== '2012-10-17') throw new PolicyError({ what: name, got: version, expected: '2012-10-17' });
}

function checkStatements(policy: Policy, expected: string, fits: (statement: Statement) => boolean): void {
  for (const statement of policy.statements) {
    if (!fits(statement)) throw new PolicyError({ what: policy.name, got: statement.label, expected });
  }
}
