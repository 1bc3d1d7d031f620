/**
 * Every way a request can end badly: the HTTP status and the text that a caller reads. Codes are part of the API
 * and never change meaning; the texts hold no claim, token or secret.
 */
const FAILURES = {
  request_invalid: [400, 'the request is not well formed'],
  scope_invalid: [400, 'a scope parameter is missing, unknown or outside its pattern'],
  profile_elsewhere: [400, 'this profile is vended by another route'],
  destination_invalid: [400, 'destination must be a page of the AWS console'],
  message_invalid: [400, 'AWS cannot decode the message'],
  duration_out_of_range: [400, 'durationSeconds is outside the range that this profile allows'],
  token_missing: [401, 'a bearer token is required, as in Authorization: Bearer <JWT>'],
  token_malformed: [401, 'the bearer token is not a signed JWT in compact form'],
  token_invalid: [401, 'the bearer token does not verify'],
  token_expired: [401, 'the bearer token has expired'],
  token_replayed: [401, 'the token may be used once, and has been'],
  token_bound: [
    401,
    'the token is bound to a key or certificate: present it with a DPoP proof, or over mutual TLS',
  ],
  token_not_bound: [401, 'only a sender-constrained token (DPoP, or mutual TLS) will do here'],
  proof_invalid: [401, 'the DPoP proof does not fit this request, this token or this moment'],
  proof_nonce_required: [401, 'the DPoP proof must hold the nonce of the DPoP-Nonce header'],
  assertion_missing: [
    401,
    'a SAML response is required: SAMLResponse of a form, or samlResponse of a JSON body',
  ],
  assertion_malformed: [401, 'the SAML response is not base64 of one response with one assertion'],
  assertion_invalid: [401, 'the SAML assertion does not verify'],
  assertion_expired: [401, 'the SAML assertion is not valid any more, or not yet'],
  assertion_replayed: [401, 'the SAML assertion may be used once, and has been'],
  provider_unknown: [401, 'the identity provider of the SAML assertion is not configured here'],
  issuer_unknown: [401, 'the issuer of the bearer token is not configured here'],
  insufficient_scope: [403, 'the bearer token lacks a scope that this profile demands'],
  tenant_unknown: [403, 'no tenant is bound to this issuer and claim'],
  tenant_inactive: [403, 'the tenant is suspended or has been offboarded'],
  profile_not_granted: [403, 'the tenant may not use this profile'],
  token_tags_mismatch: [
    403,
    'the session tags that the token or assertion carries for AWS are not exactly those of the tenant and profile',
  ],
  assertion_role_missing: [
    403,
    "the SAML assertion's attribute Role does not name the role of this profile with its identity provider",
  ],
  mfa_required: [403, 'this profile demands mfa: { serialNumber, tokenCode }'],
  mfa_refused: [403, 'AWS refuses the MFA code: wrong, used before, or of another device'],
  message_foreign: [403, 'the decoded message is not about a session of the tenant'],
  not_authorized: [403, 'the request carries no identity that IAM has authorised'],
  not_found: [404, 'there is no such route'],
  tenant_not_found: [404, 'there is no such tenant'],
  issuer_not_found: [404, 'there is no such shared issuer'],
  method_not_allowed: [405, 'the route does not take this method'],
  tenant_offboarded: [409, 'the tenant has been offboarded; its id is never used again'],
  binding_taken: [
    409,
    'an issuer or a claim of it is bound to another tenant, or was until a short while ago',
  ],
  issuer_in_use: [409, 'tenants are bound to this issuer by its claims; unbind them first'],
  event_version_reused: [409, 'another event of the same version has been applied to this tenant'],
  write_conflict: [409, 'somebody else has written at the same time; try again'],
  precondition_failed: [412, 'the resource is not the one that If-Match or If-None-Match names'],
  request_too_large: [413, 'the request body is too large'],
  media_type_unsupported: [415, 'the request body must be application/json'],
  tenant_throttled: [429, 'the tenant is over its vends per second; try again'],
  subject_throttled: [429, 'the caller is over its vends per second; try again'],
  deployment_throttled: [
    429,
    'the tenant is over its share of what this deployment may ask of AWS STS; try again',
  ],
  sts_throttled: [429, 'AWS STS is throttling this account; try again'],
  internal_error: [500, 'something went wrong here; the vend id finds it in the audit log'],
  policy_unrenderable: [500, "a value of the tenant's record cannot stand in the profile's policy"],
  policy_too_large: [500, 'the rendered session policy is over 2048 characters'],
  record_invalid: [500, "the tenant's record or its issuer's is damaged; the operator has been told"],
  issuer_off: [500, 'this deployment signs no tokens for AWS, and this profile needs one'],
  role_not_assumable: [
    502,
    'AWS refuses the role: its trust policy must allow sts:AssumeRole to Latchkey with these tags and this external id',
  ],
  tag_session_denied: [
    502,
    'AWS refuses the session tags: the trust policy of the role must allow sts:TagSession to Latchkey',
  ],
  source_identity_denied: [
    502,
    'AWS refuses the source identity: the trust policy of the role must allow sts:SetSourceIdentity to Latchkey',
  ],
  packed_policy_too_large: [
    502,
    'AWS finds the packed session policy and tags too large: drop optional tags or statements from the profile',
  ],
  identity_refused: [
    502,
    'AWS refuses the token or assertion: the identity provider in IAM does not take it',
  ],
  sign_in_refused: [502, 'AWS Sign-In refuses the credentials'],
  session_mismatch: [502, 'AWS STS says of the vended credentials that they are of another session'],
  user_mismatch: [502, "the stored keys are not of the tenant's IAM user"],
  sts_rejected: [502, 'AWS STS rejected the request'],
  verification_unavailable: [502, 'the verification could not be run'],
  revocation_failed: [502, "AWS refuses the change of the role's policy that cuts off sessions"],
  revocations_full: [
    503,
    'too many tenants are cut off on this role at once; the oldest is swept within minutes',
  ],
  events_unavailable: [503, 'the event bus cannot be reached; the registry is written, try again'],
  keys_unavailable: [503, 'the signing keys of the issuer cannot be fetched; try again'],
  registry_unavailable: [503, 'the tenant registry cannot be read; try again'],
  replay_check_unavailable: [503, 'whether the token has been used before cannot be told; try again'],
  signing_unavailable: [503, 'the key that signs tokens for AWS cannot be used; try again'],
  user_keys_unavailable: [503, 'the long-term keys of the IAM user cannot be read; try again'],
  sign_in_unavailable: [503, 'AWS Sign-In cannot be reached; try again'],
  deadline_exceeded: [503, 'it took too long; try again'],
  sts_unavailable: [503, 'AWS STS cannot be reached; try again'],
} as const satisfies Record<string, readonly [status: number, text: string]>;

