import { LatchkeyError } from './error.ts';
import { nodeModule } from './node-modules.ts';
import type { LatchkeyOptions } from './options.ts';

/** What the usual place of caches depends on. */
export interface Machine {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * The folder `latchkey` among the user's caches: of XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification, which has
 * relative paths ignored), ~/Library/Caches on macOS, LOCALAPPDATA on Windows.
 */
export function defaultCacheDirectory({ platform, environment, home }: Machine): string {
  const { join, isAbsolute } = nodeModule('node:path', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'latchkey');
  const [chosen, usual] =
    platform === 'win32'
      ? [environment['LOCALAPPDATA'], join(home, 'AppData', 'Local')]
      : [environment['XDG_CACHE_HOME'], join(home, '.cache')];
  return join(chosen !== undefined && isAbsolute(chosen) ? chosen : usual, 'latchkey');
}

/** Where the option `cache` puts its files; undefined when it is off. */
export function cacheDirectoryOf(cache: LatchkeyOptions['cache']): string | undefined {
  if (cache === undefined || cache === false) return undefined;
  if (cache !== true) {
    const { directory } = cache;
    // JavaScript callers get here with an environment variable that is not set; the working directory would be none for secrets.
    if (typeof directory === 'string' && directory !== '')
      return nodeModule('node:path', 'cache').resolve(directory);
    throw new LatchkeyError('options_invalid', 'got no directory for the cache, expected its path, or true');
  }
  // First of all: where there are no files, there is no process to ask either.
  const home = nodeModule('node:os', 'cache').homedir();
  const { platform, env: environment } = process;
  return defaultCacheDirectory({ platform, environment, home });
}

/** Whether it is there by now, made for this user alone if it was not. Throws `cache_refused` for one where others could put files. */
export async function prepareCacheDirectory(directory: string): Promise<void> {
  const { mkdir, lstat } = nodeModule('node:fs/promises', 'cache');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { code = 'an error' } = cause as { readonly code?: string };
    throw refused(
      `got ${code} from making the cache directory ${directory}, expected one that this user can write; name another in the option cache, or leave it out`,
      cause,
    );
  }
  const status = await lstat(directory);
  const what = `the cache directory ${directory}`;
  if (!status.isDirectory()) throw refused(`got a symbolic link as ${what}, expected a directory; remove it`);
  assertOwn(status, what);
  if (isShared(status.mode, 0o022)) throw refused(tooOpen(status.mode, what, 'write', directory, '700'));
}

/** Throws `cache_refused` for what is not this user's own. Windows keeps owners elsewhere, and LOCALAPPDATA to its user. */
export function assertOwn({ uid }: { readonly uid: number }, what: string): void {
  const own = process.getuid?.();
  if (own === undefined || own === uid) return;
  throw refused(`got ${what} of user ${uid}, expected your own (user ${own}); remove it`);
}

/** Throws `cache_refused` for a file that others may read or write. */
export function assertPrivate({ mode }: { readonly mode: number }, path: string): void {
  if (isShared(mode, 0o077))
    throw refused(tooOpen(mode, `the cache file ${path}`, 'read or write', path, '600'));
}

/** A refusal of the cache; its message names the cure. */
export function refused(message: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('cache_refused', message, { cause });
}

/** Windows makes modes up. */
function isShared(mode: number, bits: number): boolean {
  return process.getuid !== undefined && (mode & bits) !== 0;
}

function tooOpen(mode: number, what: string, verb: string, path: string, expected: string): string {
  const got = (mode & 0o777).toString(8).padStart(3, '0');
  return `got ${what} with mode ${got}, which others may ${verb}, expected ${expected}; run: chmod ${expected} ${path}`;
}
