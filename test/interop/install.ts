import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientMissing } from './client.ts';
import { type FinishedProcess, runProcess } from './run-process.ts';

/** Where the programs on foreign SDKs are. */
export const APPS = fileURLToPath(new URL('./apps/', import.meta.url));
/** Where what was built of them stays between runs, outside the repository. */
export const BUILDS = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'latchkey-interop');
/** Longer than a first build takes on two slow processors. */
const TIMEOUT_SECONDS = 900;

/** How a tool of an installation is run. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a tool that gets something from a registry, and gives what it said; throws `ClientMissing` without tool or registry. */
export async function obtain(
  tool: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<FinishedProcess> {
  const finished = await run(tool, args, options);
  if (finished.status === 0) return finished;
  throw new ClientMissing(`${nameOf(tool)} could not get it: ${lastWords(finished)}`);
}

/** Runs a tool on what is there already: its failure is a fault of ours. */
export async function build(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<void> {
  const finished = await run(tool, args, options);
  if (finished.status !== 0) throw new Error(`${nameOf(tool)}: ${finished.stderr.trim()}`);
}

async function run(
  tool: string,
  args: readonly string[],
  { cwd, env }: ToolOptions,
): Promise<FinishedProcess> {
  const options = { cwd, env: { ...process.env, ...env }, timeoutSeconds: TIMEOUT_SECONDS };
  try {
    return await runProcess(tool, args, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ClientMissing(`${nameOf(tool)} is not there`);
  }
}

function nameOf(tool: string): string {
  return tool.split('/').at(-1) ?? tool;
}

/** The line that tells most of a long complaint. */
function lastWords({ stdout, stderr }: FinishedProcess): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim();
}
