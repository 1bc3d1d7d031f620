import type { Grant } from '../grant/grant.ts';
import type { SessionTag } from '../grant/session-tags.ts';
import type { TenantId } from '../tenant-id.ts';
import { SOURCE_IDENTITY_CLAIM, TAGS_CLAIM } from '../token/carried-session.ts';

/** The audience of tokens that are for STS, and the client id of the provider in IAM that takes them. */
export const STS_AUDIENCE = 'sts.amazonaws.com';

/** Before a tenant's id in `sub`; the trust policy of the role that takes these tokens demands that it is the tag's tenant. */
export const SUBJECT_PREFIX = 'tenant:';

/** Every try of one request, and a clock of AWS's that is behind. */
const LIFETIME_SECONDS = 300;

/** The longest token that STS takes. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const IDENTITY_TOKEN_MAX_CHARACTERS = 20_000;

/** What a token says to STS: for AssumeRoleWithWebIdentity, tags and source identity ride in it. */
export interface IdentityClaims extends Readonly<Record<string, unknown>> {
  readonly iss: string;
  readonly aud: string;
  /** See `subjectFor`. */
  readonly sub: string;
  /** Seconds since 1970, as `exp`. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** By whom a token is issued, when, and under which id. */
export interface Issuance {
  readonly issuer: string;
  readonly now: Date;
  readonly tokenId: string;
}

/**
 * The claims by which STS makes the session of a grant, good for 300 s. Of the tenant and of nobody else: subject and tags say
 * whose it is. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
export function identityClaims(
  { tenantId, tags, transitiveTagKeys, sourceIdentity }: Grant,
  { issuer, now, tokenId }: Issuance,
): IdentityClaims {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    iss: issuer,
    aud: STS_AUDIENCE,
    sub: subjectFor(tenantId),
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    jti: tokenId,
    [TAGS_CLAIM]: {
      principal_tags: Object.fromEntries(tags.map(principalTag)),
      ...(transitiveTagKeys.length > 0 ? { transitive_tag_keys: transitiveTagKeys } : {}),
    },
    ...(sourceIdentity === undefined ? {} : { [SOURCE_IDENTITY_CLAIM]: sourceIdentity }),
  };
}

/**
 * `tenant:acme`. A tenant's id by itself may be shorter than the six characters of which AWS makes a subject at least.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_ResponseElements
 */
export function subjectFor(tenantId: TenantId): string {
  return `${SUBJECT_PREFIX}${tenantId}`;
}

/** A list of one: session tags have no more values. */
function principalTag({ key, value }: SessionTag): readonly [string, readonly string[]] {
  return [key, [value]];
}
