import { type Api, createApi } from './api.ts';
import { createFetchCredentials } from './fetch-credentials.ts';
import type { LatchkeyOptions, Surroundings } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { realSurroundings } from './surroundings.ts';
import { readToken } from './token-source.ts';

/** The API, and credentials from it: what `fromLatchkey` and `LatchkeySession` are made of. */
export interface Connection {
  readonly api: Api;
  readonly refresher: Refresher;
}

/** Connects the parts; nothing is fetched yet. Throws `options_invalid`. `listener` is told instead of the options' `onEvent`. */
export function connect(
  options: LatchkeyOptions,
  replaced: Partial<Surroundings> = {},
  listener?: LatchkeyOptions['onEvent'],
): Connection {
  const parsed = parseOptions(options);
  const surroundings = { ...realSurroundings, ...replaced };
  const { endpoint, token, timeoutMilliseconds } = parsed;
  const api = createApi({ endpoint, readToken: () => readToken(token), timeoutMilliseconds, surroundings });
  const { advisoryRefreshSeconds, mandatoryRefreshSeconds, onEvent = () => {} } = parsed;
  const refresher = createRefresher({
    fetchCredentials: createFetchCredentials(parsed, surroundings),
    advisoryRefreshSeconds,
    mandatoryRefreshSeconds,
    onEvent: listener ?? onEvent,
    surroundings,
  });
  return { api, refresher };
}
