import { createApi } from './api.ts';
import { cacheDirectoryOf } from './cache-directory.ts';
import { cacheKey } from './cache-key.ts';
import { createFileCache } from './file-cache.ts';
import { codeSeconds, readMfaCode } from './mfa-code.ts';
import type { Surroundings } from './options.ts';
import type { ParsedOptions } from './parse-options.ts';
import type { RefresherOptions } from './refresher.ts';
import { createSharedFetch } from './shared-fetch.ts';
import { readToken } from './token-source.ts';
import { createVend } from './vend.ts';

/**
 * What a refresher fetches credentials with: a vend, behind the cache if the options ask for one. Throws `options_invalid` for a cache
 * where there are no files.
 */
export function createFetchCredentials(
  options: ParsedOptions,
  surroundings: Surroundings,
): RefresherOptions['fetchCredentials'] {
  const { endpoint, token, profile, durationSeconds, scope, mfa, route, cache, timeoutMilliseconds } =
    options;
  const readCurrentToken = () => readToken(token);
  const vend = (readVendToken: () => Promise<string>, milliseconds: number) =>
    createVend({
      api: createApi({
        endpoint,
        readToken: readVendToken,
        timeoutMilliseconds: milliseconds,
        askedMilliseconds: timeoutMilliseconds,
        surroundings,
      }),
      profile,
      durationSeconds,
      scope,
      mfa: mfa && { serialNumber: mfa.serialNumber, readCode: () => readMfaCode(mfa.code) },
      route,
    })();
  const directory = cacheDirectoryOf(cache);
  if (directory === undefined) return () => vend(readCurrentToken, timeoutMilliseconds);
  const { advisoryRefreshSeconds, mandatoryRefreshSeconds } = options;
  return createSharedFetch({
    cache: createFileCache(directory, surroundings.now),
    keyOf: (used) => cacheKey(options, used),
    readToken: readCurrentToken,
    vend,
    timeoutMilliseconds,
    codeMilliseconds: mfa === undefined ? 0 : codeSeconds(mfa.code) * 1000,
    advisoryRefreshSeconds,
    mandatoryRefreshSeconds,
    surroundings,
  });
}
