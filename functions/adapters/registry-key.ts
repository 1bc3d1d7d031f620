import type { TenantReference } from '../core/caller.ts';

/**
 * Where things stand in the registry table: an issuer and the claims bound through it in one partition, every tenant
 * in its own. All reads are by whole key.
 */
export const registryKey = {
  issuer: (url: string) => ({ pk: `issuer#${url}`, sk: 'issuer' }),
  claim: ({ issuer, value }: Pick<Extract<TenantReference, { kind: 'claim' }>, 'issuer' | 'value'>) => ({
    pk: `issuer#${issuer}`,
    sk: `claim#${value}`,
  }),
  tenant: (tenantId: string) => ({ pk: `tenant#${tenantId}`, sk: 'tenant' }),
};
