import type { Clock } from '../clock.ts';
import { ConfigurationError, type ErrorCode, VendingError } from '../errors.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import { type Profile, parseProfiles } from '../profile/profile.ts';
import type { Resources } from '../profile/resources.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { decideGrant, type Grant, policyDigest } from './grant.ts';
import type { VendRequest } from './vend-request.ts';

/** How an outcome would differ by the shadow of a profile. Names and numbers alone: no value of a token or a request. */
export interface ShadowFacts {
  readonly differs: boolean;
  /** Why there would be no grant; `shadow_invalid`: the shadow is one that must not be served. */
  readonly code?: ErrorCode | 'shadow_invalid';
  /** SHA-256 of the session policy, base64url. */
  readonly policyDigest?: string;
  readonly statementsAdded?: number;
  readonly statementsRemoved?: number;
  /** Members of the grant that would be others: `policy`, `tags`, `durationSeconds`, … */
  readonly changed?: readonly string[];
}

/** Everything that a vend was decided by. */
export interface DecidedVend {
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly profile: Profile | undefined;
  readonly request: VendRequest;
}

/** Tells how a decision, a grant or what was thrown, would differ; undefined where the profile has no shadow. Throws nothing. */
export type Shadow = (vend: DecidedVend, decided: unknown) => ShadowFacts | undefined;

/**
 * The shadows of profiles by name: changed profiles that are decided beside the deployed ones, and never vended. Throws
 * `ConfigurationError` for one of a name that is not deployed, and for one that could not be deployed.
 */
export function parseShadowProfiles(
  shadowDefinitions: readonly unknown[],
  profileDefinitions: readonly unknown[],
  resources: Resources,
): ReadonlyMap<string, Profile> {
  const names = new Set(shadowDefinitions.map(nameOf));
  const others = profileDefinitions.filter((definition) => !names.has(nameOf(definition)));
  if (others.length + names.size !== profileDefinitions.length)
    throw new ConfigurationError(
      'shadow profiles: got one that is not deployed, expected names of deployed profiles',
    );
  const parsed = parseProfiles([...others, ...shadowDefinitions], resources);
  return new Map([...parsed].filter(([name]) => names.has(name)));
}

/** The shadows of a deployment. One that must not be served stops no vend: each that it is beside says so. */
export function createShadow(
  shadowDefinitions: readonly unknown[],
  profileDefinitions: readonly unknown[],
  resources: Resources,
  clock: Clock,
): Shadow {
  const names = new Set(shadowDefinitions.map(nameOf));
  const shadows = readShadows();
  return (vend, decided) => {
    const name = vend.profile?.name;
    if (name === undefined || !names.has(name)) return undefined;
    const shadow = shadows?.get(name);
    if (shadow === undefined) return { differs: true, code: 'shadow_invalid' };
    try {
      return compare(decided, outcomeOf({ ...vend, profile: shadow }, clock));
    } catch {
      return { differs: true, code: 'internal_error' };
    }
  };

  function readShadows(): ReadonlyMap<string, Profile> | undefined {
    try {
      return names.size === 0
        ? new Map()
        : parseShadowProfiles(shadowDefinitions, profileDefinitions, resources);
    } catch {
      return undefined;
    }
  }
}

function nameOf(definition: unknown): string | undefined {
  return (definition as { readonly name?: string } | undefined)?.name;
}

function outcomeOf({ caller, tenant, profile, request }: DecidedVend, clock: Clock): unknown {
  try {
    return decideGrant(caller, tenant, profile, request, clock);
  } catch (refusal) {
    return refusal;
  }
}

function compare(decided: unknown, shadow: unknown): ShadowFacts {
  if (shadow instanceof Error) {
    const code = codeOf(shadow);
    return { differs: !(decided instanceof Error) || codeOf(decided) !== code, code };
  }
  const { policy, ...members } = shadow as Grant;
  const digest = policyDigest({ policy });
  if (decided instanceof Error) return { differs: true, policyDigest: digest };
  const { policy: before, ...rest } = decided as Grant;
  const [old, changed] = [before, policy].map(statementsOf) as [string[], string[]];
  const [statementsAdded, statementsRemoved] = [countBeyond(changed, old), countBeyond(old, changed)];
  const others = Object.entries(members).filter(([member, value]) => {
    const was = rest[member as keyof typeof rest];
    // In which order tags are dropped says which of them stay.
    return member === 'droppableTags'
      ? JSON.stringify(value) !== JSON.stringify(was)
      : inOrder(value) !== inOrder(was);
  });
  const names = [
    ...(statementsAdded + statementsRemoved > 0 ? ['policy'] : []),
    ...others.map(([member]) => member),
  ];
  return {
    differs: names.length > 0,
    policyDigest: digest,
    statementsAdded,
    statementsRemoved,
    changed: names,
  };
}

function codeOf(refusal: Error): ErrorCode {
  return refusal instanceof VendingError ? refusal.code : 'internal_error';
}

/** Neither their names nor their order mean anything to IAM. */
function statementsOf(policy: string): string[] {
  const { Statement } = JSON.parse(policy) as PolicyDocument;
  return Statement.map(({ Sid: _, ...statement }) => JSON.stringify(statement));
}

function countBeyond(all: readonly string[], known: readonly string[]): number {
  const rest = [...known];
  return all.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  }).length;
}

/** As a text; the order of a list (tags, ARNs, keys) means nothing to STS. */
function inOrder(value: unknown): string | undefined {
  return Array.isArray(value)
    ? JSON.stringify(value.map((each) => JSON.stringify(each)).sort())
    : JSON.stringify(value);
}
