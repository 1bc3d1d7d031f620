import { LatchkeyError } from '../client/src/index.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Something that only whoever typed the command can mend. The message is what they read; nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The API could not be asked, or nobody knows what it answered. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** What an answer that is not a success says of itself, as far as it says it. */
export interface Problem {
  readonly status: number;
  /** Stable name of the failure; undefined when something in front of Latchkey answered. */
  readonly code: string | undefined;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly faults: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The API answered, and not with a success. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly problem: Problem;
  /** The answer as it came. */
  readonly text: string;

  constructor(problem: Problem, text: string) {
    super(problem.detail);
    this.problem = problem;
    this.text = text;
  }
}

/** What nobody but who typed the command can mend, and what was never sent. */
const USAGE: ReadonlySet<string> = new Set([
  'options_invalid',
  'token_unreadable',
  'mfa_unreadable',
  'cache_refused',
]);

/** An error of the client package as one of ours, and what our own parts threw inside of it as itself; others as they are. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof LatchkeyError)) return error;
  const { code, status, vendId, retryAfterSeconds, message, cause } = error;
  if (cause instanceof UsageError || cause instanceof RefusedError || cause instanceof UnreachableError)
    return cause;
  if (status !== undefined && status >= 400) {
    const problem = { status, code, detail: message, requestId: vendId, retryAfterSeconds, faults: [] };
    return new RefusedError(problem, JSON.stringify({ status, code, detail: message, vendId }));
  }
  return USAGE.has(code) ? new UsageError(message) : new UnreachableError(message);
}

/** How the program ends after an error. */
export function exitCodeOf(thrown: unknown): ExitCode {
  const error = asFailure(thrown);
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof RefusedError)) return EXIT.failed;
  const { status } = error.problem;
  return status >= 400 && status < 500 && status !== 429 ? EXIT.refused : EXIT.failed;
}
