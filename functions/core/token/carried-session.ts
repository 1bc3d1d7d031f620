import type { SessionTag } from '../grant/session-tags.ts';

/**
 * What a token or an assertion itself says to STS of the session that is made for it: STS takes it from there, and the
 * request cannot add to it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export interface CarriedSession {
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  /** An assertion's alone: for a token, the request says it. */
  readonly roleSessionName: string | undefined;
}

/** The claims of a token that STS takes session tags and the source identity from. */
export const TAGS_CLAIM = 'https://aws.amazon.com/tags';
export const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity';

/**
 * What a token's claims say to STS. `unreadable` for what STS may read otherwise than it is read here: a value that is not one
 * text in a list, or claims in the flat form (`https://aws.amazon.com/tags/principal_tags/TenantId`).
 */
export function parseCarriedSession(
  claims: Readonly<Record<string, unknown>>,
): CarriedSession | 'unreadable' | undefined {
  if (Object.keys(claims).some((claim) => claim.startsWith(`${TAGS_CLAIM}/`))) return 'unreadable';
  const written = Object.hasOwn(claims, TAGS_CLAIM) ? claims[TAGS_CLAIM] : undefined;
  const sourceIdentity = Object.hasOwn(claims, SOURCE_IDENTITY_CLAIM)
    ? claims[SOURCE_IDENTITY_CLAIM]
    : undefined;
  if (written === undefined && sourceIdentity === undefined) return undefined;
  if (sourceIdentity !== undefined && typeof sourceIdentity !== 'string') return 'unreadable';
  const tags = written === undefined ? NO_TAGS : parseTags(written);
  return tags === undefined ? 'unreadable' : { ...tags, sourceIdentity, roleSessionName: undefined };
}

type Tags = Pick<CarriedSession, 'tags' | 'transitiveTagKeys'>;

const NO_TAGS: Tags = { tags: [], transitiveTagKeys: [] };

function parseTags(written: unknown): Tags | undefined {
  if (!isObject(written)) return undefined;
  const { principal_tags: principalTags = {}, transitive_tag_keys: keys = [], ...others } = written;
  if (Object.keys(others).length > 0 || !isObject(principalTags) || !isListOfTexts(keys)) return undefined;
  const tags = Object.entries(principalTags).map(([key, values]) =>
    isListOfTexts(values) && values.length === 1 ? { key, value: values[0] ?? '' } : undefined,
  );
  const known = tags.filter((tag) => tag !== undefined);
  return known.length === tags.length ? { tags: known, transitiveTagKeys: keys } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
