import { type ErrorCode, VendingError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The parts of an AWS SDK error that tell one from another; by name, since `instanceof` fails across two copies of the SDK. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What was asked with, where that is more than the function's own credentials. */
export interface AskedWith {
  /** Tokens, assertions and codes of the request: an error that repeats a part of one is no cause for a log. */
  readonly secrets?: readonly Secret[] | undefined;
  /** What it means that a token has expired, where that is the one in the request. Left out: the function's own credentials have. */
  readonly expired?: ErrorCode | undefined;
}

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);
const UNREACHABLE = new Set(['TimeoutError', 'NetworkingError', 'AbortError']);
/** An answer about the account that the role is in, whose owner has switched the Region's STS off: nobody else's role is refused. */
const REGION_OFF = 'RegionDisabledException';
/** The SDK's names of these end in `Exception`, and those on the wire do not. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors */
const IDENTITY_REFUSED = /^(?:IDPRejectedClaim|InvalidIdentityToken)(?:Exception)?$/;
const IDENTITY_EXPIRED = /^ExpiredToken(?:Exception)?$/;
const PROVIDER_UNREACHABLE = /^IDPCommunicationError(?:Exception)?$/;
/** Also 200: an answer that cannot be read is none of AWS's own. */
const UNAVAILABLE_STATUS = new Set([200, 500, 502, 503, 504]);
const SOCKET_ERROR = /^(?:E[A-Z]+|UND_ERR_\w+)$/;

/** The failure that an error of STS stands for; the error itself, without what is secret, stays the cause, for the log. */
export function stsFailure(
  error: unknown,
  { secrets = [], expired = 'sts_rejected' }: AskedWith = {},
): VendingError {
  const { name = '', code = '', message = '', $metadata } = (error ?? {}) as SdkError;
  const cause = secrets.length > 0 ? withoutSecrets(error, secrets) : error;
  if (name === 'AccessDenied' || name === 'AccessDeniedException') return denied(message, cause);
  if (name === REGION_OFF)
    return new VendingError('role_not_assumable', {
      detail: "AWS refuses the role: STS is switched off for this Region in the role's account",
      cause,
    });
  if (name.startsWith('PackedPolicyTooLarge')) return packedTooLarge(message, cause);
  if (IDENTITY_REFUSED.test(name)) return new VendingError('identity_refused', { cause });
  if (IDENTITY_EXPIRED.test(name)) return new VendingError(expired, { cause });
  if (PROVIDER_UNREACHABLE.test(name))
    return new VendingError('sts_unavailable', {
      detail: 'AWS STS cannot reach the identity provider of the token; try again',
      cause,
      retryAfterSeconds: 1,
    });
  if (THROTTLED.has(name)) return new VendingError('sts_throttled', { cause, retryAfterSeconds: 1 });
  if (
    UNREACHABLE.has(name) ||
    SOCKET_ERROR.test(code) ||
    UNAVAILABLE_STATUS.has($metadata?.httpStatusCode ?? 0)
  ) {
    return new VendingError('sts_unavailable', { cause, retryAfterSeconds: 1 });
  }
  return new VendingError('sts_rejected', { cause });
}

/** Whether another Region's STS may give what this one's does not. */
export function isRegionOff({ cause }: VendingError): boolean {
  return (cause as SdkError | undefined)?.name === REGION_OFF;
}

/** Whether STS itself is well, and waited in vain for an identity provider. */
export function isProviderUnreachable({ cause }: VendingError): boolean {
  return PROVIDER_UNREACHABLE.test((cause as SdkError | undefined)?.name ?? '');
}

/** What else AWS may refuse, and whom the role must allow it; the longer names first, since they begin alike. */
const REFUSED: readonly (readonly [action: string, detail: string])[] = [
  [
    'sts:AssumeRoleWithWebIdentity',
    "AWS refuses the role: its trust policy must allow sts:AssumeRoleWithWebIdentity to the token's issuer, for its audience and subject, with these tags",
  ],
  [
    'sts:AssumeRoleWithSAML',
    'AWS refuses the role: its trust policy must allow sts:AssumeRoleWithSAML to the SAML provider, for its audience, with these tags',
  ],
  [
    'sts:SetContext',
    'AWS refuses the contexts: the trust policy of the role must allow sts:SetContext to Latchkey',
  ],
];

/** AWS says in its text which permission was missing. */
function denied(message: string, cause: unknown): VendingError {
  if (message.includes('MultiFactorAuthentication failed')) return new VendingError('mfa_refused', { cause });
  if (message.includes('sts:TagSession'))
    return new VendingError('tag_session_denied', { ...federatedDetail(message, 'the session tags'), cause });
  if (message.includes('sts:SetSourceIdentity'))
    return new VendingError('source_identity_denied', {
      ...federatedDetail(message, 'the source identity'),
      cause,
    });
  const [, detail] = REFUSED.find(([action]) => message.includes(action)) ?? [];
  return new VendingError('role_not_assumable', { ...(detail === undefined ? {} : { detail }), cause });
}

/** AWS names no user where a token or an assertion stands for one: whom the role must trust is the identity provider. */
function federatedDetail(message: string, what: string): { readonly detail?: string } {
  const action = /^Not authorized to perform (sts:\w+)/.exec(message)?.[1];
  if (action === undefined) return {};
  return {
    detail: `AWS refuses ${what}: the trust policy of the role must allow ${action} to the identity provider`,
  };
}

function packedTooLarge(message: string, cause: unknown): VendingError {
  const percent = /(\d+)\s?%/.exec(message)?.[1];
  if (percent === undefined) return new VendingError('packed_policy_too_large', { cause });
  const detail = `AWS finds the packed session policy and tags ${percent}% full: drop optional tags or statements from the profile`;
  return new VendingError('packed_policy_too_large', { detail, cause });
}
