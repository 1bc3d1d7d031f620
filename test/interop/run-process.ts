import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a process ended, and what it said. */
export interface FinishedProcess {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process is started with. */
export interface ProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string | undefined;
  /** Its stdin, empty by default. */
  readonly input?: string;
  /** After which it is killed. */
  readonly timeoutSeconds: number;
}

/** Runs a process to its end, whatever its status. Rejects when it could not be started: `ENOENT` when there is no such program. */
export async function runProcess(
  command: string,
  args: readonly string[],
  { env, cwd, input = '', timeoutSeconds }: ProcessOptions,
): Promise<FinishedProcess> {
  const child = spawn(command, args, { env, cwd });
  await once(child, 'spawn');
  const ended = once(child, 'close') as Promise<[number | null]>;
  // Not spawn's own timeout, which a process that could not be started leaves running.
  const timer = setTimeout(() => child.kill(), timeoutSeconds * 1000);
  // A client may end before it has read everything, which its status and stderr tell better than a broken pipe.
  child.stdin.on('error', () => {}).end(input);
  try {
    const [stdout, stderr, [status]] = await Promise.all([
      Array.fromAsync<Buffer>(child.stdout),
      Array.fromAsync<Buffer>(child.stderr),
      ended,
    ]);
    return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  } finally {
    clearTimeout(timer);
  }
}
