import { ConfigurationError } from '../errors.ts';
import type { Making } from '../grant/method.ts';
import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import { providedPrincipal } from './principal.ts';
import { type Profile, parseProfiles } from './profile.ts';
import type { Resources } from './resources.ts';

/** The profiles that a tenant may ask for by name. */
export interface ProfileBook {
  /**
   * The deployment's profiles and, over them, those of the tenant itself. Throws `ConfigurationError` for a tenant's own
   * profile that would not be served: it is not bounded, it could meet another, or it takes another one's name.
   */
  profilesOf(tenant: Pick<TenantDefinition, 'ownProfiles'>): ReadonlyMap<string, Profile>;
}

/** The book over a deployment's profiles; throws `ConfigurationError` for one that must not be served. */
export function createProfileBook(definitions: readonly unknown[], resources: Resources): ProfileBook {
  const deployed = parseProfiles(definitions, resources);
  // By the very list: a record that is read again brings a new one.
  const parsed = new WeakMap<object, ReadonlyMap<string, Profile>>();
  return {
    profilesOf({ ownProfiles }) {
      if (ownProfiles.length === 0) return deployed;
      const known = parsed.get(ownProfiles);
      if (known !== undefined) return known;
      const profiles = parseProfiles([...definitions, ...ownProfiles], resources);
      for (const own of ownProfiles) assertProvidedPrincipal(own, profiles.get(own.name) as Profile);
      parsed.set(ownProfiles, profiles);
      return profiles;
    },
  };
}

/** Those alone whose own policies hold tenants apart, so that a tenant's own profile is not the only bound. */
function assertProvidedPrincipal(own: TenantDefinition['ownProfiles'][number], making: Making): void {
  const expected = providedPrincipal(making);
  for (const member of ['roleArn', 'userArn'] as const) {
    if (own[member] === expected[member]) continue;
    throw new ConfigurationError(
      `profile ${own.name}: ${member}: got another one, expected ${expected[member] ?? 'none'} in a tenant's own profile; roles of the tenant's account stand in its roles`,
    );
  }
}
