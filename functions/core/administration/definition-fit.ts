import { accountOf } from '../arn.ts';
import type { Clock } from '../clock.ts';
import { ConfigurationError, type Fault, VendingError } from '../errors.ts';
import { decideGrant } from '../grant/grant.ts';
import { ridesInToken } from '../grant/method.ts';
import { presumeCaller, presumeRequest } from '../grant/presumed.ts';
import type { Profile } from '../profile/profile.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import type { Resources } from '../profile/resources.ts';
import type { ParseSamlMetadata } from '../saml/saml-provider.ts';
import { samlProviderFaults } from '../saml/saml-provider-faults.ts';
import { type Tenant, tenantOf } from '../tenant/tenant.ts';
import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import type { TenantId } from '../tenant-id.ts';
import { attributeFaults } from './attribute-fit.ts';
import { keySetFaults } from './key-set-url.ts';
import { refuseFaults } from './request-invalid.ts';
import { newTenant } from './tenant-changes.ts';

/** What a definition has to fit. */
export interface DefinitionFitOptions {
  readonly profiles: ProfileBook;
  readonly proveProfile: ProveProfile;
  /** What this deployment provides: their ARNs say which accounts are its own. */
  readonly resources: Resources;
  /** Reads the metadata of SAML identity providers. */
  readonly parseSamlMetadata: ParseSamlMetadata;
  /** Whether keys may be fetched by http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
  readonly clock: Clock;
}

/** Why a tenant's own profile cannot be proved to keep tenants apart; undefined when it is. */
export type ProveProfile = (profile: Profile) => string | undefined;

/** Throws `request_invalid` with every fault for a definition that nothing could be vended by. */
export type AssertDefinitionFits = (tenantId: TenantId, definition: TenantDefinition) => void;

/**
 * Holds a definition against this deployment before it is stored: each granted profile exists and can be rendered with
 * the tenant's attributes, the tenant's own are proved, roles that must stand alone are of another account, and the keys of its issuers come
 * over https.
 */
export function createDefinitionFit(options: DefinitionFitOptions): AssertDefinitionFits {
  return (tenantId, definition) => {
    const issuers = definition.issuers.flatMap((issuer, index) =>
      keySetFaults(issuer, options.allowLoopbackIssuers).map(({ path, message }) => ({
        path: ['issuers', index, ...path],
        message,
      })),
    );
    const providers = samlProviderFaults(definition.samlProviders, options.parseSamlMetadata);
    refuseFaults('tenant', [...issuers, ...providers, ...profileFaults(tenantId, definition, options)]);
  };
}

function profileFaults(
  tenantId: TenantId,
  definition: TenantDefinition,
  { profiles, proveProfile, resources, clock }: DefinitionFitOptions,
): readonly Fault[] {
  let known: ReadonlyMap<string, Profile>;
  try {
    known = profiles.profilesOf(definition);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [{ path: ['ownProfiles'], message: error.message }];
  }
  const unproved = definition.ownProfiles.flatMap(({ name }, index): readonly Fault[] => {
    const own = known.get(name);
    const message = own && proveProfile(own);
    return message === undefined ? [] : [{ path: ['ownProfiles', index], message }];
  });
  const tenant = activeTenant(tenantId, definition, clock);
  const unfit = definition.profiles.flatMap((name, index): readonly Fault[] => {
    const profile = known.get(name);
    if (profile === undefined)
      return [{ path: ['profiles', index], message: `got ${name}, expected one that exists` }];
    const faults = attributeFaults(tenant, profile);
    if (faults.length > 0) return faults;
    const message = grantFault(tenant, profile, clock);
    return message === undefined ? [] : [{ path: ['profiles', index], message: `${name}: ${message}` }];
  });
  return [...unproved, ...unfit, ...roleFaults(definition, known, resources)];
}

/**
 * What is wrong with roles of a tenant's own that are to stand alone: whoever holds the token or assertion asks STS for a session of
 * the role with no session policy at all. In an account of the tenant's there is nobody else's data; in those of the deployment there is, and what the role
 * opens is not known here.
 */
function roleFaults(
  { roles }: Pick<TenantDefinition, 'roles'>,
  known: ReadonlyMap<string, Profile>,
  resources: Resources,
): readonly Fault[] {
  const accounts = new Set(Object.values(resources).map(accountOf));
  return Object.entries(roles).flatMap(([name, { roleArn }]) => {
    const profile = known.get(name);
    if (profile === undefined || !ridesInToken(profile)) return [];
    if (resources['tenantRoleArn'] !== undefined && !accounts.has(accountOf(roleArn))) return [];
    const message = `got a role in an account of the deployment's, expected one in an account of the tenant's own: sessions of profile ${name} are bounded by the role alone`;
    return [{ path: ['roles', name, 'roleArn'], message }];
  });
}

/** The tenant as the definition will make it, free to vend. */
function activeTenant(tenantId: TenantId, definition: TenantDefinition, clock: Clock): Tenant {
  // Undefined only without a definition.
  return tenantOf({ ...newTenant({ tenantId, externalId: '' }, clock()), definition }) as Tenant;
}

/** Nobody's token. */
const CANARY = { issuer: 'latchkey', subject: 'definition-fit' };

/** Why the profile gives no grant to a tenant by the very function that decides it later; undefined when it gives one. */
function grantFault(tenant: Tenant, profile: Profile, clock: Clock): string | undefined {
  // What a caller brings, scopes and scope parameters, is left out: the least that anybody can ask for.
  const scope = new Map(
    [...profile.scope].map(([name, parameter]) => [name, { ...parameter, optional: true }] as const),
  );
  try {
    const validUntil = new Date(clock().getTime() + 1000);
    const caller = presumeCaller(tenant, profile, { ...CANARY, validUntil, scopes: [] });
    const asked = { ...presumeRequest(profile), profile: profile.name };
    decideGrant(caller, tenant, { ...profile, scope, requiredScopes: [] }, asked, clock);
    return undefined;
  } catch (error) {
    if (!(error instanceof VendingError)) throw error;
    return error.message;
  }
}
