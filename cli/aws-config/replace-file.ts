import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../failure.ts';

/** A text file as it stands on the disk. */
export interface TextFile {
  /** The file itself, where links lead to it. */
  readonly path: string;
  /** Undefined for a file that is not there yet. */
  readonly text: string | undefined;
}

/** Reads a file that may not be there yet. Throws `UsageError` for what is no text in UTF-8, or cannot be read. */
export async function readTextFile(given: string): Promise<TextFile> {
  try {
    const path = await realpath(given).catch(nothingThere);
    if (path !== undefined) return { path, text: decode(await readFile(path)) };
    // A link that leads nowhere is there nevertheless, and would be lost.
    if ((await lstat(given).catch(nothingThere)) !== undefined)
      throw new Error('got a link that leads nowhere');
    return { path: given, text: undefined };
  } catch (cause) {
    throw new UsageError(`${given}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Replaces a file that was read by `readTextFile`, at once and whole, with the permissions and the owner that it has; a new
 * one is for its owner alone. `check` is given the path of the new content before it counts. Throws `UsageError` when
 * somebody else has written the file since, or it cannot be written: then it is as it was.
 */
export async function replaceFile(
  { path, text }: TextFile,
  newText: string,
  check: (newFile: string) => Promise<void>,
): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeLike(path, beside, newText);
    await check(beside);
    if ((await readTextFile(path)).text !== text)
      throw new Error('got it changed meanwhile, expected it as it was shown: run the same command again');
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new UsageError(`${path}: ${(cause as Error).message}: nothing was changed`, { cause });
  }
}

async function writeLike(model: string, path: string, text: string): Promise<void> {
  const { mode, uid, gid } = (await stat(model).catch(nothingThere)) ?? { mode: 0o600 };
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    const own = await file.stat();
    if (uid !== undefined && gid !== undefined && (own.uid !== uid || own.gid !== gid))
      await file.chown(uid, gid);
    // Behind chown, which takes bits away.
    await file.chmod(mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

function decode(bytes: Buffer): string {
  // With its byte order mark, if it has one: what is not ours is written back as it was.
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
