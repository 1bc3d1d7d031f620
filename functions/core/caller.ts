import { VendingError } from './errors.ts';
import type { Issuer, TenantBinding } from './issuer.ts';
import type { TenantId } from './tenant-id.ts';
import type { VerifiedToken } from './verified-token.ts';

/** What a verified token says of who is asking. */
export interface Caller {
  /** The configured issuer's URL, equal to the token's `iss`. */
  readonly issuer: string;
  readonly subject: string;
  /** Which tenant the token may speak for; the registry turns it into the tenant. */
  readonly tenant: TenantReference;
  /** The `scope` claim, split at spaces (RFC 9068, 2.2.3). */
  readonly scopes: ReadonlySet<string>;
  readonly clientId: string | undefined;
  readonly tokenId: string | undefined;
  /** When the token stops counting: its `exp` and the skew that its issuer is allowed. */
  readonly validUntil: Date;
  /** How the caller showed that the token was issued to it; undefined for a bare bearer token. */
  readonly senderConstraint: SenderConstraint | undefined;
}

/** A proof of possession that was demanded and given: a DPoP key (RFC 9449), or a client certificate (RFC 8705). */
export type SenderConstraint = 'dpop' | 'mtls';

/** A tenant by the issuer bound to it alone, or by the value of the claim that a shared issuer names. */
export type TenantReference =
  | { readonly kind: 'tenant'; readonly issuer: string; readonly tenantId: TenantId }
  | { readonly kind: 'claim'; readonly issuer: string; readonly value: string };

/** The claims of a token whose signature, issuer, audience and times have been verified. */
export interface VerifiedClaims {
  readonly sub?: unknown;
  readonly exp?: unknown;
  readonly scope?: unknown;
  readonly client_id?: unknown;
  readonly jti?: unknown;
  readonly [claim: string]: unknown;
}

/** Far above any real subject or tenant claim; a longer one is somebody trying something. */
const CLAIM_MAX_LENGTH = 256;

/**
 * The caller in verified claims. Throws `token_invalid` when a claim that decides something is missing or is not a
 * plain string: an array or number where a string belongs is a mistake of the issuer or an attack, never data.
 */
export function parseCaller(issuer: Issuer, claims: VerifiedClaims): VerifiedToken['caller'] {
  assertRequiredClaims(issuer.requiredClaims, claims);
  return Object.freeze({
    issuer: issuer.url,
    subject: required(claims.sub, 'sub'),
    tenant: tenantOf(issuer.url, issuer.binding, claims),
    scopes: new Set((optional(claims.scope, 'scope') ?? '').split(' ').filter((scope) => scope !== '')),
    clientId: optional(claims.client_id, 'client_id'),
    tokenId: optional(claims.jti, 'jti'),
    validUntil: new Date((Number(claims.exp) + issuer.clockSkewSeconds) * 1000),
  });
}

function assertRequiredClaims(demanded: Issuer['requiredClaims'], claims: VerifiedClaims): void {
  for (const [claim, value] of Object.entries(demanded)) {
    if (Object.hasOwn(claims, claim) && claims[claim] === value) continue;
    throw new VendingError('token_invalid', { cause: `${claim} is not what the issuer's record demands` });
  }
}

function tenantOf(issuer: string, binding: TenantBinding, claims: VerifiedClaims): TenantReference {
  // An issuer bound to one tenant speaks for that tenant whatever else its tokens say.
  if (binding.kind === 'tenant') return { kind: 'tenant', issuer, tenantId: binding.tenantId };
  // Object.hasOwn: a claim named like a member of Object.prototype must not be found there.
  const value = Object.hasOwn(claims, binding.claim) ? claims[binding.claim] : undefined;
  return { kind: 'claim', issuer, value: required(value, 'the tenant claim') };
}

function required(value: unknown, claim: string): string {
  // Half a character, which JSON can escape, has no UTF-8: the registry could not be asked for it.
  const isText = typeof value === 'string' && value.trim() !== '' && value.isWellFormed();
  if (isText && value.length <= CLAIM_MAX_LENGTH) return value;
  throw new VendingError('token_invalid', {
    cause: `${claim} is not a string of 1 to 256 characters`,
  });
}

function optional(value: unknown, claim: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new VendingError('token_invalid', { cause: `${claim} is not a string` });
}
