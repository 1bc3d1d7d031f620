import { nodeModule } from './node-modules.ts';

/** Which lock, and how it is held. */
export interface FileLockOptions {
  readonly path: string;
  /** After so many milliseconds it is anyone's, whatever has become of its holder. */
  readonly holdMilliseconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Who holds it. */
interface Holder {
  /** Of this one taking of it. */
  readonly id: string;
  readonly pid: number;
  /** Process ids of another machine, or container, say nothing here. */
  readonly host: string;
  readonly until: number;
}

/** Of a file that takes another's lock away, which takes no time at all. */
const TAKEOVER_MILLISECONDS = 5000;

/**
 * Takes a lock among processes if it is free, without waiting: what gives it back, or undefined. One whose process has died or
 * whose time is over is taken over. Whoever relies on it may see it lost in the end: it saves work, and protects no data.
 */
export async function tryFileLock(options: FileLockOptions): Promise<(() => Promise<void>) | undefined> {
  const { path, holdMilliseconds, now } = options;
  const { unlink } = nodeModule('node:fs/promises', 'cache');
  const holder: Holder = {
    id: nodeModule('node:crypto', 'cache').randomUUID(),
    pid: process.pid,
    host: nodeModule('node:os', 'cache').hostname(),
    until: now() + holdMilliseconds,
  };
  if (!(await createFile(path, JSON.stringify(holder)))) {
    await removeIfStale(options);
    return undefined;
  }
  return async () => {
    // By now it may be another's.
    if ((await readHolder(path))?.id === holder.id) await unlink(path).catch(ignoreMissing);
  };
}

/** One of all who find it stale removes it, or the second of them would remove the lock that the first has just made. */
async function removeIfStale(options: FileLockOptions): Promise<void> {
  if (!(await isStale(options))) return;
  const { unlink, stat } = nodeModule('node:fs/promises', 'cache');
  const takeover = `${options.path}.takeover`;
  if (await createFile(takeover, '')) {
    if (await isStale(options)) await unlink(options.path).catch(ignoreMissing);
    await unlink(takeover).catch(ignoreMissing);
    return;
  }
  // Left by a process that died in between.
  const { mtimeMs } = await stat(takeover).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  if (mtimeMs + TAKEOVER_MILLISECONDS < options.now()) await unlink(takeover).catch(ignoreMissing);
}

async function isStale({ path, holdMilliseconds, now }: FileLockOptions): Promise<boolean> {
  const holder = await readHolder(path);
  if (holder !== undefined) return holder.until < now() || isDead(holder);
  // Unreadable: written this moment, or never to its end.
  const { stat } = nodeModule('node:fs/promises', 'cache');
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && status.mtimeMs + holdMilliseconds < now();
}

function isDead({ pid, host }: Holder): boolean {
  if (host !== nodeModule('node:os', 'cache').hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it is alive, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const { readFile } = nodeModule('node:fs/promises', 'cache');
  try {
    const holder: Partial<Holder> = JSON.parse(await readFile(path, 'utf8'));
    const { id, pid, host, until } = holder;
    const complete = typeof id === 'string' && typeof host === 'string' && typeof until === 'number';
    return complete && Number.isInteger(pid) ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** False when there is one already. */
async function createFile(path: string, text: string): Promise<boolean> {
  const { writeFile } = nodeModule('node:fs/promises', 'cache');
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
