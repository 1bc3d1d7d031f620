import type { TenantReference } from '../../core/token/caller.ts';

/**
 * Where things stand in the registry table: an issuer and the claims bound through it in one partition, every SAML identity
 * provider and every tenant in its own, and what has been cut off on a role. All reads of a vend are by whole key.
 */
export const registryKey = {
  issuer: (url: string) => ({ pk: `issuer#${url}`, sk: 'issuer' }),
  claim: ({ issuer, value }: Pick<Extract<TenantReference, { kind: 'claim' }>, 'issuer' | 'value'>) => ({
    pk: `issuer#${issuer}`,
    sk: `claim#${value}`,
  }),
  samlProvider: (entityId: string) => ({ pk: `saml#${entityId}`, sk: 'saml' }),
  tenant: (tenantId: string) => ({ pk: `tenant#${tenantId}`, sk: 'tenant' }),
  revocations: (roleArn: string) => ({ pk: `revocations#${roleArn}`, sk: 'revocations' }),
};

/** The index by which tenants and shared issuers are listed in the order of their names; it holds whole items. */
export const LIST_INDEX = { name: 'list', partitionKey: 'listKind', sortKey: 'listName' } as const;

/**
 * The attribute of a binding that has been given up: the time, in seconds since 1970, after which somebody else may have
 * it. Also what the table expires items by. Who reads a binding takes one with it for none.
 */
export const FREE_AT = 'freeAt';
