import * as z from 'zod/mini';
import { parse } from '../parse.ts';
import { patternFault } from '../profile/scope-pattern.ts';
import { type TenantId, tenantId } from '../tenant-id.ts';
import { text } from '../text.ts';
import { CLOCK_SKEW_SECONDS, TOKEN_TYPES } from './issuer-defaults.ts';
import { type PublicKey, publicKeys } from './issuer-public-keys.ts';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-algorithms.ts';

/** What an issuer or a profile may demand of a token beyond being shown. */
export const SENDER_CONSTRAINTS = ['optional', 'dpop', 'mtls', 'required'] as const;

/** How a token of this issuer leads to a tenant: through a claim of a shared issuer, or always to the same one. */
export type TenantBinding =
  | { readonly kind: 'claim'; readonly claim: string }
  | { readonly kind: 'tenant'; readonly tenantId: TenantId };

/** An issuer whose tokens are taken, and on what terms. Only configured issuers ever cause a fetch. */
export interface Issuer {
  /** Compared with `iss` exactly: no case folding, no trailing slash forgiven (RFC 8414, section 2). */
  readonly url: string;
  /** Must be among the token's `aud`. */
  readonly audience: string;
  readonly algorithms: readonly SigningAlgorithm[];
  /** Where its keys are fetched from. An issuer has this, `discovery` or `jwks`. */
  readonly jwksUri?: string | undefined;
  /** Its keys are where its metadata says, which is fetched from its URL (OpenID Connect Discovery 1.0, 4; RFC 8414, 3). */
  readonly discovery?: true | undefined;
  /** Its keys themselves, for an issuer without an endpoint. */
  readonly jwks?: { readonly keys: readonly PublicKey[] } | undefined;
  /** Accepted `typ` headers, lower case, without `application/`; `none` is a token without one. RFC 9068 asks for `at+jwt`. */
  readonly tokenTypes: readonly string[];
  /** Tolerance for exp, nbf and iat. */
  readonly clockSkewSeconds: number;
  /** A token that is meant to live longer (exp − iat) is refused. */
  readonly maximumTokenLifetimeSeconds: number;
  /** A token that was issued (iat) longer ago is refused, whatever its exp; undefined: exp alone counts. */
  readonly maximumTokenAgeSeconds?: number | undefined;
  /** Claims that every token must have, with exactly these values. */
  readonly requiredClaims: Readonly<Record<string, string>>;
  /** Scopes that every token must have. */
  readonly requiredScopes: readonly string[];
  /** The clients whose tokens are taken (`client_id`, RFC 9068, 2.2; else `azp`); undefined: all of the issuer's. */
  readonly clientIds?: readonly string[] | undefined;
  /** What the whole of `sub` must match, a regular expression of the kind that scope parameters may have; undefined: any subject. */
  readonly subjectPattern?: string | undefined;
  /** `once`: every token must have a `jti`, and is good for one request. */
  readonly tokenUse: 'many' | 'once';
  /**
   * Which tokens are taken: any (`optional`; one that is bound still needs its proof), or only those bound to a DPoP key
   * (RFC 9449), to a client certificate (RFC 8705), or to either (`required`).
   */
  readonly senderConstraint: (typeof SENDER_CONSTRAINTS)[number];
  /** `required`: a DPoP proof must hold a nonce of Latchkey's (RFC 9449, 8), so that none can be made ahead of time. */
  readonly proofNonce: 'none' | 'required';
  readonly binding: TenantBinding;
}

// In ASCII, as every URL is (RFC 3986): the registry counts its keys in bytes.
const url = z.url({ protocol: /^https?$/ }).check(
  z.maxLength(512),
  z.refine(
    (value) => /^[!-~]*$/.test(value),
    'got a character that no URL holds, expected it percent-encoded',
  ),
);

const tokenType = z
  .string()
  .check(z.regex(/^[a-z0-9+.-]+$/, 'expected a typ in lower case, without application/'));

