import * as z from 'zod/mini';
import { SESSION_MIN_SECONDS } from './durations.ts';
import { ConfigurationError } from './errors.ts';
import { NAME } from './name.ts';
import { parse } from './parse.ts';
import { ROLE_ARN } from './role-arn.ts';
import { type TenantId, tenantId } from './tenant-id.ts';

/** A role in a tenant's own account; AWS wants an external id there (the confused deputy). */
export interface TenantRole {
  readonly roleArn: string;
  readonly externalId: string;
}

/** A tenant as the registry knows it. */
export interface Tenant {
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly status: 'active' | 'suspended' | 'offboarded';
  /** Claim values of shared issuers that mean this tenant. */
  readonly claims: readonly { readonly issuer: string; readonly value: string }[];
  /** Values for `{{tenant.attributes.x}}` in policies and tags. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the profiles that the tenant may use. */
  readonly profiles: readonly string[];
  readonly defaultProfile: string;
  /** Profile name → the role of the tenant's own account that the profile assumes for it. */
  readonly roles: Readonly<Record<string, TenantRole>>;
  /** Caps every profile's own maximum. */
  readonly maximumDurationSeconds: number | undefined;
}

const name = z.string().check(z.regex(NAME));
const text = z.string().check(z.minLength(1), z.maxLength(256));

const tenantRecord = z.strictObject({
  tenantId,
  displayName: text,
  status: z._default(z.enum(['active', 'suspended', 'offboarded']), 'active'),
  claims: z._default(z.array(z.strictObject({ issuer: text, value: text })), []),
  attributes: z._default(z.record(name, text), {}),
  profiles: z.array(name).check(z.minLength(1)),
  defaultProfile: name,
  roles: z._default(
    z.record(
      name,
      z.strictObject({
        roleArn: z.string().check(z.regex(ROLE_ARN)),
        // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2 to 1224 characters
        externalId: z.string().check(z.regex(/^[\w+=,.@:/-]{2,1224}$/)),
      }),
    ),
    {},
  ),
  maximumDurationSeconds: z.optional(z.int().check(z.minimum(SESSION_MIN_SECONDS), z.maximum(43_200))),
});

/** What an operator writes of a tenant: members with a default may be left out. */
export type TenantRecord = z.input<typeof tenantRecord>;

/** The tenant in a record; throws `ConfigurationError` naming the member that is wrong. */
export function parseTenant(record: unknown): Tenant {
  const tenant = parse(tenantRecord, record, 'tenant');
  if (!tenant.profiles.includes(tenant.defaultProfile)) {
    throw new ConfigurationError(
      `tenant ${tenant.tenantId}: defaultProfile: got ${tenant.defaultProfile}, expected one of ${tenant.profiles.join(', ')}`,
    );
  }
  return Object.freeze({ ...tenant, maximumDurationSeconds: tenant.maximumDurationSeconds });
}
