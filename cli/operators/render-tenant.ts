import type { TenantAnswer } from '../../functions/tenants/answers.ts';
import { renderSheet } from '../sheet.ts';
import { printable } from '../terminal.ts';

/** Id, status, version and why it is suspended, in a line. */
export function renderTenantLine({ tenantId, status, version, holds }: TenantAnswer): string {
  const why = status === 'suspended' ? ` (held by ${holds.join(', ')})` : '';
  return printable(`tenant ${tenantId} is ${status}${why}, version ${version}`).concat('\n');
}

/** All that is known of a tenant, for people. */
export function renderTenant(tenant: TenantAnswer): string {
  const { limits, holds, status } = tenant;
  return renderSheet([
    ['tenant', tenant.tenantId],
    ['name', tenant.displayName],
    ['status', status === 'suspended' ? `suspended (held by ${holds.join(', ')})` : status],
    ['version', String(tenant.version)],
    [
      'profiles',
      tenant.profiles?.map((name) => (name === tenant.defaultProfile ? `${name} (default)` : name)),
    ],
    ['own profiles', tenant.ownProfiles?.map(({ name }) => name)],
    ['own issuers', tenant.issuers?.map(({ url }) => url)],
    ['SAML providers', tenant.samlProviders?.map(({ providerArn }) => providerArn)],
    ['claims', tenant.claims?.map(({ issuer, value }) => `${issuer} = ${value}`)],
    ['attributes', Object.entries(tenant.attributes ?? {}).map(([name, value]) => `${name} = ${value}`)],
    ['roles', Object.entries(tenant.roles ?? {}).map(([profile, { roleArn }]) => `${profile} = ${roleArn}`)],
    ['external id', tenant.externalId],
    ['longest session', inUnits(limits?.maximumDurationSeconds, 's')],
    ['vends', inUnits(limits?.vendsPerSecond, 'a second')],
    ['verified', tenant.verifiedAt ?? 'never'],
    ['revoked before', tenant.revokedBefore],
    ['inactive since', tenant.inactiveSince],
    ['offboarded', tenant.offboardedAt],
    ['created', tenant.createdAt],
    ['updated', tenant.updatedAt],
  ]);
}

function inUnits(value: number | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${value} ${unit}`;
}