const definition = {
  url,
  audience: text,
  algorithms: z._default(z.array(z.enum(SIGNING_ALGORITHMS)).check(z.minLength(1)), ['RS256', 'ES256']),
  jwksUri: z.optional(url),
  discovery: z.optional(z.literal(true)),
  jwks: z.optional(z.strictObject({ keys: publicKeys })),
  tokenTypes: z._default(z.array(tokenType).check(z.minLength(1)), [...TOKEN_TYPES]),
  clockSkewSeconds: z._default(z.int().check(z.minimum(0), z.maximum(120)), CLOCK_SKEW_SECONDS),
  maximumTokenLifetimeSeconds: z._default(z.int().check(z.minimum(60), z.maximum(86_400)), 86_400),
  maximumTokenAgeSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(86_400))),
  requiredClaims: z._default(z.record(text, text), {}),
  requiredScopes: z._default(z.array(text).check(z.maxLength(20)), []),
  clientIds: z.optional(z.array(text).check(z.minLength(1), z.maxLength(50))),
  subjectPattern: z.optional(text.check(isTamePattern)),
  tokenUse: z._default(z.enum(['many', 'once']), 'many'),
  senderConstraint: z._default(z.enum(SENDER_CONSTRAINTS), 'optional'),
  proofNonce: z._default(z.enum(['none', 'required']), 'none'),
};

function isTamePattern({
  value,
  issues,
}: {
  readonly value: string;
  readonly issues: z.core.$ZodRawIssue[];
}): void {
  const message = patternFault(value);
  if (message !== undefined) issues.push({ code: 'custom', message, input: value });
}

/** Where an issuer's keys are. */
interface KeySource {
  readonly url: string;
  readonly jwksUri?: string | undefined;
  readonly discovery?: true | undefined;
  readonly jwks?: unknown;
}

const hasOneKeySource = z.refine<KeySource>(
  ({ jwksUri, discovery, jwks }) =>
    [jwksUri, discovery, jwks].filter((source) => source !== undefined).length === 1,
  { error: 'expected one of jwksUri, discovery and jwks', path: ['jwksUri'] },
);

/** RFC 8414, 2: behind a query or a fragment there is no place for the path of its metadata. */
const hasRoomForDiscovery = z.refine<KeySource>(
  ({ url, discovery }) => discovery === undefined || !/[?#]/.test(url),
  { error: 'got a query or fragment, expected none with discovery', path: ['url'] },
);

/** An issuer of one tenant alone, as it stands in that tenant's definition: its binding goes without saying. */
export const ownIssuer = z.strictObject(definition).check(hasOneKeySource, hasRoomForDiscovery);

const issuerRecord = z
  .strictObject({
    ...definition,
    binding: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('claim'), claim: text }),
      z.strictObject({ kind: z.literal('tenant'), tenantId }),
    ]),
  })
  .check(hasOneKeySource, hasRoomForDiscovery);

/** What an operator writes of a shared issuer: `claim` names the tenant. */
export const sharedIssuer = z
  .strictObject({ ...definition, claim: text })
  .check(hasOneKeySource, hasRoomForDiscovery);

/** A shared issuer as it is written: members with a default may be left out. */
export type SharedIssuerDefinition = z.input<typeof sharedIssuer>;

/** What an operator writes of an issuer: members with a default may be left out. */
export type IssuerRecord = z.input<typeof issuerRecord>;

/** The issuer in a record; throws `ConfigurationError` naming the member that is wrong. */
export function parseIssuer(record: unknown): Issuer {
  return Object.freeze(parse(issuerRecord, record, 'issuer'));
}

/** The issuer that a tenant's definition names as its own. */
export function issuerOf(tenantId: TenantId, own: z.output<typeof ownIssuer>): Issuer {
  return parseIssuer({ ...own, binding: { kind: 'tenant', tenantId } });
}

/** The issuer that an operator wrote for several tenants; throws `ConfigurationError` naming the member that is wrong. */
export function parseSharedIssuer(written: unknown): Issuer {
  const { claim, ...rest } = parse(sharedIssuer, written, 'issuer');
  return parseIssuer({ ...rest, binding: { kind: 'claim', claim } });
}
