import { LatchkeyError } from '../client/src/index.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** What an error of ours may carry besides its message. */
export interface FailureOptions extends ErrorOptions {
  /** Of the client's error that it was; people are told what helps. */
  readonly code?: string;
}

/** Something that only whoever typed the command can mend. The message is what they read; nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string | undefined;

  constructor(message: string, { code, ...options }: FailureOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The API could not be asked, or nobody knows what it answered. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code: string | undefined;

  constructor(message: string, { code, ...options }: FailureOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** What an answer that is not a success says of itself, as far as it says it. */
export interface Problem {
  readonly status: number;
  /** Stable name of the failure; undefined when something in front of Latchkey answered. */
  readonly code: string | undefined;
  readonly detail: string;
  /** Latchkey's name for the request, which its audit log has. */
  readonly vendId: string | undefined;
  /** API Gateway's, where Latchkey was not reached. */
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
  // What is not Latchkey's refuses nothing, whatever its status.
  if (status !== undefined && status >= 400 && code !== 'answer_invalid') {
    const problem = {
      status,
      code,
      detail: message,
      vendId,
      requestId: undefined,
      retryAfterSeconds,
      faults: [],
    };
    return new RefusedError(problem, JSON.stringify({ status, code, detail: message, vendId }));
  }
  return USAGE.has(code) ? new UsageError(message, { code }) : new UnreachableError(message, { code });
}

/** How the program ends after an error. */
export function exitCodeOf(thrown: unknown): ExitCode {
  const error = asFailure(thrown);
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof RefusedError)) return EXIT.failed;
  const { status } = error.problem;
  return status >= 400 && status < 500 && status !== 429 ? EXIT.refused : EXIT.failed;
}
