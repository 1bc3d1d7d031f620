import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoShares } from '../functions/adapters/limits/dynamo-shares.ts';
import { createUsageTable } from '../functions/adapters/usage-table.ts';
import type { ShareStore } from '../functions/core/limits/share-store.ts';
import { startDynalite } from '../local/aws/dynamodb/dynalite.ts';
import { exitWith } from '../local/exit-with.ts';
import { type LimitsRow, reportOf } from './limits-report.ts';
import { type NamedScenario, SCENARIOS } from './limits-scenarios.ts';
import { simulate } from './limits-simulation.ts';
import { createRandom, createRealWorld, createTable, createWorld } from './limits-world.ts';

const SEED = 1;
const START = Date.parse('2027-01-15T08:00:00Z');
/** DynamoDB's, from a function in the same Region, in milliseconds. */
const LATENCY = { least: 4, most: 10 };

const HEADINGS = [
  'scenario (100 instances, 480/s, if not said)',
  'who',
  'asked/s',
  'fair/s',
  'vended/s',
  'refused',
  'peak',
  'peak of window',
  'retries in',
  'ms p50',
  'p99',
  'writes/vend',
  'reads/vend',
  'writes/request',
];

/** A table that counts what it is asked. */
interface CountedTable {
  readonly shares: ShareStore;
  readonly writes: () => number;
  readonly reads: () => number;
}

async function main(): Promise<void> {
  const lines = [HEADINGS];
  for (const scenario of SCENARIOS) lines.push(...(await inMemory(scenario)));
  lines.push(...(await overDynalite()));
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
}

async function inMemory(scenario: NamedScenario): Promise<string[][]> {
  const world = createWorld(START);
  const random = createRandom(SEED + 1);
  const [from, to] = scenario.outage ?? [0, 0];
  const table = createTable({
    world,
    latency: () => LATENCY.least + (LATENCY.most - LATENCY.least) * random(),
    isDown: (time) => time >= START + from * 1000 && time < START + to * 1000,
  });
  const outcomes = await simulate(world, table.shares, { seed: SEED, ...scenario });
  return linesOf(reportOf(scenario, outcomes), table, outcomes.length);
}

/** The same once in real time over a DynamoDB of this machine, which answers as many requests as it can. */
async function overDynalite(): Promise<string[][]> {
  const dynalite = await startDynalite();
  try {
    const table = await createCountedTable(dynalite.endpoint);
    const scenario: NamedScenario = {
      name: 'over dynalite, 4 instances, 24/s, for 12 s',
      seconds: 12,
      steadyFrom: 4,
      instances: 4,
      vendsPerSecond: 24,
      visitors: [
        { tenantId: 'flooder', rate: () => 60 },
        { tenantId: 'limited', rate: () => 8, limits: { vendsPerSecond: 4 } },
        { tenantId: 'light-1', rate: () => 1 },
        { tenantId: 'light-2', rate: () => 2 },
      ],
    };
    const outcomes = await simulate(createRealWorld(), table.shares, { seed: SEED, ...scenario });
    return linesOf(reportOf(scenario, outcomes), table, outcomes.length);
  } finally {
    await dynalite.close();
  }
}

async function createCountedTable(endpoint: string): Promise<CountedTable> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' };
  const usage = createUsageTable({ tableName: 'usage', region: 'us-east-1', credentials, endpoint });
  await usage.client.send(
    new CreateTableCommand({
      TableName: usage.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  const shares = createDynamoShares(usage, { deadlineMilliseconds: 1900 });
  let writes = 0;
  let reads = 0;
  return {
    writes: () => writes,
    reads: () => reads,
    shares: {
      take(...of) {
        writes += 1;
        return shares.take(...of);
      },
      enter(...of) {
        writes += 1;
        return shares.enter(...of);
      },
      readLedger(window) {
        reads += 1;
        return shares.readLedger(window);
      },
    },
  };
}

function linesOf(rows: readonly LimitsRow[], table: CountedTable, requests: number): string[][] {
  const vends = requests - (rows.at(-1)?.refused ?? 0);
  return rows.map((row, index) => [
    index === 0 ? row.scenario : '',
    row.who,
    row.askedPerSecond.toFixed(1),
    row.fairPerSecond.toFixed(1),
    row.vendedPerSecond.toFixed(1),
    String(row.refused),
    String(row.peak),
    String(row.peakOfWindow),
    row.retriesAdmitted === undefined ? '' : `${Math.round(100 * row.retriesAdmitted)} %`,
    row.medianMilliseconds.toFixed(1),
    row.p99Milliseconds.toFixed(1),
    // Once a scenario: nobody's alone.
    ...(index === 0
      ? [table.writes() / vends, table.reads() / vends, table.writes() / requests].map((each) =>
          each.toFixed(2),
        )
      : []),
  ]);
}

await main().catch(exitWith);
