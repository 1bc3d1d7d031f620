import '../refuse-network.ts';
import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { exitWith } from '../../local/exit-with.ts';
import { createSeededRandom } from '../client/seeded-random.ts';
import { renderReports } from './report.ts';
import { playRow, type Report, type Row } from './row.ts';
import { storm } from './rows/storm.ts';
import { longSuite } from './suite.ts';
import { startWorld } from './world.ts';

/** Of every kind together; some send two requests, so that there are forty at once. */
const CALLERS = 28;
const STORM_SECONDS = 10;

/** Plays rows for two thirds of the time, in an order that the seed says, and then storms; ends non-zero if something was not as it should be. */
async function main(): Promise<void> {
  const { seconds, seed } = readArguments();
  const random = createSeededRandom(seed);
  const all = shuffled(longSuite, random);
  const world = await startWorld();
  const reports: Report[] = [];
  const play = async (row: Row) => {
    const report = await playRow(world, row, CALLERS);
    reports.push(report);
    world.output.say(`${faultsOf(report).length === 0 ? 'ok    ' : 'FAULT '} ${row.title}\n`);
  };
  try {
    const startedAt = performance.now();
    const isBefore = (part: number) => performance.now() - startedAt < part * seconds * 1000;
    for (const row of all) if (isBefore(2 / 3)) await play(row);
    while (isBefore(1)) await play(storm(seed, Math.min(STORM_SECONDS, seconds), random));
  } finally {
    await world.close();
  }
  const faults = reports.flatMap(faultsOf);
  const requests = reports.reduce((sum, report) => sum + report.requests, 0);
  const rows = reports.filter(({ title }) => all.some((row) => row.title === title)).length;
  console.log(`\n${renderReports(reports)}\n`);
  console.log(`seed ${seed}: ${rows} of ${all.length} rows, ${requests} requests, ${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function faultsOf({ title, wrong, deviations, secrets }: Report): readonly string[] {
  const written = secrets === 0 ? [] : [`${secrets} secrets were written`];
  return [...wrong, ...deviations, ...written].map((fault) => `${title}: ${fault}`);
}

function shuffled(rows: readonly Row[], random: () => number): readonly Row[] {
  return rows
    .map((row) => ({ row, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ row }) => row);
}

function readArguments(): { seconds: number; seed: number } {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
  });
  const seconds = Number(values.seconds);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!(seconds > 0) || !Number.isInteger(seed))
    throw new ConfigurationError('expected --seconds N and --seed N, numbers');
  return { seconds, seed };
}

await main().catch(exitWith);
