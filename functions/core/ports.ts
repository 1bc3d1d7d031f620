import type { AuditEvent } from './audit-event.ts';
import type { Deadline } from './deadline.ts';
import type { VendedCredentials } from './grant/credentials.ts';
import type { Grant } from './grant/grant.ts';
import type { Issuer } from './issuer/issuer.ts';
import type { SamlProvider } from './saml/saml-provider.ts';
import type { Secret } from './secret.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Caller, TenantReference } from './token/caller.ts';
import type { DpopProof } from './token/dpop-proof.ts';
import type { PresentedToken } from './token/presented-token.ts';
import type { VerifiedToken } from './token/verified-token.ts';

/**
 * Turns a token as it was presented into the caller it speaks for, or throws a `VendingError`: 401, or 503 when keys or
 * the memory of used tokens cannot be had.
 */
export type TokenVerifier = CallerVerifier<PresentedToken>;

/** The same of whatever a caller shows of itself. */
export interface CallerVerifier<Presented> {
  verify(presented: Presented, deadline: Deadline): Promise<Caller>;
}

/**
 * Verifies an access token by itself: form, issuer, signature, times and claims (RFC 9068, RFC 8725). Throws a
 * `VendingError`.
 */
export interface AccessTokenVerifier {
  verify(token: Secret, deadline: Deadline): Promise<VerifiedToken>;
}

/** Remembers what may be used once: tokens by issuer and `jti`, DPoP proofs by key and `jti`. */
export interface ReplayStore {
  /**
   * Whether this is the first use. `key` names one thing, unambiguously; it is remembered until `until` at least. Throws
   * `replay_check_unavailable` when it cannot tell: then nobody may use it.
   */
  isFirstUse(key: string, until: Date, deadline: Deadline): Promise<boolean>;
}

/** Checks who made a DPoP proof. */
export interface ProofVerifier {
  /**
   * Throws `proof_invalid` unless the key that the proof brings along has the thumbprint `jkt` (RFC 7638) and has signed
   * the proof.
   */
  verify(proof: DpopProof, jkt: string): Promise<void>;
}

/** The nonces that DPoP proofs must hold (RFC 9449, 9). */
export interface ProofNonces {
  /** Those that are taken at this moment, by every instance; the newest first. Throws `replay_check_unavailable` when it cannot tell. */
  current(): Promise<readonly [newest: string, ...older: string[]]>;
}

/**
 * What is known of issuers and tenants. Undefined means that there is none, and may be remembered as such; throws
 * `registry_unavailable` when it cannot tell, `record_invalid` when a record is damaged.
 */
export interface TenantRegistry {
  findIssuer(url: string): Promise<Issuer | undefined>;
  findTenant(reference: TenantReference): Promise<Tenant | undefined>;
}

/** What is known of SAML identity providers; as `TenantRegistry`. */
export interface SamlProviders {
  findSamlProvider(entityId: string): Promise<SamlProvider | undefined>;
}

/**
 * Turns a grant into credentials, adding and dropping nothing but what its smaller forms leave out; throws a `VendingError` for
 * what STS refuses. `token` is what the caller came with, a token or a SAML assertion: methods that pass it on to STS need it.
 */
export interface RoleAssumer {
  assume(grant: Grant, token: Secret, deadline: Deadline): Promise<VendedCredentials>;
}

/** Asks STS whose credentials these are. Throws a `VendingError`. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export interface CallerIdentifier {
  identify(credentials: VendedCredentials, deadline: Deadline): Promise<CallerIdentity>;
}

/** As STS says it. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** Makes the link that signs in to the AWS console. Throws a `VendingError`. */
export interface SignIn {
  /** The sign-in token for credentials, at the sign-in endpoint of a partition; good for 15 minutes. */
  token(request: SignInRequest, deadline: Deadline): Promise<Secret>;
}

/** What AWS Sign-In is asked. */
export interface SignInRequest {
  readonly credentials: VendedCredentials;
  /** `https://signin.aws.amazon.com` */
  readonly endpoint: string;
  /** 900 to 43,200; AWS takes none with chained roles and with federated users. */
  readonly durationSeconds: number | undefined;
}

/** Signs tokens as Latchkey's own issuer, with a key that never leaves KMS. Throws `signing_unavailable`. */
export interface TokenSigner {
  /** A JWT (RFC 7519) with these claims, signed with the key that signs now. */
  sign(claims: Readonly<Record<string, unknown>>, deadline: Deadline): Promise<Secret>;
  /** The public keys (RFC 7517) by which its tokens verify: the one that signs, those that did and those that will. */
  keys(deadline: Deadline): Promise<readonly PublicKey[]>;
}

/** A public key as a JWK. */
export type PublicKey = Readonly<Record<string, string>> & { readonly kid: string };

/** Reads the long-term keys of an IAM user. */
export interface UserKeys {
  /**
   * Throws `user_keys_unavailable`. `refused` are keys that AWS has just refused: if they are remembered they are read anew, since they
   * may have been rotated.
   */
  keysOf(userArn: string, deadline: Deadline, refused?: LongTermKeys): Promise<LongTermKeys>;
}

/** An access key of an IAM user, which has no end. */
export interface LongTermKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

/** Decodes what AWS says of a denial. Throws `message_invalid` and a `VendingError` for what STS refuses. */
export interface MessageDecoder {
  /** JSON, as STS gives it. */
  decode(encodedMessage: string, deadline: Deadline): Promise<string>;
}

/** How a vend was counted: with those of all instances, or, while they cannot be told of one another, by this instance `alone`. */
export type Counted = 'together' | 'alone';

/**
 * Keeps tenants and their callers within their limits, and all of them together within what the deployment may ask of STS.
 * Throws `tenant_throttled`, `subject_throttled` or `deployment_throttled` for one vend too many, each with the seconds
 * after which another try has a chance.
 */
export interface VendThrottle {
  admit(tenant: Tenant, caller: Caller, deadline: Deadline): Promise<Counted>;
}

/** Where outcomes are written down. Returns when the event is written: nothing is answered before. */
export interface AuditLog {
  record(event: AuditEvent): void;
}
