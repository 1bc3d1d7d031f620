import type { CacheEntry } from './cache-entry.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import { LatchkeyError } from './error.ts';
import type { FileCache } from './file-cache.ts';
import type { Surroundings } from './options.ts';
import { refreshMoments } from './refresh-moments.ts';
import type { RefreshPurpose } from './refresher.ts';
import { readTokenWithin } from './token-source.ts';

/** What stands between a refresher and its vends. */
export interface SharedFetchOptions {
  readonly cache: FileCache;
  /** Under which a token's credentials are kept. */
  readonly keyOf: (token: string) => string;
  /** Throws `token_unreadable`. */
  readonly readToken: () => Promise<string>;
  /** A vend that gets its token from what it is given, may ask for another, and has so many milliseconds. */
  readonly vend: (readToken: () => Promise<string>, milliseconds: number) => Promise<LatchkeyCredentials>;
  /** Of one fetch in all. Up to half of it is spent waiting for another process that is fetching the same. */
  readonly timeoutMilliseconds: number;
  /** What a vend may take on top of that, for somebody who has to type a code. */
  readonly codeMilliseconds: number;
  readonly advisoryRefreshSeconds: number;
  readonly mandatoryRefreshSeconds: number;
  readonly surroundings: Pick<Surroundings, 'now' | 'sleep' | 'random'>;
}

/** Between two looks at what another process is fetching. */
const PAUSE_MILLISECONDS = 50;

/**
 * A refresher's `fetchCredentials` with a cache in front of the vend: of the processes that need credentials at once, one vends and the others
 * take what it wrote. A forced refresh takes nothing and writes. Throws what the vend throws, and `cache_refused`; a disk that is
 * full or cannot be written costs a vend and no more.
 */
export function createSharedFetch(options: SharedFetchOptions) {
  const { cache, keyOf, timeoutMilliseconds, codeMilliseconds, surroundings } = options;
  const { now, sleep, random } = surroundings;
  /** The end of what was given last: a refresh is for better ones. */
  let given = Number.NEGATIVE_INFINITY;

  async function find(key: string, purpose: RefreshPurpose): Promise<LatchkeyCredentials | undefined> {
    if (purpose === 'forced') return undefined;
    const entry = await cache.read(key);
    if (entry === undefined || isDue(entry, options)) return undefined;
    return entry.credentials.expiration.getTime() > given ? entry.credentials : undefined;
  }

  async function findOrVend(purpose: RefreshPurpose): Promise<LatchkeyCredentials> {
    const startedAt = now();
    const patience = { milliseconds: timeoutMilliseconds, askedMilliseconds: timeoutMilliseconds, sleep };
    const token = await readTokenWithin(options.readToken, patience);
    const key = keyOf(token);
    for (;;) {
      const found = await find(key, purpose);
      if (found !== undefined) return found;
      const release = await cache
        .tryLock(key, timeoutMilliseconds + codeMilliseconds)
        .catch((error) => ignoreFault(error, async () => {}));
      const waited = now() - startedAt;
      if (release === undefined && waited < timeoutMilliseconds / 2 + codeMilliseconds) {
        await sleep(PAUSE_MILLISECONDS * (0.5 + random()));
        continue;
      }
      const milliseconds = Math.max(timeoutMilliseconds / 2, timeoutMilliseconds - waited);
      try {
        // Between the look and the lock, another may have written.
        return (await find(key, purpose)) ?? (await vendAndWrite(token, milliseconds, options));
      } finally {
        await release?.().catch((error) => ignoreFault(error, undefined));
      }
    }
  }

  return async (purpose: RefreshPurpose): Promise<LatchkeyCredentials> => {
    const credentials = await findOrVend(purpose);
    given = credentials.expiration.getTime();
    return credentials;
  };
}

/** Whether a use would have to wait for others: expired, or nearly. */
function isDue(
  { obtainedAt, credentials }: CacheEntry,
  { advisoryRefreshSeconds, mandatoryRefreshSeconds, surroundings: { now } }: SharedFetchOptions,
): boolean {
  const expiresAt = credentials.expiration.getTime();
  const windows = { obtainedAt, expiresAt, advisoryRefreshSeconds, mandatoryRefreshSeconds };
  return now() >= refreshMoments({ ...windows, chance: 0 }).mandatoryAt;
}

/** Written under the token that they were vended with, which need not be the first: another one may be another caller's. */
async function vendAndWrite(
  first: string,
  milliseconds: number,
  { cache, keyOf, readToken, vend, surroundings: { now } }: SharedFetchOptions,
): Promise<LatchkeyCredentials> {
  let used: string | undefined;
  const credentials = await vend(async () => {
    used = used === undefined ? first : await readToken();
    return used;
  }, milliseconds);
  if (used === undefined) return credentials;
  await cache
    .write(keyOf(used), { obtainedAt: now(), credentials })
    .catch((error) => ignoreFault(error, undefined));
  return credentials;
}

/** The disk's faults; refusals of the cache go on. */
function ignoreFault<T>(error: unknown, instead: T): T {
  if (error instanceof LatchkeyError) throw error;
  return instead;
}
