import { LatchkeyError } from './error.ts';
import { type Exchange, exchange } from './exchange.ts';
import type { Surroundings } from './options.ts';
import { parseProblem } from './problem.ts';
import { isTransient, pauseMilliseconds, TRIES, wasTurnedAway } from './retry.ts';
import { readTokenWithin } from './token-source.ts';

/** What is asked of the API. */
export interface ApiCall<T> {
  readonly method: 'GET' | 'POST';
  /** Below the endpoint: `credentials`. */
  readonly route: string;
  /** JSON; left out: no body. */
  readonly body?: string;
  /** The answer to a 200; undefined for one that is not Latchkey's. */
  readonly parse: (answer: Exchange) => T | undefined;
  /** Whether the body holds what is good once: then it is not sent again after a failure that may have used it up. */
  readonly once?: boolean;
}

/** What an API is reached with. */
export interface ApiOptions {
  /** From `parseEndpoint`. */
  readonly endpoint: URL;
  /** Asked at each call. Throws `token_unreadable`. */
  readonly readToken: () => Promise<string>;
  /** Of one call: reading the token, tries and pauses together. */
  readonly timeoutMilliseconds: number;
  /** What the caller has asked for, where some of it had passed before: what errors tell. */
  readonly askedMilliseconds?: number;
  readonly surroundings: Surroundings;
}

/** Calls the API, and calls again where that helps. Throws `LatchkeyError`. */
export type Api = <T>(call: ApiCall<T>) => Promise<T>;

/** With the token that was refused, another may have been written in the meantime. */
const STALE_TOKEN: ReadonlySet<string> = new Set(['token_expired', 'token_invalid']);

/** The API at an endpoint, as whoever holds the token. */
export function createApi({
  endpoint,
  readToken,
  timeoutMilliseconds,
  surroundings,
  ...rest
}: ApiOptions): Api {
  const { askedMilliseconds = timeoutMilliseconds } = rest;
  const { now, sleep, random } = surroundings;

  function readTokenBy(deadline: number): Promise<string> {
    const milliseconds = Math.max(0, deadline - now());
    return readTokenWithin(readToken, { milliseconds, askedMilliseconds, sleep });
  }

  async function attempt<T>({ method, route, body, parse }: ApiCall<T>, token: string, deadline: number) {
    // Half of all there is, so that one that hangs leaves time for another.
    const milliseconds = Math.ceil(Math.min(timeoutMilliseconds / 2, Math.max(1, deadline - now())));
    const url = new URL(route, endpoint);
    const answer = await exchange(
      { url, method, token, body, askedMilliseconds },
      surroundings,
      milliseconds,
    );
    if (answer.status !== 200) throw parseProblem(answer, token, now());
    const parsed = parse(answer);
    if (parsed !== undefined) return parsed;
    const message = `got an answer from ${url.origin} that is not Latchkey's, expected one of the stack's output ApiUrl`;
    throw new LatchkeyError('answer_invalid', message, { status: answer.status });
  }

  async function attemptUntil<T>(deadline: number, call: ApiCall<T>, token: string): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(call, token, deadline);
      } catch (error) {
        if (!(error instanceof LatchkeyError) || !isTransient(error) || tries === TRIES) throw error;
        if (call.once === true && !wasTurnedAway(error)) throw error;
        const pause = pauseMilliseconds(tries, error.retryAfterSeconds, random);
        if (now() + pause >= deadline) throw error;
        await sleep(pause);
      }
    }
  }

  return async (call) => {
    const deadline = now() + timeoutMilliseconds;
    const token = await readTokenBy(deadline);
    try {
      return await attemptUntil(deadline, call, token);
    } catch (error) {
      if (!(error instanceof LatchkeyError) || !STALE_TOKEN.has(error.code)) throw error;
      const reread = await readTokenBy(deadline);
      if (reread === token) throw error;
      return await attemptUntil(deadline, call, reread);
    }
  };
}
