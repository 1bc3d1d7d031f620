import { assertOwn, assertPrivate, prepareCacheDirectory, refused } from './cache-directory.ts';
import { type CacheEntry, parseCacheEntry, renderCacheEntry } from './cache-entry.ts';
import { tryFileLock } from './file-lock.ts';
import { nodeModule } from './node-modules.ts';

/** Credentials in files that the processes of one user on this machine share. Keys are those of `cacheKey`. */
export interface FileCache {
  /** What was written last, expired or not; undefined for none and for what cannot be read as one. Throws `cache_refused`. */
  read(key: string): Promise<CacheEntry | undefined>;
  /** Whole or not at all; replaces what is there. */
  write(key: string, entry: CacheEntry): Promise<void>;
  /** See `tryFileLock`. */
  tryLock(key: string, holdMilliseconds: number): Promise<(() => Promise<void>) | undefined>;
}

/** Ours have a few kilobytes, most of it the session token. */
const LONGEST_ENTRY = 64 * 1024;
/** The longest session there is: 36 hours (API reference of STS, GetSessionToken). */
const LONGEST_LIFE_MILLISECONDS = 36 * 3600 * 1000;
/** Files of ours, and what processes that died have left of them. */
const OURS = /^[0-9a-f]{64}\.(?:json(?:\.[0-9a-f-]{36})?|lock(?:\.takeover)?)$/;

/** A cache in a directory, which is made when it is first used; `now` in milliseconds since 1970. */
export function createFileCache(directory: string, now: () => number): FileCache {
  const { join } = nodeModule('node:path', 'cache');
  const fs = nodeModule('node:fs/promises', 'cache');
  const pathOf = (key: string, ending: string) => join(directory, `${key}.${ending}`);

  async function sweep(): Promise<void> {
    for (const name of (await fs.readdir(directory)).filter((each) => OURS.test(each))) {
      const path = join(directory, name);
      // Another process sweeps as well.
      const { mtimeMs } = await fs.stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs + LONGEST_LIFE_MILLISECONDS < now()) await fs.rm(path, { force: true });
    }
  }

  return {
    async read(key) {
      await prepareCacheDirectory(directory);
      const text = await readPrivateFile(pathOf(key, 'json'));
      return text === undefined ? undefined : parseCacheEntry(text, key, now());
    },
    async write(key, entry) {
      await prepareCacheDirectory(directory);
      await writePrivateFile(pathOf(key, 'json'), renderCacheEntry(key, entry));
      await sweep();
    },
    async tryLock(key, holdMilliseconds) {
      await prepareCacheDirectory(directory);
      return tryFileLock({ path: pathOf(key, 'lock'), holdMilliseconds, now });
    },
  };
}

/** Undefined when there is none. Asks the opened file itself for its owner and mode: by its path, it could be another one by then. */
async function readPrivateFile(path: string): Promise<string | undefined> {
  const { open, constants } = nodeModule('node:fs/promises', 'cache');
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(refuseUnopened(path));
  if (file === undefined) return undefined;
  try {
    const status = await file.stat();
    if (!status.isFile()) throw refused(`got ${path}, which is no file, expected a cache file; remove it`);
    assertOwn(status, `the cache file ${path}`);
    assertPrivate(status, path);
    return status.size > LONGEST_ENTRY ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function refuseUnopened(path: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code === 'ENOENT') return undefined;
    const got = error.code === 'ELOOP' ? 'a symbolic link' : error.code;
    throw refused(`got ${got} for the cache file ${path}, expected a file of your own; remove it`, error);
  };
}

/** On the disk before it takes its name, so that a crash leaves the old one or the new one. */
async function writePrivateFile(path: string, text: string): Promise<void> {
  const { open, rename, rm } = nodeModule('node:fs/promises', 'cache');
  const temporary = `${path}.${nodeModule('node:crypto', 'cache').randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
