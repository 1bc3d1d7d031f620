import { VendingError } from '../../functions/core/errors.ts';
import { decideGrant } from '../../functions/core/grant/grant.ts';
import type { Profile } from '../../functions/core/profile/profile.ts';
import { isTenantId } from '../../functions/core/tenant-id.ts';
import { PolicyError } from '../../policy/policy-error.ts';
import { clock, sampleCaller, sampleTenant } from '../functions/core/sample.ts';
import type { Outcome } from './family.ts';
import { isAllowed, NEIGHBOURS, readPolicy } from './isolation.ts';
import { requestsIn } from './policy-requests.ts';

/** What a tenant's record and its caller put into a policy. */
export interface Chosen {
  readonly attribute: string;
  readonly folder: string;
}

/** What one tenant's session opens, no other's of the same profile does, whatever the first has chosen. */
export function assertApart(profile: Profile, chosen: Chosen): Outcome {
  const tenants = tenantsFor(profile);
  const usual = tenants.map((tenant) => policyOf(profile, tenant, { attribute: 'gold', folder: 'a/' }));
  const own = tenants.map((tenant) => policyOf(profile, tenant, chosen));
  for (const [at, other] of usual.entries()) {
    const asked =
      other === undefined
        ? []
        : requestsIn(other.text, tenants).filter((one) => isAllowed(other.policy, one));
    for (const [index, one] of own.entries()) {
      if (one === undefined || index === at) continue;
      const shared = asked.find((request) => isAllowed(one.policy, request));
      if (shared === undefined) continue;
      const both = `${tenants[index]} and ${tenants[at]} both open ${JSON.stringify(shared)}`;
      throw new Error(`forbidden: ${both}: ${one.text}`);
    }
  }
  return own.some((one) => one !== undefined) ? 'apart' : 'not rendered';
}

/** Names that begin like others, and those of whoever could be called as a word of the profile is. */
function tenantsFor({ policy }: Profile): readonly string[] {
  const words = policy.bounds.flatMap(({ prefixes }) =>
    prefixes.flatMap((prefix) => prefix.replace(/^arn(?::[^:]*){4}:/, '').match(/[a-z0-9-]+/g) ?? []),
  );
  return [...new Set([...NEIGHBOURS.slice(0, 3), ...words.toReversed().filter(isTenantId)])].slice(0, 5);
}

/** As it is rendered; undefined for what is refused, and for what AWS would not read. */
function policyOf(profile: Profile, tenantId: string, { attribute, folder }: Chosen) {
  const tenant = sampleTenant(
    {
      attributes: { plan: attribute.slice(0, 256) || 'none' },
      profiles: [profile.name],
      defaultProfile: profile.name,
    },
    { tenantId },
  );
  const asked = { profile: profile.name, ...(profile.scope.has('folder') ? { scope: { folder } } : {}) };
  const caller = sampleCaller({ scopes: new Set(profile.requiredScopes) });
  try {
    const { policy: text } = decideGrant(caller, tenant, profile, asked, clock);
    return { text, policy: readPolicy(text) };
  } catch (error) {
    if (error instanceof VendingError || error instanceof PolicyError) return undefined;
    throw error;
  }
}
