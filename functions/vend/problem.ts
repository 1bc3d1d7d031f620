import { statusOf, type VendingError } from '../core/errors.ts';
import { problemBody } from '../core/problem.ts';
import type { Problem } from './answers.ts';

/** RFC 6750, 3.1: which of our codes is which of its errors. A request without a token gets a bare challenge. */
const CHALLENGES: Partial<Record<VendingError['code'], string>> = {
  token_missing: '',
  token_malformed: ' error="invalid_token"',
  token_invalid: ' error="invalid_token"',
  token_expired: ' error="invalid_token", error_description="the token has expired"',
  issuer_unknown: ' error="invalid_token"',
  insufficient_scope: ' error="insufficient_scope"',
};

/** A failure as an HTTP answer: problem+json (RFC 9457), a challenge on every 401 and 403, Retry-After where it helps. */
export function problemResponse(failure: VendingError, vendId: string): Response {
  const status = statusOf(failure.code);
  const body: Problem = problemBody({ code: failure.code, status, detail: failure.message, vendId });
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  if (status === 401 || status === 403)
    headers['WWW-Authenticate'] = `Bearer realm="latchkey"${challenge(failure.code)}`;
  if (failure.retryAfterSeconds !== undefined) headers['Retry-After'] = String(failure.retryAfterSeconds);
  return new Response(JSON.stringify(body), { status, headers });
}

function challenge(code: VendingError['code']): string {
  const error = CHALLENGES[code] ?? '';
  return error === '' ? '' : `,${error}`;
}
