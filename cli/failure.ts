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

/** How the program ends after an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof RefusedError)) return EXIT.failed;
  const { status } = error.problem;
  return status >= 400 && status < 500 && status !== 429 ? EXIT.refused : EXIT.failed;
}
