import { ConfigurationError } from './errors.ts';

declare const verified: unique symbol;

/**
 * A tenant's id: 3 to 48 lower-case letters, digits and inner hyphens. The grammar holds nothing that means something
 * to IAM, S3 or an ARN (`* ? $ { / : #`), and no case or Unicode form in which two ids could look alike. Only
 * `parseTenantId` makes one.
 */
export type TenantId = string & { readonly [verified]: 'TenantId' };

/** The longest a tenant id may be, in characters: a session name must hold it and a digest. */
export const TENANT_ID_MAX_LENGTH = 48;

const TENANT_ID = /^[a-z0-9][a-z0-9-]{1,46}[a-z0-9]$/;

/** Whether the value is a tenant id. It is refused or taken as it is, never repaired. */
export function isTenantId(value: unknown): value is TenantId {
  return typeof value === 'string' && TENANT_ID.test(value);
}

/** The tenant id in the value; throws `ConfigurationError` for anything else. */
export function parseTenantId(value: unknown): TenantId {
  if (isTenantId(value)) return value;
  throw new ConfigurationError(
    `tenant id: got ${JSON.stringify(value)}, expected 3 to ${TENANT_ID_MAX_LENGTH} lower-case letters, digits and inner hyphens`,
  );
}
