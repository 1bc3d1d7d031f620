import * as z from 'zod/mini';
import { parse } from './parse.ts';
import { type TenantId, tenantId } from './tenant-id.ts';

/** Signing algorithms that an issuer may be allowed: asymmetric ones only (RFC 8725, 3.1 and 3.2). */
const SIGNING_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

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
  readonly algorithms: readonly (typeof SIGNING_ALGORITHMS)[number][];
  readonly jwksUri: string;
  /** Accepted `typ` headers, lower case, without `application/`. RFC 9068 asks for `at+jwt`. */
  readonly tokenTypes: readonly string[];
  /** Tolerance for exp, nbf and iat. */
  readonly clockSkewSeconds: number;
  /** A token that is meant to live longer (exp − iat) is refused. */
  readonly maximumTokenLifetimeSeconds: number;
  readonly binding: TenantBinding;
}

const url = z.url({ protocol: /^https?$/ });

const issuerRecord = z.strictObject({
  url,
  audience: z.string().check(z.minLength(1)),
  algorithms: z._default(z.array(z.enum(SIGNING_ALGORITHMS)).check(z.minLength(1)), ['RS256', 'ES256']),
  jwksUri: url,
  tokenTypes: z._default(z.array(z.string().check(z.regex(/^[a-z0-9+.-]+$/))).check(z.minLength(1)), [
    'at+jwt',
  ]),
  clockSkewSeconds: z._default(z.int().check(z.minimum(0), z.maximum(120)), 30),
  maximumTokenLifetimeSeconds: z._default(z.int().check(z.minimum(60), z.maximum(86_400)), 86_400),
  binding: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('claim'), claim: z.string().check(z.minLength(1)) }),
    z.strictObject({ kind: z.literal('tenant'), tenantId }),
  ]),
});

/** What an operator writes of an issuer: members with a default may be left out. */
export type IssuerRecord = z.input<typeof issuerRecord>;

/** The issuer in a record; throws `ConfigurationError` naming the member that is wrong. */
export function parseIssuer(record: unknown): Issuer {
  return Object.freeze(parse(issuerRecord, record, 'issuer'));
}
