import type { LocalClient } from './openid-provider.ts';
import { NEWCOMER, SAMPLE_TENANTS, type SampleTenant } from './sample-tenants.ts';

/** What tokens are for, as `aud`. */
export const AUDIENCE = 'https://latchkey.local';
/** The scope that the sample clients ask for. */
export const SCOPE = 'vend';

/** The name of the provider that a sample tenant's tokens come from. */
export function providerOf({ issuer, tenantId }: SampleTenant): string {
  return issuer === 'pool' ? 'pool' : tenantId;
}

/** The clients of each provider, by its name. */
export function sampleClients(): ReadonlyMap<string, readonly LocalClient[]> {
  const clients = [...SAMPLE_TENANTS, NEWCOMER].map((tenant) => ({
    ...tenant,
    tenantClaim: tenant.tenantId,
    name: providerOf(tenant),
  }));
  return Map.groupBy(clients, ({ name }) => name);
}
