import type { TenantId } from '../tenant-id.ts';
import type { TenantDefinition } from './tenant-definition.ts';
import { parseTenantRecord, statusOfTenant, type TenantRecord, type TenantStatus } from './tenant-record.ts';

/** A role in a tenant's own account; AWS wants an external id there (the confused deputy). */
export interface TenantRole {
  readonly roleArn: string;
  readonly externalId: string;
}

/** A tenant as a vend sees it. */
export interface Tenant {
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly status: TenantStatus;
  /** URLs of the issuers bound to this tenant alone. */
  readonly issuers: readonly string[];
  /** Claim values of shared issuers that mean this tenant. */
  readonly claims: readonly { readonly issuer: string; readonly value: string }[];
  /** ARNs of the SAML providers bound to this tenant alone: without their metadata, which is long and read where it is written. */
  readonly samlProviderArns: readonly string[];
  /** Values for `{{tenant.attributes.x}}` in policies and tags. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the profiles that the tenant may use. */
  readonly profiles: readonly string[];
  readonly defaultProfile: string;
  /** Profiles of this tenant alone, as written. */
  readonly ownProfiles: TenantDefinition['ownProfiles'];
  /** Profile name → the role of the tenant's own account that the profile assumes for it. */
  readonly roles: Readonly<Record<string, TenantRole>>;
  /** Caps every profile's own maximum. */
  readonly maximumDurationSeconds: number | undefined;
  readonly vendsPerSecond: number | undefined;
  readonly vendsPerSecondPerSubject: number | undefined;
}

/** The tenant in a stored record, undefined for one that has not been defined yet; throws `ConfigurationError` naming the member that is wrong. */
export function parseTenant(stored: unknown): Tenant | undefined {
  return tenantOf(parseTenantRecord(stored));
}

/** The tenant that a record describes; undefined while nobody has defined it. */
export function tenantOf(record: TenantRecord): Tenant | undefined {
  const { tenantId, definition, externalId } = record;
  if (definition === undefined) return undefined;
  const { issuers, samlProviders, attributes, roles, limits, ...rest } = definition;
  return Object.freeze({
    ...rest,
    tenantId,
    status: statusOfTenant(record),
    issuers: issuers.map(({ url }) => url),
    samlProviderArns: samlProviders.map(({ providerArn }) => providerArn),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    roles: Object.fromEntries(
      Object.entries(roles).map(([profile, { roleArn }]) => [profile, { roleArn, externalId }]),
    ),
    maximumDurationSeconds: limits.maximumDurationSeconds,
    vendsPerSecond: limits.vendsPerSecond,
    vendsPerSecondPerSubject: limits.vendsPerSecondPerSubject,
  });
}
