import { LatchkeyError } from './error.ts';
import type { Exchange } from './exchange.ts';
import { parseJsonObject } from './json-object.ts';
import { parseRetryAfter } from './retry.ts';

/** As the server writes them (docs/architecture.md): what does not look so is not Latchkey's. */
const CODE = /^[a-z][a-z0-9_]{1,63}$/;
const VEND_ID = /^[\w.+/=-]{1,128}$/;
/** No control characters: texts end up on terminals. */
const DETAIL = /^[^\p{Cc}]{1,1000}$/u;

/**
 * The error that a problem+json answer (RFC 9457) speaks of; `answer_invalid` for one that is not Latchkey's. What repeats the token is left
 * out: not Latchkey does it, but what stands in its place might.
 */
export function parseProblem({ status, headers, text }: Exchange, token: string, now: number): LatchkeyError {
  const { code, detail, vendId } = parseJsonObject(text) ?? {};
  const options = {
    status,
    vendId: read(VEND_ID, vendId, token),
    retryAfterSeconds: parseRetryAfter(headers, now),
  };
  const known = read(CODE, code, token);
  if (known !== undefined)
    return new LatchkeyError(known, read(DETAIL, detail, token) ?? `got status ${status}`, options);
  const message = `got status ${status} from something that is not Latchkey, expected an answer of the stack's output ApiUrl`;
  return new LatchkeyError('answer_invalid', message, options);
}

function read(form: RegExp, member: unknown, token: string): string | undefined {
  return typeof member === 'string' && form.test(member) && !member.includes(token) ? member : undefined;
}
