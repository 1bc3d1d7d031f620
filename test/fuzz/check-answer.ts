import { ERROR_CODES, type ErrorCode, statusOf } from '../../functions/core/errors.ts';
import type { Exchange } from './exchange.ts';
import { CANARY } from './tenants.ts';

/** What an answer says: its code, or undefined for one that is none of a failure. */
export interface Checked {
  readonly code: ErrorCode | undefined;
  /** Undefined for text. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** A code that may be answered only where somebody else has failed, or an operator wrote something wrong. */
const NEVER: readonly ErrorCode[] = [
  'internal_error',
  'policy_unrenderable',
  'policy_too_large',
  'record_invalid',
];

/** Parts of a token that are shorter than this are in other texts as well. */
const TELLING_CHARACTERS = 24;

/**
 * Throws unless an answer is one that Latchkey may give, whatever it was asked: not stored, no fault of ours, a failure in the
 * form of RFC 9457 with what its status demands, and nothing secret in it or in the log.
 */
export function checkAnswer(exchange: Exchange, mayAnswer: readonly ErrorCode[] = []): Checked {
  const { sent, status, headers, text } = exchange;
  if (headers.get('cache-control') !== 'no-store') throw new Error('answer: expected no-store');
  const checked = status < 400 ? readAnswer(exchange) : readProblem(exchange);
  const { code } = checked;
  if (code !== undefined && NEVER.includes(code) && !mayAnswer.includes(code))
    throw new Error(`${status}: got ${code}, expected none of our own making: ${exchange.lines.join()}`);
  const told = secretsOf(sent);
  const written = exchange.lines.join('\n');
  if (told.some((secret) => written.includes(secret))) throw new Error('audit: got a secret of the caller');
  const shown = `${[...headers.values()].join('\n')}\n${text}`;
  if (status >= 400 && told.some((secret) => shown.includes(secret)))
    throw new Error('answer: got a secret of the caller');
  return checked;
}

function readAnswer({ sent, status, headers, text }: Exchange): Checked {
  if (status !== 200) throw new Error(`got status ${status}, expected 200 or a failure`);
  if (sent.method === 'HEAD') throw new Error('HEAD: got 200, expected a refusal');
  if (!headers.get('content-type')?.startsWith('application/json'))
    return { code: undefined, json: undefined };
  return { code: undefined, json: JSON.parse(text) };
}

function readProblem({ sent, status, headers, text }: Exchange): Checked {
  const challenge = headers.get('www-authenticate') ?? '';
  const demanded: Readonly<Record<number, boolean>> = {
    401: /^Bearer .*, DPoP /.test(challenge),
    403: /^(?:Bearer|DPoP) /.test(challenge),
    429: headers.has('retry-after'),
    503: headers.has('retry-after'),
  };
  if (demanded[status] === false) throw new Error(`${status}: expected a challenge, or Retry-After`);
  // The body of an answer to HEAD is not sent.
  if (sent.method === 'HEAD') return { code: 'method_not_allowed', json: undefined };
  if (headers.get('content-type') !== 'application/problem+json')
    throw new Error(`${status}: expected application/problem+json`);
  const json = JSON.parse(text) as Record<string, unknown>;
  const code = json['code'] as ErrorCode;
  if (!ERROR_CODES.includes(code) || statusOf(code) !== status || json['status'] !== status)
    throw new Error(`${status}: got code ${String(code)}, expected one of that status`);
  return { code, json };
}

/** What of a request must be found nowhere: the canary, and every long part of token and proof. */
function secretsOf({ headers }: Exchange['sent']): readonly string[] {
  const parts = headers
    .filter(([name]) => /^(?:authorization|dpop)$/i.test(name))
    .flatMap(([, value]) => value.split(/[^\w-]+/))
    .filter((part) => part.length >= TELLING_CHARACTERS);
  return [CANARY, ...parts];
}
