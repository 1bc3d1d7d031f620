import { randomUUID } from 'node:crypto';
import { constants, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../failure.ts';

/** Windows makes modes up, and keeps a user's own folders to the user. */
const HAS_MODES = process.getuid !== undefined;

/**
 * A file with a secret; undefined when there is none. Throws `UsageError`, with the cure, for one that others may read or
 * write, that is another user's, or that is a link. Asks the opened file itself: by its path, it could be another one by then.
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      const got = cause.code === 'ELOOP' ? 'a symbolic link' : cause.code;
      throw new UsageError(`${path}: got ${got}, expected a file of your own; remove it`, { cause });
    },
  );
  if (file === undefined) return undefined;
  try {
    assertOwn(await file.stat(), path, 0o077, '600');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Writes a file with a secret, for this user alone, whole or not at all. Throws `UsageError` for a folder where others could put files. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await preparePrivateFolder(dirname(path));
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new UsageError(`${path}: ${(cause as Error).message}: nothing was written`, { cause });
  }
}

/** A folder is there, made for this user alone if it was not. Throws `UsageError` for one where others could put files. */
export async function preparePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new UsageError(`${path}: ${(cause as Error).message}; LATCHKEY_HOME names another folder`, {
      cause,
    });
  }
  const status = await lstat(path);
  if (!status.isDirectory()) throw new UsageError(`${path}: got a link, expected a folder; remove it`);
  assertOwn(status, path, 0o022, '700');
}

function assertOwn(
  { uid, mode }: { readonly uid: number; readonly mode: number },
  path: string,
  others: number,
  expected: string,
): void {
  if (!HAS_MODES) return;
  if (uid !== process.getuid?.())
    throw new UsageError(`${path}: got it as user ${uid}'s, expected your own; remove it`);
  if ((mode & others) === 0) return;
  const got = (mode & 0o777).toString(8).padStart(3, '0');
  throw new UsageError(
    `${path}: got mode ${got}, which lets others in, expected ${expected}; run: chmod ${expected} ${path}`,
  );
}
