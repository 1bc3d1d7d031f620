import { createHash } from 'node:crypto';
import { PROBE_TENANT_ID, parseTenantId, TENANT_ID_MAX_LENGTH, type TenantId } from '../tenant-id.ts';

/** Ids that patterns take for the tenant's: no relation of it, one that begins as it does, one that ends so, and one of its length. */
export function foreignTenantIds(tenantId: TenantId): readonly TenantId[] {
  const isLongest = tenantId.length === TENANT_ID_MAX_LENGTH;
  const ofItsLength = (letter: string) => letter.repeat(tenantId.length);
  const alike = [
    isLongest ? alteredLast(tenantId) : `${tenantId}x`,
    isLongest ? alteredFirst(tenantId) : `x${tenantId}`,
    ofItsLength('q') === tenantId ? ofItsLength('z') : ofItsLength('q'),
  ];
  return [PROBE_TENANT_ID, ...alike.map((id) => parseTenantId(id))];
}

/** As close to the right one as a wrong one can be: a pattern of its beginning must not do either. */
export function alteredLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('a') ? 'b' : 'a');
}

/** The same as `alteredLast`, from the other end. */
export function alteredFirst(text: string): string {
  return (text.startsWith('a') ? 'b' : 'a') + text.slice(1);
}

/** Of the form of an external id, and always the same for a tenant, so that a role is asked once. */
export function foreignExternalId(externalId: string): string {
  return createHash('sha256').update(`not ${externalId}`).digest('base64url');
}
