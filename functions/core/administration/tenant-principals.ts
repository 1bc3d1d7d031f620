import { ConfigurationError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import type { Resources } from '../profile/resources.ts';
import { renderTemplate, TENANT_ID_PLACEHOLDER } from '../profile/template.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';

/** Everything that a session of a tenant may have been made from. */
export interface TenantPrincipals {
  /** Roles of this deployment: all of them, for one that is not granted any more may have been when a session was made that still lives. */
  readonly deployedRoles: readonly string[];
  /** IAM users of this deployment: the one of federated users, and the tenant's own. */
  readonly users: readonly TenantUser[];
  /** Roles in the tenant's own account, as its definition names them or did while a session of them can live. */
  readonly ownRoles: readonly string[];
  /** What is wrong with the tenant's own profiles, where they cannot be read: their roles are not among these. */
  readonly fault: ConfigurationError | undefined;
}

/** An IAM user that sessions of a tenant may have been made from. */
export interface TenantUser {
  readonly userArn: string;
  /** Whether it is all tenants'; else it is this one's alone. */
  readonly isShared: boolean;
  /** Whether there must be one: of a tenant that may not use it now, nobody need ever have made one. */
  readonly isExpected: boolean;
}

/** What principals are found with. */
export interface PrincipalsOptions {
  readonly profiles: ProfileBook;
  readonly resources: Resources;
}

/** The principals of a tenant by its record; of one that nobody has defined, those of the deployment. */
export function principalsOf(
  { tenantId, definition, formerRoles = [] }: Pick<TenantRecord, 'tenantId' | 'definition' | 'formerRoles'>,
  { profiles, resources }: PrincipalsOptions,
  now: Date,
): TenantPrincipals {
  const { known, fault } = profilesOf(definition ?? NO_OWN_PROFILES, profiles);
  const deployedRoles = unique([
    ...providedRoles(resources),
    ...known.flatMap(({ roleArn }) => roleArn ?? []),
  ]);
  const named = Object.values(definition?.roles ?? {});
  const former = formerRoles.filter(({ until }) => until > now.toISOString());
  const ownRoles = unique([...named, ...former].map(({ roleArn }) => roleArn));
  return {
    deployedRoles,
    users: usersOf({ tenantId, definition }, known, resources),
    ownRoles: ownRoles.filter((roleArn) => !deployedRoles.includes(roleArn)),
    fault,
  };
}

function usersOf(
  { tenantId, definition }: Pick<TenantRecord, 'tenantId' | 'definition'>,
  known: readonly Profile[],
  { federationUserArn, tenantUserArnPrefix }: Resources,
): readonly TenantUser[] {
  const arnsIn = (profiles: readonly Profile[]) => profiles.map((each) => userArnOf(each, tenantId));
  const shared = unique([federationUserArn, ...arnsIn(known.filter(hasSharedUser))]);
  const own = unique([tenantUserArnPrefix && tenantUserArnPrefix + tenantId, ...arnsIn(known)]);
  const expected = arnsIn(known.filter(({ name }) => definition?.profiles.includes(name)));
  return [
    ...shared.map((userArn) => ({ userArn, isShared: true, isExpected: true })),
    ...own
      .filter((userArn) => !shared.includes(userArn))
      .map((userArn) => ({ userArn, isShared: false, isExpected: expected.includes(userArn) })),
  ];
}

function hasSharedUser({ userArn }: Pick<Profile, 'userArn'>): boolean {
  return userArn?.every((piece) => typeof piece === 'string') === true;
}

/** The IAM user that asks STS for sessions of the profile; undefined where none does. */
export function userArnOf({ userArn }: Pick<Profile, 'userArn'>, tenantId: TenantId): string | undefined {
  if (userArn === undefined) return undefined;
  return renderTemplate(userArn, new Map([[TENANT_ID_PLACEHOLDER, tenantId]]), (value) => value);
}

/** What this environment provides, whether a profile that is deployed now uses it or not: one that did may be gone. */
function providedRoles({ tenantRoleArn, federatedRoleArn, mfaRoleArn }: Resources): readonly string[] {
  return [tenantRoleArn, federatedRoleArn, mfaRoleArn].filter((arn) => arn !== undefined);
}

const NO_OWN_PROFILES = { ownProfiles: [] };

function profilesOf(
  tenant: Parameters<ProfileBook['profilesOf']>[0],
  profiles: ProfileBook,
): { readonly known: readonly Profile[]; readonly fault: ConfigurationError | undefined } {
  const knownTo = (owner: typeof tenant) => [...profiles.profilesOf(owner).values()];
  try {
    return { known: knownTo(tenant), fault: undefined };
  } catch (fault) {
    if (!(fault instanceof ConfigurationError)) throw fault;
    // A deploy can make an own profile unreadable. That must not keep the sessions of all the others alive.
    return { known: knownTo(NO_OWN_PROFILES), fault };
  }
}

function unique(all: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(all.filter((each) => each !== undefined))];
}
