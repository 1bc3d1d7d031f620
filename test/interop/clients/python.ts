import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientMissing } from '../client.ts';
import { APPS, obtain } from '../install.ts';

const REQUIREMENTS = join(APPS, 'python/requirements.txt');
const FOLDER = fileURLToPath(new URL('../../../.venv/', import.meta.url));
const PROGRAMS = join(FOLDER, 'bin');
/** Says what was installed, and where, since a venv can't be moved; written when everything was. */
const RECEIPT = join(FOLDER, 'latchkey-interop.txt');

let installation: Promise<string> | undefined;

/** Installs requirements.txt from PyPI, once for all who ask, and says in which folder Python's programs then are. */
export function installPython(): Promise<string> {
  installation ??= install();
  return installation;
}

async function install(): Promise<string> {
  const receipt = `${FOLDER}\n${readFileSync(REQUIREMENTS, 'utf8')}`;
  if (isInstalled(receipt)) return PROGRAMS;
  await obtain('python3', ['--version']);
  await obtain('python3', ['-c', 'import venv, ensurepip']).catch(() => {
    throw new ClientMissing("python3's venv module is not there");
  });
  await obtain('python3', ['-m', 'venv', '--clear', FOLDER]);
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--retries', '1', 'install', '--quiet'];
  await obtain(join(PROGRAMS, 'python'), [...pip, '--requirement', REQUIREMENTS]);
  writeFileSync(RECEIPT, receipt);
  return PROGRAMS;
}

/** A link to a Python that has since gone from this machine counts as not there. */
function isInstalled(receipt: string): boolean {
  const python = join(PROGRAMS, 'python');
  return existsSync(python) && existsSync(RECEIPT) && readFileSync(RECEIPT, 'utf8') === receipt;
}
