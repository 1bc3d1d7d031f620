import type { LocalClient, LocalUser } from './openid-provider.ts';
import { NEWCOMER, SAMPLE_TENANTS, type SampleTenant } from './sample-tenants.ts';

/** What tokens are for, as `aud`. */
export const AUDIENCE = 'https://latchkey.local';
/** The scope that the sample clients ask for. */
export const SCOPE = 'vend';

/** The name of the provider that tenants share; any other has the name of its tenant. */
export const POOL = 'pool';

/** The name of the provider that a sample tenant's tokens come from. */
export function providerOf({ issuer, tenantId }: SampleTenant): string {
  return issuer === 'pool' ? POOL : tenantId;
}

/** Who signs in for a sample tenant. */
export function userOf({ tenantId }: SampleTenant): string {
  return `dev@${tenantId}.example`;
}

/** The clients of each provider, by its name. */
export function sampleClients(): ReadonlyMap<string, readonly LocalClient[]> {
  return byProvider((tenant) => ({ ...tenant, tenantClaim: tenant.tenantId }));
}

/** The people of each provider, by its name: one a tenant. */
export function sampleUsers(): ReadonlyMap<string, readonly LocalUser[]> {
  return byProvider((tenant) => ({ userId: userOf(tenant), tenantClaim: tenant.tenantId }));
}

function byProvider<T>(of: (tenant: SampleTenant) => T): ReadonlyMap<string, readonly T[]> {
  const tenants = Map.groupBy([...SAMPLE_TENANTS, NEWCOMER], providerOf);
  return new Map([...tenants].map(([name, members]) => [name, members.map(of)]));
}
