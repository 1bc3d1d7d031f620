import type { InstalledClient } from './client.ts';
import type { Outcome } from './errand.ts';
import { type FinishedProcess, runProcess } from './run-process.ts';

const TIMEOUT_SECONDS = 120;

/**
 * A client that is a program of ours on a foreign SDK, one process for a whole errand: it reads the errand from stdin and prints
 * an array of outcomes, both JSON; with `--version` it prints the SDK's version.
 */
export async function openProgram(command: string, args: readonly string[]): Promise<InstalledClient> {
  const timeoutSeconds = TIMEOUT_SECONDS;
  const version = await runProcess(command, [...args, '--version'], { env: {}, timeoutSeconds });
  return {
    version: output(version).trim(),
    async run(errand, { environment, folder }) {
      const input = JSON.stringify(errand);
      const finished = await runProcess(command, args, {
        env: environment,
        cwd: folder,
        input,
        timeoutSeconds,
      });
      return { outcomes: JSON.parse(output(finished)) as Outcome[], processes: 1 };
    },
  };
}

function output({ status, stdout, stderr }: FinishedProcess): string {
  if (status === 0) return stdout;
  throw new Error(`the program ended with ${status ?? 'a signal'}: ${stderr.trim()}`);
}
