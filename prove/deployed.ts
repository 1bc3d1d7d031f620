import { RESOURCES, TENANT_ROLE_ARN } from '../local/account.ts';
import { ROLES } from '../local/roles.ts';
import { loadProfileDefinitions } from '../profiles/load.ts';
import { managedPolicies, ownership } from '../profiles/ownership.ts';
import type { ProveOptions } from './run-prove.ts';

/** The profiles of this repository over the tenant role: the local one, which a test holds equal to the deployed one. */
export async function loadDeployed(): Promise<ProveOptions> {
  const { policies = {}, boundary } = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN) ?? {};
  const tenantRole = { identityPolicies: policies, ...(boundary === undefined ? {} : { boundary }) };
  return {
    definitions: await loadProfileDefinitions(),
    tenantRole,
    // The role for tokens and assertions permits the very same.
    federatedRole: tenantRole,
    ownership,
    managedPolicies,
    resources: RESOURCES,
  };
}
