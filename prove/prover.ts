import type { Profile } from '../functions/core/profile/profile.ts';
import type { Resources } from '../functions/core/profile/resources.ts';
import type { Ownership } from './ownership.ts';
import { proveProfile } from './prove-profile.ts';
import { renderProof } from './render-proof.ts';

/** Over what profiles are proved. */
export interface ProverOptions {
  /** What the tenant role permits, as a policy document; undefined: not known, and taken to be everything. */
  readonly tenantRolePolicy: unknown;
  readonly ownership: Ownership;
  /** Documents of managed policies by ARN. */
  readonly managedPolicies: Readonly<Record<string, unknown>>;
  readonly resources: Resources;
}

/** Why a profile cannot be shown to keep every pair of tenants apart, as text for people; undefined when it can. */
export type Prover = (profile: Profile) => string | undefined;

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** The prover for profiles that are written after the deployment, or are about to be deployed. */
export function createProver({ tenantRolePolicy = EVERYTHING, ...over }: ProverOptions): Prover {
  const role = { identityPolicies: { 'the tenant role': tenantRolePolicy } };
  return (profile) => {
    const proof = proveProfile({ ...over, profile, role });
    return proof.passed ? undefined : renderProof(proof).trimEnd();
  };
}
