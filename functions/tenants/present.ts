import type { RoleTemplate } from '../core/administration/administration.ts';
import type { Listed, SharedIssuerRecord } from '../core/administration/administrative-ports.ts';
import { statusOfTenant, type TenantRecord } from '../core/tenant/tenant-record.ts';
import type { RoleTemplateAnswer, TenantAnswer } from './answers.ts';

/** The members of a tenant's representation that nobody can write. */
export const TENANT_READ_ONLY: readonly (keyof TenantAnswer)[] = [
  'tenantId',
  'status',
  'holds',
  'externalId',
  'version',
  'createdAt',
  'updatedAt',
  'inactiveSince',
  'revokedBefore',
  'verifiedAt',
  'offboardedAt',
];

/** The members of a shared issuer's representation that nobody can write. */
export const ISSUER_READ_ONLY: readonly string[] = ['version'];

/** A tenant, flat: what was written of it beside what became of it. */
export function presentTenant(record: TenantRecord): TenantAnswer {
  const { tenantId, definition, events: _, holds, ...state } = record;
  return { tenantId, status: statusOfTenant(record), holds, ...definition, ...state };
}

/** A shared issuer as it is written, with its version. */
export function presentIssuer({ issuer: { binding, ...terms }, version }: SharedIssuerRecord) {
  return { ...terms, claim: binding.claim, version };
}

/** A part of a list. */
export function presentList<T, Item>(
  { items, next }: Listed<T>,
  present: (item: T) => Item,
): { readonly items: Item[]; readonly next?: string } {
  return { items: items.map(present), ...(next === undefined ? {} : { next }) };
}

/** A role for a customer's own account, with the link to it where there is one. */
export function presentRoleTemplate({ template, quickCreate, ...rest }: RoleTemplate): RoleTemplateAnswer {
  const link = quickCreate && { ...quickCreate, expiration: quickCreate.expiration.toISOString() };
  return { ...rest, template: { ...template }, ...(link === undefined ? {} : { quickCreate: link }) };
}
