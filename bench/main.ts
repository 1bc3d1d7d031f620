import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigurationError } from '../functions/core/errors.ts';
import { exitWith } from '../local/exit-with.ts';
import { measureBundleSize } from './bundle-size.ts';
import { measureColdStart } from './cold-start.ts';
import { measureCpu } from './cpu.ts';
import { type Row, renderTable } from './row.ts';
import { startSurroundings } from './surroundings.ts';
import { bundleVendFunction } from './vend-bundle.ts';

const HELP = `npm run bench -- [--json]

Measures what Latchkey costs over the least that it could cost, in about a minute. Ratios carry over to other machines,
milliseconds and microseconds do not. Over target is marked, and is not a failure.
  --json   the rows as JSON on stdout instead of a table
  --help   this text`;

function readArguments(): { json?: boolean; help?: boolean } {
  try {
    return parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
}

async function main(): Promise<void> {
  const { json, help } = readArguments();
  if (help) {
    console.log(HELP);
    return;
  }
  const rows = await measure();
  const facts = { node: process.version, date: new Date().toISOString(), cores: availableParallelism() };
  if (json) console.log(JSON.stringify({ ...facts, rows }, undefined, 2));
  else console.log(`Node ${facts.node}, ${facts.cores} cores, ${facts.date}\n\n${renderTable(rows)}`);
}

async function measure(): Promise<Row[]> {
  const surroundings = await startSurroundings();
  // Not in the repository: its package.json would make an ES module of the bundle.
  const outdir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  try {
    const indexPath = bundleVendFunction(outdir);
    return [
      ...measureBundleSize(indexPath),
      ...(await measureColdStart(indexPath, surroundings)),
      ...(await measureCpu(indexPath, surroundings)),
    ];
  } finally {
    await surroundings.close();
    rmSync(outdir, { recursive: true });
  }
}

await main().catch(exitWith);
