import { ConfigurationError } from '../errors.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';

/** Every role that a session of a tenant may have been made from. */
export interface TenantRoles {
  /** Of this deployment: those of all profiles, for one that is not granted any more may have been an hour ago. */
  readonly deployed: readonly string[];
  /** In the tenant's own account, as its definition names them or did until an hour ago. */
  readonly ofTenant: readonly string[];
  /** What is wrong with the tenant's own profiles, where they cannot be read: their roles are not among these. */
  readonly fault: ConfigurationError | undefined;
}

/** The roles of a tenant by its record; of one that nobody has defined, those of the deployment. */
export function rolesOf(
  { definition, formerRoles = [] }: Pick<TenantRecord, 'definition' | 'formerRoles'>,
  profiles: ProfileBook,
  now: Date,
): TenantRoles {
  const { deployed, fault } = deployedRoles(definition ?? NO_OWN_PROFILES, profiles);
  const named = Object.values(definition?.roles ?? {});
  const former = formerRoles.filter(({ until }) => until > now.toISOString());
  const arns = new Set([...named, ...former].map(({ roleArn }) => roleArn));
  return { deployed, fault, ofTenant: [...arns].filter((roleArn) => !deployed.includes(roleArn)) };
}

const NO_OWN_PROFILES = { ownProfiles: [] };

function deployedRoles(
  tenant: Parameters<ProfileBook['profilesOf']>[0],
  profiles: ProfileBook,
): Pick<TenantRoles, 'deployed' | 'fault'> {
  const rolesIn = (owner: typeof tenant) => [
    ...new Set([...profiles.profilesOf(owner).values()].map(({ roleArn }) => roleArn)),
  ];
  try {
    return { deployed: rolesIn(tenant), fault: undefined };
  } catch (fault) {
    if (!(fault instanceof ConfigurationError)) throw fault;
    // A deploy can make an own profile unreadable. That must not keep the sessions of all the others alive.
    return { deployed: rolesIn(NO_OWN_PROFILES), fault };
  }
}
