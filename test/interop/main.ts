import { exitWith } from '../../local/exit-with.ts';
import { checkClient } from './check-client.ts';
import { type Client, ClientMissing } from './client.ts';
import { CLIENTS } from './clients.ts';
import { count, type Report, renderReports, renderTally } from './report.ts';

/** Where every client must be there: one that can't be had is a failure instead of a skip. */
const isDemanding = (process.env['CI'] ?? '') !== '';

async function main(): Promise<void> {
  const reports: Report[] = [];
  for (const client of CLIENTS) reports.push(await reportOn(client));
  const tally = count(reports);
  console.log(`${renderReports(reports)}\n\n${renderTally(tally)}`);
  if (tally.failed > 0) process.exitCode = 1;
}

async function reportOn({ name, install }: Client): Promise<Report> {
  try {
    const client = await install();
    return { name, version: client.version, attempts: await checkClient(client) };
  } catch (error) {
    const { message } = error as Error;
    return error instanceof ClientMissing && !isDemanding
      ? { name, missing: message }
      : { name, broken: message };
  }
}

await main().catch(exitWith);
