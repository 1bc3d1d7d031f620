/** What a `LatchkeyError` may say. */
export interface LatchkeyErrorOptions {
  /** Of the answer; undefined when there was none. */
  readonly status?: number | undefined;
  readonly vendId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Why there are no credentials. `code` is the server's (`token_expired`, `profile_not_granted`, …; docs/architecture.md lists
 * them), or one of the client's own: `unreachable` (no answer in time), `answer_invalid` (an answer that is not Latchkey's),
 * `token_unreadable`, `mfa_unreadable`, `options_invalid`, `cache_refused` (a cache file that others may read or write), `expired`.
 * Neither message nor members ever hold a token or a secret.
 */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: string;
  readonly status: number | undefined;
  readonly vendId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    message: string,
    { status, vendId, retryAfterSeconds, cause }: LatchkeyErrorOptions = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
    this.vendId = vendId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
