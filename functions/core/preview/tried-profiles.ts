import { parseRequested } from '../administration/request-invalid.ts';
import { ConfigurationError, VendingError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import { createProfileBook, type ProfileBook } from '../profile/profile-book.ts';
import type { Resources } from '../profile/resources.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { PreviewRequest } from './preview-request.ts';

/** Where a profile's definition stands. */
export type ProfileSource = 'deployment' | 'tenant' | 'request';

/** The profile that is previewed, and the one of its name that is vended now. */
export interface TriedProfiles {
  /** Undefined when there is none of that name. */
  readonly tried: Profile | undefined;
  readonly deployed: Profile | undefined;
  readonly source: ProfileSource;
}

/** The profiles of a deployment, as written and as served. */
export interface DeployedProfiles {
  readonly profiles: ProfileBook;
  readonly profileDefinitions: readonly unknown[];
  readonly resources: Resources;
}

/**
 * The profiles that a preview is about. A profile that stands in the request is held against all the others, as a deploy
 * would: throws `request_invalid` for one that must not be served, `record_invalid` for a tenant whose own profiles are
 * damaged.
 */
export function findTriedProfiles(
  tenant: Pick<Tenant, 'ownProfiles' | 'defaultProfile'>,
  { profile, profileDefinition }: Pick<PreviewRequest, 'profile' | 'profileDefinition'>,
  deployment: DeployedProfiles,
): TriedProfiles {
  const name = profileDefinition?.name ?? profile ?? tenant.defaultProfile;
  const deployed = servedProfiles(tenant, deployment.profiles).get(name);
  if (profileDefinition !== undefined)
    return { tried: parseTried(tenant, profileDefinition, deployment), deployed, source: 'request' };
  const isOwn = tenant.ownProfiles.some((own) => own.name === name);
  return { tried: deployed, deployed, source: isOwn ? 'tenant' : 'deployment' };
}

function servedProfiles(
  tenant: Pick<Tenant, 'ownProfiles'>,
  profiles: ProfileBook,
): ReadonlyMap<string, Profile> {
  try {
    return profiles.profilesOf(tenant);
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new VendingError('record_invalid', {
      detail: `a profile of the tenant's own cannot be read: ${cause.message}`,
      cause,
    });
  }
}

function parseTried(
  { ownProfiles }: Pick<Tenant, 'ownProfiles'>,
  changed: NonNullable<PreviewRequest['profileDefinition']>,
  { profileDefinitions, resources }: DeployedProfiles,
): Profile | undefined {
  const isOther = (definition: unknown) => (definition as { name?: unknown } | null)?.name !== changed.name;
  const isOwn = !ownProfiles.every(isOther);
  const others = profileDefinitions.filter(isOther);
  const othersOwn = ownProfiles.filter(isOther);
  return parseRequested(() => {
    const book = createProfileBook(isOwn ? others : [...others, changed], resources);
    return book.profilesOf({ ownProfiles: isOwn ? [...othersOwn, changed] : othersOwn }).get(changed.name);
  });
}
