import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { exitWith } from '../../local/exit-with.ts';
import { checkClient } from './check-client.ts';
import { type Client, ClientMissing, type InstalledClient } from './client.ts';
import { CLIENTS } from './clients.ts';
import { count, type Report, renderReports, renderTally } from './report.ts';

const HELP = `npm run test:interop -- [--only go,rust]

Sends foreign AWS clients, unmodified, through what their users will meet at Latchkey.
  --only A,B   of ${CLIENTS.map(({ id }) => id).join(', ')}
  --help       this text`;

/** Where clients that are demanded must be there: one that can't be had is then a failure instead of a skip. */
const isDemanding = (process.env['CI'] ?? '') !== '';

async function main(): Promise<void> {
  const { only, help } = readOptions();
  if (help) {
    console.log(HELP);
    return;
  }
  const clients = chooseClients(only);
  // Together, since they take minutes the first time; and all before the first check, which would be too slow beside a compiler.
  const installed = await Promise.all(clients.map(install));
  const reports: Report[] = [];
  for (const [index, client] of clients.entries()) {
    const found = installed[index];
    if (found !== undefined) reports.push('name' in found ? found : await reportOn(client, found));
  }
  const tally = count(reports);
  console.log(`${renderReports(reports)}\n\n${renderTally(tally)}`);
  if (tally.failed > 0) process.exitCode = 1;
}

function readOptions(): { readonly only?: string; readonly help?: boolean } {
  try {
    return parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
}

function chooseClients(only: string | undefined): readonly Client[] {
  if (only === undefined) return CLIENTS;
  return only.split(',').map((name) => {
    const client = CLIENTS.find(({ id }) => id === name);
    if (client !== undefined) return client;
    const known = CLIENTS.map(({ id }) => id).join(', ');
    throw new ConfigurationError(`--only: got ${name}, expected some of ${known}`);
  });
}

async function install({ name, isDemanded, install }: Client): Promise<InstalledClient | Report> {
  try {
    return await install();
  } catch (error) {
    const { message } = error as Error;
    const isMissing = error instanceof ClientMissing && !(isDemanding && isDemanded);
    return isMissing ? { name, missing: message } : { name, broken: message };
  }
}

async function reportOn(client: Client, installed: InstalledClient): Promise<Report> {
  const { name } = client;
  try {
    return { name, version: installed.version, checks: await checkClient(client, installed) };
  } catch (error) {
    return { name, broken: (error as Error).message };
  }
}

await main().catch(exitWith);
