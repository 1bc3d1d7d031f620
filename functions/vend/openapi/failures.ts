import type { ErrorCode } from '../../core/errors.ts';

/** How it can end before it is known which tenant asks, or whether the tenant may ask at all. */
const TENANT_FAILURES: readonly ErrorCode[] = [
  'request_invalid',
  'tenant_unknown',
  'tenant_inactive',
  'internal_error',
  'record_invalid',
  'registry_unavailable',
  'replay_check_unavailable',
  'deadline_exceeded',
];

/** How whatever needs an access token can end. */
export const TOKEN_FAILURES: readonly ErrorCode[] = [
  ...TENANT_FAILURES,
  'token_missing',
  'token_malformed',
  'token_invalid',
  'token_expired',
  'token_replayed',
  'token_bound',
  'token_not_bound',
  'proof_invalid',
  'proof_nonce_required',
  'issuer_unknown',
  'insufficient_scope',
  'keys_unavailable',
];

/** How whatever needs a SAML assertion can end. */
export const ASSERTION_FAILURES: readonly ErrorCode[] = [
  ...TENANT_FAILURES,
  'assertion_missing',
  'assertion_malformed',
  'assertion_invalid',
  'assertion_expired',
  'assertion_replayed',
  'assertion_role_missing',
  'provider_unknown',
];

/** How a body can fail before it is looked at. */
export const BODY_FAILURES: readonly ErrorCode[] = ['request_too_large', 'media_type_unsupported'];

/** How whatever asks AWS STS can end. */
export const STS_FAILURES: readonly ErrorCode[] = [
  'tenant_throttled',
  'subject_throttled',
  'deployment_throttled',
  'sts_rejected',
  'sts_throttled',
  'sts_unavailable',
];

/** How a vend can end, whatever its method is. */
export const VEND_FAILURES: readonly ErrorCode[] = [
  ...STS_FAILURES,
  'profile_not_granted',
  'profile_elsewhere',
  'scope_invalid',
  'duration_out_of_range',
  'policy_unrenderable',
  'policy_too_large',
  'role_not_assumable',
  'tag_session_denied',
  'source_identity_denied',
  'packed_policy_too_large',
];

/** How a vend with a web identity can end besides, by a token of Latchkey's own or by the caller's. */
export const WEB_IDENTITY_FAILURES: readonly ErrorCode[] = [
  'token_tags_mismatch',
  'identity_refused',
  'issuer_off',
  'signing_unavailable',
];

/** How a vend by an IAM user's keys can end besides. */
export const IAM_USER_FAILURES: readonly ErrorCode[] = [
  'mfa_required',
  'mfa_refused',
  'user_mismatch',
  'user_keys_unavailable',
];
