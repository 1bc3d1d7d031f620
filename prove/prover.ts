import type { Profile } from '../functions/core/profile/profile.ts';
import type { Resources } from '../functions/core/profile/resources.ts';
import type { Ownership } from './ownership.ts';
import { type DeployedRoles, proveDeployed } from './prove-deployed.ts';
import { renderProof } from './render-proof.ts';

/** Over what profiles are proved. */
export interface ProverOptions {
  /** What the tenant role permits, as a policy document; undefined: not known, and taken to be everything. */
  readonly tenantRolePolicy: unknown;
  /** The same of the role for tokens and assertions; left out, what the tenant role permits. */
  readonly federatedRolePolicy?: unknown;
  readonly ownership: Ownership;
  /** Documents of managed policies by ARN. */
  readonly managedPolicies: Readonly<Record<string, unknown>>;
  readonly resources: Resources;
}

/**
 * Why a profile cannot be shown to keep every pair of tenants apart, as text for people; undefined when it can. A profile whose bounds
 * ride in what the caller brings is shown to by its role alone as well, and one of the tenants' IAM users by what those may.
 */
export type Prover = (profile: Profile) => string | undefined;

/** The prover for profiles that are written after the deployment, or are about to be deployed. */
export function createProver({
  tenantRolePolicy,
  federatedRolePolicy = tenantRolePolicy,
  ...over
}: ProverOptions): Prover {
  const roles: DeployedRoles = {
    tenantRole: asRole('the tenant role', tenantRolePolicy),
    federatedRole: asRole('the federated role', federatedRolePolicy),
  };
  return (profile) => {
    const failed = proveDeployed(profile, roles, over).find(({ passed }) => !passed);
    return failed && renderProof(failed).trimEnd();
  };
}

function asRole(name: string, policy: unknown): DeployedRoles['tenantRole'] {
  return policy === undefined ? undefined : { identityPolicies: { [name]: policy } };
}
