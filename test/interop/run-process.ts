import { spawn } from 'node:child_process';

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
  readonly cwd?: string;
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
  const child = spawn(command, args, { env, cwd, timeout: timeoutSeconds * 1000 });
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  // A client may end before it has read everything, which its status and stderr tell better than a broken pipe.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, status] = await Promise.all([
    Array.fromAsync<Buffer>(child.stdout),
    Array.fromAsync<Buffer>(child.stderr),
    ended,
  ]);
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}
