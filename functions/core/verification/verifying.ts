import type { TenantStore, TenantVerifier } from '../administration/administrative-ports.ts';
import { ConfigurationError, VendingError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import { type Tenant, tenantOf } from '../tenant/tenant.ts';
import { someAtOnce } from './some-at-once.ts';
import type { ProbeResult } from './verification.ts';
import { reportOf } from './verification-report.ts';
import { createProfileVerifier, type ProfileVerifierDependencies } from './verify-profile.ts';

/** Everything outside that a verification touches, and the profiles of this deployment. */
export interface VerifyingDependencies extends ProfileVerifierDependencies {
  readonly readTenant: TenantStore['readTenant'];
  readonly profiles: ProfileBook;
}

const PROFILES_AT_ONCE = 4;
/** An AWS that hangs must not outlast whoever waits for the report. */
const BEGIN_WITHIN_MILLISECONDS = 3000;

/**
 * Tries out, by AWS itself, what a tenant's roles do and refuse. Throws `tenant_not_found`, `tenant_offboarded`,
 * `record_invalid` and `registry_unavailable`; what AWS says stands in the report. No credentials leave it.
 *
 * What it cannot see: whom else a role trusts. It has one principal to try with, the vend function's role; a role that
 * trusts the whole account of it refuses the same probes. Nor a pattern in a trust policy that takes none of the values tried.
 */
export function createVerifying({
  readTenant,
  profiles,
  ...dependencies
}: VerifyingDependencies): TenantVerifier {
  const { clock } = dependencies;
  return {
    async verify(tenantId) {
      const record = await readTenant(tenantId);
      const tenant = record && tenantOf(record);
      if (tenant === undefined) throw new VendingError('tenant_not_found');
      // A canary vends, and for an offboarded tenant nothing does.
      if (tenant.status === 'offboarded') throw new VendingError('tenant_offboarded');
      const known = profilesOf(tenant, profiles);
      const { revokedBefore } = record ?? {};
      const verifyProfile = createProfileVerifier({ tenant, revokedBefore }, dependencies);
      const endsAt = clock().getTime() + BEGIN_WITHIN_MILLISECONDS;
      const verifyNamed = someAtOnce(PROFILES_AT_ONCE, async (name: string) => {
        const profile = known.get(name);
        if (profile === undefined) return [unknownProfile(tenant, name)];
        return clock().getTime() > endsAt ? [notBegun(tenant, profile)] : verifyProfile(profile);
      });
      const probes = await Promise.all(tenant.profiles.map(verifyNamed));
      return reportOf(tenantId, probes.flat(), clock());
    },
  };
}

function profilesOf(tenant: Tenant, profiles: ProfileBook): ReadonlyMap<string, Profile> {
  try {
    return profiles.profilesOf(tenant);
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new VendingError('record_invalid', { cause });
  }
}

function unknownProfile({ roles }: Tenant, profile: string): ProbeResult {
  return {
    profile,
    ...ownRoleOf(roles, profile),
    probe: 'canary_vend',
    outcome: 'failed',
    detail: 'the tenant is granted a profile that this deployment does not have',
    cure: "deploy the profile, or take it out of the tenant's profiles",
  };
}

function notBegun({ roles }: Tenant, { name, roleArn }: Profile): ProbeResult {
  return {
    profile: name,
    ...(roleArn === undefined ? {} : { roleArn, ...ownRoleOf(roles, name) }),
    probe: 'canary_vend',
    outcome: 'undecided',
    detail: 'AWS took so long over other profiles that this one was not begun',
    cure: 'run the verification again',
  };
}

function ownRoleOf(roles: Tenant['roles'], profile: string): Pick<ProbeResult, 'roleArn'> {
  const own = Object.hasOwn(roles, profile) ? roles[profile] : undefined;
  return own === undefined ? {} : { roleArn: own.roleArn };
}
