import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { exitWith } from '../../local/exit-with.ts';
import '../refuse-network.ts';
import { renderFinding, renderReports } from './report.ts';
import { runFuzz } from './run-fuzz.ts';
import { readSeed } from './seed.ts';

const HELP = `npm run fuzz -- [--inputs 100000] [--seed N] [--only NAME]

Sends requests, tokens, records and profiles of every kind to the real app in this process, and holds what comes of each
against what must never be. Ends non-zero at the first that breaks a promise.
  --inputs N   how many in all; 100000
  --seed N     the same inputs again; left out, or LATCHKEY_FUZZ_SEED, another each time
  --only NAME  families whose name holds this
  --help       this text`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        inputs: { type: 'string', default: '100000' },
        seed: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
}

async function main(): Promise<void> {
  const { inputs, seed, only, help } = readOptions();
  if (help) {
    console.log(HELP);
    return;
  }
  const options = { inputs: Number(inputs), seed: readSeed(seed ?? process.env['LATCHKEY_FUZZ_SEED']), only };
  console.log(`seed ${options.seed}`);
  const startedAt = performance.now();
  const reports = await runFuzz({ ...options, onReport: ({ family }) => console.error(`${family}: done`) });
  console.log(renderReports(reports));
  console.log(`\n${Math.round((performance.now() - startedAt) / 1000)} s, seed ${options.seed}`);
  const findings = reports.flatMap((report) => renderFinding(report) ?? []);
  for (const finding of findings) console.error(`\n${finding}`);
  if (findings.length > 0) process.exitCode = 1;
}

await main().catch(exitWith);
