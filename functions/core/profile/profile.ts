import type * as z from 'zod/mini';
import { ConfigurationError } from '../errors.ts';
import type { Making } from '../grant/method.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { NAME } from '../name.ts';
import { parse } from '../parse.ts';
import {
  leastCharacters,
  POLICY_MAX_CHARACTERS,
  type PolicyTemplate,
  parsePolicyTemplate,
} from './policy-template.ts';
import { assertMaking } from './principal.ts';
import { profileDefinition } from './profile-definition.ts';
import { type Resources, resolveResources } from './resources.ts';
import { assertScopeNarrows, parseScopeParameters, type ScopeParameter } from './scope-parameters.ts';
import { assertTagKeys } from './tag-keys.ts';
import { parseTemplate, TENANT_ID_PLACEHOLDER, type Template } from './template.ts';
import { assertNoOverlap } from './tenant-overlap.ts';

/** A profile, parsed: what can be vended, ready to be rendered for any tenant. */
export interface Profile extends Making {
  readonly name: string;
  readonly description: string;
  /** The role that sessions are made from, unless the tenant's record names one in its own account; none with user methods. */
  readonly roleArn: string | undefined;
  /** The IAM user that asks STS, where one does. */
  readonly userArn: Template | undefined;
  /** ARNs of the context providers whose assertions a caller may bring. */
  readonly contextProviders: readonly string[];
  readonly policy: PolicyTemplate;
  readonly policyArns: readonly string[];
  /** Tags besides `TenantId`. */
  readonly tags: ReadonlyMap<string, Template>;
  readonly transitiveTagKeys: readonly string[];
  /** Keys of tags that a session can do without, in the order in which they are dropped. */
  readonly droppableTags: readonly string[];
  readonly sourceIdentity: boolean;
  readonly durationSeconds: { readonly default: number; readonly maximum: number };
  readonly scope: ReadonlyMap<string, ScopeParameter>;
  /** Scopes that the caller's token must hold, every one. */
  readonly requiredScopes: readonly string[];
  /** How the caller must have shown that the token is its own. */
  readonly senderConstraint: Issuer['senderConstraint'];
}

/**
 * The profile in a definition, with the deployment's resources in place. Throws `ConfigurationError` naming the
 * profile, the statement and the cure; what it returns can be rendered for any tenant without being checked again.
 */
export function parseProfile(definition: unknown, resources: Resources): Profile {
  assertReadable(definition);
  const parsed = parse(profileDefinition, definition, `profile ${nameOf(definition)}`);
  try {
    return Object.freeze(compile(withResources(parsed, resources)));
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new ConfigurationError(`profile ${parsed.name}: ${cause.message}`, { cause });
  }
}

/** All profiles by name. Throws `ConfigurationError` for a name that stands twice, and for profiles that overlap. */
export function parseProfiles(
  definitions: readonly unknown[],
  resources: Resources,
): ReadonlyMap<string, Profile> {
  const profiles = new Map<string, Profile>();
  for (const definition of definitions) {
    const profile = parseProfile(definition, resources);
    if (profiles.has(profile.name))
      throw new ConfigurationError(`profile ${profile.name}: got two of that name, expected one`);
    profiles.set(profile.name, profile);
  }
  // Over all of them: a tenant may be granted several, and its id is the same in each.
  assertNoOverlap([...profiles.values()].flatMap(({ policy }) => policy.bounds));
  return profiles;
}

/** A policy of 2048 characters with every reason and description that belongs to it takes half of this. */
const DEFINITION_MAX_CHARACTERS = 32_768;

type ParsedDefinition = z.output<typeof profileDefinition>;

function nameOf(definition: unknown): string {
  const name =
    typeof definition === 'object' && definition !== null && 'name' in definition
      ? definition.name
      : undefined;
  return typeof name === 'string' && NAME.test(name) ? name : '(without a name)';
}

/**
 * Before the definition is looked at more closely: that it is short enough, and without a member `__proto__`, which is passed over
 * without a word by whatever reads a record, so that a condition could be lost with it.
 */
function assertReadable(definition: unknown): void {
  const json = JSON.stringify(definition ?? null);
  if (json.length > DEFINITION_MAX_CHARACTERS) {
    throw new ConfigurationError(
      `profile ${nameOf(definition)}: got ${json.length} characters of JSON, expected at most ${DEFINITION_MAX_CHARACTERS}`,
    );
  }
  if (!json.includes('"__proto__":')) return;
  throw new ConfigurationError(`profile ${nameOf(definition)}: got a member __proto__, expected none`);
}

function withResources(definition: ParsedDefinition, resources: Resources): ParsedDefinition {
  // Every text of the definition, whatever its place; JSON's reviver is the walk.
  return JSON.parse(JSON.stringify(definition), (_key, value) =>
    typeof value === 'string' ? resolveResources(value, resources) : value,
  );
}

function compile(definition: ParsedDefinition): Profile {
  const scope = parseScopeParameters(definition.scope);
  const tags = new Map(
    Object.entries(definition.tags).map(([key, text]) => [key, parseTemplate(text, isTenantPlaceholder)]),
  );
  assertScopeNarrows(definition.policy, scope);
  assertTagKeys(definition);
  assertDurations(definition.durationSeconds);
  const making = makingOf(definition);
  assertMaking({ ...definition, ...making });
  const isKnown = (placeholder: string) =>
    isTenantPlaceholder(placeholder) || [...scope.keys()].some((name) => placeholder === `scope.${name}`);
  const policy = parsePolicyTemplate(definition.policy, isKnown);
  const policyArns = definition.policyArns.map(({ arn }) => assertOwnPolicy(arn));
  assertFits(leastCharacters(policy) + policyArns.join('').length);
  // Compares each text with every other: only what fits is few enough.
  assertNoOverlap(policy.bounds);
  const { roleArn, userArn: user } = definition;
  const userArn = user === undefined ? undefined : parseTemplate(user, isTenantId);
  return { ...definition, ...making, roleArn, userArn, policy, policyArns, tags, scope };
}

function makingOf({ method, webIdentityToken, mfa }: ParsedDefinition): Making {
  const token = method === 'webIdentity' ? (webIdentityToken ?? 'latchkey') : webIdentityToken;
  return { method, webIdentityToken: token, mfa };
}

function isTenantId(placeholder: string): boolean {
  return placeholder === TENANT_ID_PLACEHOLDER;
}

function isTenantPlaceholder(placeholder: string): boolean {
  return placeholder === TENANT_ID_PLACEHOLDER || placeholder.startsWith('tenant.attributes.');
}

function assertFits(characters: number): void {
  if (characters <= POLICY_MAX_CHARACTERS) return;
  throw new ConfigurationError(
    `policy: got ${characters} characters with the longest tenant id, expected at most ${POLICY_MAX_CHARACTERS}; merge statements, or shorten actions with wildcards`,
  );
}

function assertDurations({ default: usual, maximum }: Profile['durationSeconds']): void {
  if (usual <= maximum) return;
  throw new ConfigurationError(
    `durationSeconds: got a default of ${usual}, expected at most the maximum of ${maximum}`,
  );
}

function assertOwnPolicy(arn: string): string {
  if (/^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:policy\/[\w+=,.@/-]{1,512}$/.test(arn)) return arn;
  // A policy of AWS's own (account `aws`) knows no tenants: beside the session policy it opens what that one closes.
  throw new ConfigurationError(
    `policyArns: got ${JSON.stringify(arn)}, expected a policy in an account of your own`,
  );
}