/** The stable name of a failure, in answers (`code`) and in the audit log. */
export type ErrorCode = keyof typeof FAILURES;

/** All codes, for documents that list them. */
export const ERROR_CODES = Object.keys(FAILURES) as readonly ErrorCode[];

/** The HTTP status that a code answers with. */
export function statusOf(code: ErrorCode): (typeof FAILURES)[ErrorCode][0] {
  return FAILURES[code][0];
}

/** The fixed text of a code, for callers. */
export function textOf(code: ErrorCode): string {
  return FAILURES[code][1];
}

/** One thing that is wrong with what was written, and where. */
export interface Fault {
  /** Member names and list positions from the top: `['profiles', 0]`. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a `VendingError` may carry besides its code. */
export interface VendingErrorOptions {
  /** Replaces the code's fixed text. Callers read it: never a token, a claim or a secret. */
  readonly detail?: string;
  /** Sent as `Retry-After`, in whole seconds. */
  readonly retryAfterSeconds?: number;
  /** For `request_invalid`: every member that is wrong. */
  readonly faults?: readonly Fault[];
  /** For the log alone: the error underneath, or a sentence of our own that holds no claim, token or secret. */
  readonly cause?: unknown;
}

/** A refusal or failure with a stable code. `message` is what the caller may read; `cause` is for the log alone. */
export class VendingError extends Error {
  override readonly name = 'VendingError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, { detail, retryAfterSeconds, faults = [], cause }: VendingErrorOptions = {}) {
    super(detail ?? textOf(code), { cause });
    this.code = code;
    this.faults = faults;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Something that an operator wrote is wrong: a profile, an issuer's or tenant's record, the environment. The message
 * names the place, what it got and what it expected. Thrown at start and at synth, so that nothing wrong is served.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Where a parser knows it: every member that is wrong. */
  readonly faults: readonly Fault[];

  constructor(
    message: string,
    { faults = [], ...options }: ErrorOptions & { readonly faults?: readonly Fault[] } = {},
  ) {
    super(message, options);
    this.faults = faults;
  }
}
