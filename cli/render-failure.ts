import { type Problem, RefusedError, UnreachableError, UsageError } from './failure.ts';
import { printable } from './terminal.ts';

/** Also for answers of what stands in front of Latchkey, which have no code. */
const FORBIDDEN =
  "the AWS identity that signs needs execute-api:Invoke on the operators' API; check AWS_PROFILE and --region";

/** What helps, by the code of a failure, where the failure's own text does not say it. */
const CURES: Readonly<Record<string, string>> = {
  precondition_failed:
    'read it again with get: an earlier try may have done it; else use the version that is stored now',
  tenant_not_found: '`latchkey tenant list` shows those that there are',
  issuer_not_found: '`latchkey issuer list` shows those that there are; `latchkey issuer put` makes one',
  issuer_in_use: '`latchkey tenant list` shows who may be bound to it',
  binding_taken: 'take it from the other tenant first, or wait for an hour after it was freed',
  write_conflict: 'run the same command again',
  events_unavailable:
    'it is written; run the same command again, without --if-match, so that listeners hear of it',
  revocation_failed: 'mend what AWS names, and run the same command again, without --if-match',
  revocations_full: 'run the same command again in a few minutes',
  signature_missing: 'check that --endpoint or LATCHKEY_ENDPOINT has the stage of the API at its end',
  signature_invalid: 'check AWS_PROFILE and --region',
  signature_expired: 'sign in to AWS again',
  not_authorized: FORBIDDEN,
  role_not_assumable: '`latchkey tenant role-template` prints the role as it must be',
};

/** An error as lines for people: what, every fault, which request, and what helps. */
export function renderFailure(error: unknown): string {
  const lines = linesOf(error);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return problemLines(error.problem);
  if (error instanceof UsageError || error instanceof UnreachableError) return [`latchkey: ${error.message}`];
  // A fault of ours: the stack is what its report needs.
  const { stack } = error instanceof Error ? error : new Error(String(error));
  return ['latchkey: a fault of this program', ...(stack ?? '').split('\n')];
}

function problemLines(problem: Problem): readonly string[] {
  const { status, code, detail, faults, requestId, retryAfterSeconds } = problem;
  const cure = code === undefined ? (status === 403 ? FORBIDDEN : undefined) : CURES[code];
  return [
    `latchkey: ${detail} (${code ?? `HTTP ${status}`})`,
    ...faults.map((fault) => `  ${fault.pointer || 'the body'}: ${fault.detail}`),
    ...(cure === undefined ? [] : [`  cure: ${cure}`]),
    ...(retryAfterSeconds === undefined ? [] : [`  try again in ${retryAfterSeconds} s`]),
    ...(requestId === undefined ? [] : [`  request id: ${requestId}`]),
  ];
}
