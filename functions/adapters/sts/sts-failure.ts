import { VendingError } from '../../core/errors.ts';

/** The parts of an AWS SDK error that tell one from another; by name, since `instanceof` fails across two copies of the SDK. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
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
/** Also 200: an answer that cannot be read is none of AWS's own. */
const UNAVAILABLE_STATUS = new Set([200, 500, 502, 503, 504]);
const SOCKET_ERROR = /^(?:E[A-Z]+|UND_ERR_\w+)$/;

/** The failure that an error of STS AssumeRole stands for; the error itself stays the cause, for the log. */
export function stsFailure(cause: unknown): VendingError {
  const { name = '', code = '', message = '', $metadata } = (cause ?? {}) as SdkError;
  if (name === 'AccessDenied' || name === 'AccessDeniedException') return denied(message, cause);
  if (name === REGION_OFF)
    return new VendingError('role_not_assumable', {
      detail: "AWS refuses the role: STS is switched off for this Region in the role's account",
      cause,
    });
  if (name.startsWith('PackedPolicyTooLarge')) return packedTooLarge(message, cause);
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

/** AWS says in its text which of the three permissions was missing. */
function denied(message: string, cause: unknown): VendingError {
  if (message.includes('sts:TagSession')) return new VendingError('tag_session_denied', { cause });
  if (message.includes('sts:SetSourceIdentity')) return new VendingError('source_identity_denied', { cause });
  return new VendingError('role_not_assumable', { cause });
}

function packedTooLarge(message: string, cause: unknown): VendingError {
  const percent = /(\d+)\s?%/.exec(message)?.[1];
  if (percent === undefined) return new VendingError('packed_policy_too_large', { cause });
  const detail = `AWS finds the packed session policy and tags ${percent}% full: drop optional tags or statements from the profile`;
  return new VendingError('packed_policy_too_large', { detail, cause });
}
