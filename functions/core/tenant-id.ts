import * as z from 'zod/mini';
import { parse } from './parse.ts';

/** The longest a tenant id may be, in characters: a session name must hold it and a digest. */
export const TENANT_ID_MAX_LENGTH = 48;

const TENANT_ID = /^[a-z0-9][a-z0-9-]{1,46}[a-z0-9]$/;

const PROBE = 'latchkey-probe';

/** The form of a tenant id, as part of the records that hold one. */
export const tenantId = z
  .string()
  .check(
    z.regex(TENANT_ID, 'expected 3 to 48 lower-case letters, digits and inner hyphens'),
    z.refine((id) => id !== PROBE, 'got an id that is kept for verifications'),
  )
  .brand<'TenantId'>();

/**
 * A tenant's id: 3 to 48 lower-case letters, digits and inner hyphens. The grammar holds nothing that means something
 * to IAM, S3 or an ARN (`* ? $ { / : #`), and no case or Unicode form in which two ids could look alike. Only
 * `parseTenantId` and the records' parsers make one.
 */
export type TenantId = z.output<typeof tenantId>;

/** No tenant: what verifications use as the foreign one, whose data must stay closed. */
export const PROBE_TENANT_ID = PROBE as TenantId;

/** The tenant id in the value, taken as it is or refused, never repaired; throws `ConfigurationError`. */
export function parseTenantId(value: unknown): TenantId {
  return parse(tenantId, value, 'tenant id');
}

/** Whether the text has the form of a tenant id. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}
