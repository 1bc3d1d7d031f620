import { type Fault, statusOf, type VendingError } from './errors.ts';
import type { Problem } from './problem-schema.ts';

/** What a failure says to its caller. */
export interface ProblemFacts {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly vendId: string;
  /** Every member of the request's body that is wrong. */
  readonly faults?: readonly Fault[];
}

/**
 * The body of every answer to a failure, ours and API Gateway's: RFC 9457, and the members in which AWS SDKs look for a
 * reason. Of a failed container credential request, Go shows `code` and `message`, JavaScript `Code` and `Message`.
 */
export function problemBody({ code, status, detail, vendId, faults = [] }: ProblemFacts) {
  return {
    type: `urn:latchkey:error:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    detail,
    code,
    vendId,
    ...(faults.length === 0 ? {} : { errors: faults.map(presentFault) }),
    Code: code,
    message: detail,
    Message: detail,
  };
}

/** A failure as an HTTP answer: problem+json, never stored, with Retry-After where it helps. */
export function plainProblem(
  { code, message, faults, retryAfterSeconds }: VendingError,
  vendId: string,
): Response {
  const status = statusOf(code);
  const body: Problem = problemBody({ code, status, detail: message, vendId, faults });
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  return new Response(JSON.stringify(body), { status, headers });
}

/** As RFC 9457, 3 has it: the place by a JSON pointer (RFC 6901, 3 and 4). */
function presentFault({ path, message }: Fault) {
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { pointer, detail: message };
}
