import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { apiGatewayEvent, vendEvent } from './api-gateway-event.ts';
import { type Row, toRow } from './row.ts';
import { medians } from './sample.ts';
import type { Surroundings } from './surroundings.ts';

const ROUNDS = 21;
const TARGET_RATIO = 5.5;

const RUN_HANDLER = fileURLToPath(new URL('run-handler.cjs', import.meta.url));
const EMPTY_HANDLER = fileURLToPath(new URL('empty-handler.cjs', import.meta.url));

/**
 * Load and first event of the bundle at `indexPath`, over the same of an empty handler: wall time of whole, fresh
 * processes. A first vend finds nothing remembered: it reads the registry three times, the issuer's keys and STS. What
 * these take to answer, from this process, is in it, as the network would be in Lambda.
 */
export async function measureColdStart(
  indexPath: string,
  { variables, token }: Surroundings,
): Promise<Row[]> {
  const start = (handler: string, event: object) => () => wallMilliseconds(handler, event, variables);
  const health = apiGatewayEvent('GET', '/health');
  const times = await medians(ROUNDS, {
    empty: start(EMPTY_HANDLER, health),
    health: start(indexPath, health),
    vend: start(indexPath, vendEvent(token)),
  });
  const common = {
    unit: 'ms',
    runs: ROUNDS,
    baseline: { name: 'empty handler', value: times.empty },
    target: TARGET_RATIO,
  } as const;
  return [
    toRow({ name: 'cold start, GET /health', value: times.health, ...common }),
    toRow({ name: 'cold start, first vend', value: times.vend, ...common }),
  ];
}

async function wallMilliseconds(
  handler: string,
  event: object,
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [RUN_HANDLER, handler, JSON.stringify(event)], {
    // Nothing of this process's own: NODE_OPTIONS and its like change what is measured.
    env: variables,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`got exit code ${code} from ${handler}, expected 0`);
  return performance.now() - startedAt;
}
