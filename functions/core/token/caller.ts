import { VendingError } from '../errors.ts';
import type { Issuer, TenantBinding } from '../issuer/issuer.ts';
import { wholeOf } from '../profile/scope-pattern.ts';
import type { TenantId } from '../tenant-id.ts';
import { type CarriedSession, parseCarriedSession } from './carried-session.ts';
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
  /** The client that the token was issued to: `client_id` (RFC 9068, 2.2), else `azp`. */
  readonly clientId: string | undefined;
  readonly tokenId: string | undefined;
  /** When the token stops counting: its `exp`, or sooner at its greatest age, and the skew that its issuer is allowed. */
  readonly validUntil: Date;
  /** How the caller showed that the token was issued to it; undefined for a bare bearer token. */
  readonly senderConstraint: SenderConstraint | undefined;
  /** What the token or assertion itself says to STS of a session. */
  readonly carried: CarriedSession | 'unreadable' | undefined;
  /** ARN of the IAM SAML provider that the assertion is of; undefined for a caller with a token. */
  readonly samlProviderArn: string | undefined;
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
  readonly scope?: unknown;
  readonly client_id?: unknown;
  readonly azp?: unknown;
  readonly jti?: unknown;
  readonly [claim: string]: unknown;
}

/** Far above any real subject or tenant claim; a longer one is somebody trying something. */
const CLAIM_MAX_LENGTH = 256;

/**
 * The caller in verified claims. Throws `token_invalid` when a claim that decides something is missing, is not what the
 * issuer's record demands, or is not a plain string: an array or number where a string belongs is a mistake of the issuer or
 * an attack, never data. Throws `insufficient_scope` without a scope that the record demands.
 */
export function parseCaller(
  issuer: Issuer,
  claims: VerifiedClaims,
  validUntil: Date,
): VerifiedToken['caller'] {
  assertRequiredClaims(issuer.requiredClaims, claims);
  const caller = Object.freeze({
    issuer: issuer.url,
    subject: required(claims.sub, 'sub'),
    tenant: tenantOf(issuer.url, issuer.binding, claims),
    scopes: scopesOf(claims),
    clientId: optional(claims.client_id, 'client_id') ?? optional(claims.azp, 'azp'),
    tokenId: issuer.tokenUse === 'once' ? required(claims.jti, 'jti') : optional(claims.jti, 'jti'),
    validUntil,
    carried: parseCarriedSession(claims),
    samlProviderArn: undefined,
  });
  assertTerms(issuer, caller);
  return caller;
}

function scopesOf({ scope = '' }: VerifiedClaims): ReadonlySet<string> {
  if (typeof scope !== 'string') throw invalid('scope is not a string');
  return new Set(scope.split(' ').filter((each) => each !== ''));
}

function assertTerms(
  { clientIds, subjectPattern, requiredScopes }: Issuer,
  { clientId, subject, scopes }: VerifiedToken['caller'],
): void {
  if (clientIds !== undefined && (clientId === undefined || !clientIds.includes(clientId)))
    throw invalid('the client is none of those that the issuer has in its record');
  if (subjectPattern !== undefined && !wholeOf(subjectPattern).test(subject))
    throw invalid("sub does not match the pattern in the issuer's record");
  if (!requiredScopes.every((scope) => scopes.has(scope)))
    throw new VendingError('insufficient_scope', {
      detail: 'the bearer token lacks a scope that every token of its issuer must have here',
    });
}

function assertRequiredClaims(demanded: Issuer['requiredClaims'], claims: VerifiedClaims): void {
  for (const [claim, value] of Object.entries(demanded)) {
    if (Object.hasOwn(claims, claim) && claims[claim] === value) continue;
    throw invalid(`${claim} is not what the issuer's record demands`);
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
  throw invalid(`${claim} is not a string of 1 to ${CLAIM_MAX_LENGTH} characters`);
}

function optional(value: unknown, claim: string): string | undefined {
  return value === undefined ? undefined : required(value, claim);
}

function invalid(cause: string): VendingError {
  return new VendingError('token_invalid', { cause });
}
