import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientMissing } from './client.ts';
import { type FinishedProcess, runProcess } from './run-process.ts';

const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.venv/', import.meta.url));
const PROGRAMS = join(FOLDER, 'bin');
/** Says what was installed, and where, since a venv can't be moved; written when everything was. */
const RECEIPT = join(FOLDER, 'latchkey-interop.txt');
const TIMEOUT_SECONDS = 300;

/** Installs requirements.txt from PyPI, unless it stands installed, and says in which folder Python's programs then are. */
export async function installPython(): Promise<string> {
  const receipt = `${FOLDER}\n${readFileSync(REQUIREMENTS, 'utf8')}`;
  if (isInstalled(receipt)) return PROGRAMS;
  const check = await run('python3', ['-c', 'import venv, ensurepip']).catch(() => undefined);
  if (check === undefined) throw new ClientMissing('python3 is not there');
  if (check.status !== 0) throw new ClientMissing("python3's venv module is not there");
  succeed('venv', await run('python3', ['-m', 'venv', '--clear', FOLDER]));
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--retries', '1', 'install', '--quiet'];
  succeed('pip', await run(join(PROGRAMS, 'python'), [...pip, '--requirement', REQUIREMENTS]));
  writeFileSync(RECEIPT, receipt);
  return PROGRAMS;
}

/** A link to a Python that has since gone from this machine counts as not there. */
function isInstalled(receipt: string): boolean {
  const python = join(PROGRAMS, 'python');
  return existsSync(python) && existsSync(RECEIPT) && readFileSync(RECEIPT, 'utf8') === receipt;
}

function run(command: string, args: readonly string[]): Promise<FinishedProcess> {
  return runProcess(command, args, { env: process.env, timeoutSeconds: TIMEOUT_SECONDS });
}

function succeed(tool: string, { status, stdout, stderr }: FinishedProcess): void {
  if (status === 0) return;
  const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1);
  throw new ClientMissing(`${tool} could not get it: ${lastLine}`);
}
