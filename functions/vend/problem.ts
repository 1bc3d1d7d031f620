import type { VendingError } from '../core/errors.ts';
import { plainProblem } from '../core/problem.ts';

/** RFC 6750, 3.1: which of our codes is which of its errors. A request without a token gets a bare challenge. */
const CHALLENGES: Partial<Record<VendingError['code'], string>> = {
  token_missing: '',
  token_malformed: ' error="invalid_token"',
  token_invalid: ' error="invalid_token"',
  token_expired: ' error="invalid_token", error_description="the token has expired"',
  issuer_unknown: ' error="invalid_token"',
  insufficient_scope: ' error="insufficient_scope"',
};

/** A failure as an HTTP answer, with a bearer challenge on every 401 and 403. */
export function problemResponse(failure: VendingError, vendId: string): Response {
  const response = plainProblem(failure, vendId);
  if (response.status === 401 || response.status === 403)
    response.headers.set('WWW-Authenticate', `Bearer realm="latchkey"${challenge(failure.code)}`);
  return response;
}

function challenge(code: VendingError['code']): string {
  const error = CHALLENGES[code] ?? '';
  return error === '' ? '' : `,${error}`;
}
