import type { VendingError } from '../core/errors.ts';
import { plainProblem } from '../core/problem.ts';
import { PROOF_ALGORITHMS } from '../core/token/dpop-proof.ts';
import type { PresentedToken } from '../core/token/presented-token.ts';
import { PROTECTED_RESOURCE_PATH } from './protected-resource.ts';

/** What a challenge takes up of the request that it answers. */
export interface Challenged {
  /** How the token was presented, or would be without a better way. */
  readonly scheme: PresentedToken['scheme'];
  /** Where the API is; undefined if that is not known. */
  readonly apiUrl: string | undefined;
}

const INVALID_TOKEN = 'error="invalid_token"';

/** RFC 6750, 3.1, and RFC 9449, 7.1: which of our codes is which of their errors. A request without a token gets none. */
const ERRORS: Partial<Record<VendingError['code'], string>> = {
  token_malformed: INVALID_TOKEN,
  token_invalid: INVALID_TOKEN,
  token_expired: `${INVALID_TOKEN}, error_description="the token has expired"`,
  token_replayed: INVALID_TOKEN,
  token_bound: INVALID_TOKEN,
  token_not_bound: INVALID_TOKEN,
  issuer_unknown: INVALID_TOKEN,
  proof_invalid: 'error="invalid_dpop_proof"',
  proof_nonce_required: 'error="use_dpop_nonce"',
  insufficient_scope: 'error="insufficient_scope"',
};

const PARAMETERS: Readonly<Record<PresentedToken['scheme'], readonly string[]>> = {
  Bearer: ['realm="latchkey"'],
  DPoP: ['realm="latchkey"', `algs="${PROOF_ALGORITHMS.join(' ')}"`],
};

/**
 * A failure as an HTTP answer, with challenges (RFC 9110, 11.6.1) on every 401 and 403: both schemes on the former, where
 * another might do; the one that was used on the latter. What was wrong stands with the one that was used.
 */
export function problemResponse(
  failure: VendingError,
  vendId: string,
  { scheme, apiUrl }: Challenged = { scheme: 'Bearer', apiUrl: undefined },
): Response {
  const response = plainProblem(failure, vendId);
  // RFC 9728, 5.1.
  const metadata = apiUrl === undefined ? [] : [`resource_metadata="${apiUrl}${PROTECTED_RESOURCE_PATH}"`];
  const challenge = (of: PresentedToken['scheme']) => {
    const error = of === scheme ? ERRORS[failure.code] : undefined;
    return `${of} ${[...PARAMETERS[of], ...(error === undefined ? [] : [error]), ...metadata].join(', ')}`;
  };
  if (response.status === 401)
    response.headers.set('WWW-Authenticate', `${challenge('Bearer')}, ${challenge('DPoP')}`);
  if (response.status === 403) response.headers.set('WWW-Authenticate', challenge(scheme));
  return response;
}
