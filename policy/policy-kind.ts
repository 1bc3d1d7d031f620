import type { Policy } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** Throws a PolicyError unless every statement fits an identity-based or session policy: a Resource, and no Principal. */
export function checkIdentityBased({ name, statements }: Policy): void {
  for (const { label, principals, resources } of statements) {
    if (principals !== undefined || resources === undefined) {
      throw new PolicyError({
        what: name,
        got: label,
        expected: 'a statement with a Resource and without a Principal',
      });
    }
  }
}

/** Throws a PolicyError unless every statement fits a resource-based policy: it names its principals. */
export function checkResourceBased({ name, statements }: Policy): void {
  for (const { label, principals } of statements) {
    if (principals === undefined)
      throw new PolicyError({ what: name, got: label, expected: 'a statement with a Principal' });
  }
}

/** Throws a PolicyError unless every statement fits a role's trust policy: principals, and no Resource but the role. */
export function checkTrustPolicy(policy: Policy): void {
  checkResourceBased(policy);
  for (const { label, principals, resources } of policy.statements) {
    if (principals?.mode !== 'only' || resources !== undefined) {
      throw new PolicyError({
        what: policy.name,
        got: label,
        expected: 'a statement with a Principal and without a Resource',
      });
    }
  }
}
