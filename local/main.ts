import { parseArgs } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { createAuditLog } from '../functions/adapters/log/audit-log.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { loadProfileDefinitions, loadShadowProfileDefinitions } from '../profiles/load.ts';
import { exitWith } from './exit-with.ts';
import { renderFirstSteps } from './first-steps.ts';
import { type LocalLatchkey, PORTS, startLocal } from './start.ts';

const HELP = `npm run dev -- [--port N]

Runs Latchkey on this machine, with a local AWS and OpenID provider.
  --port N   the API's port (default 8787); the operators' API, the OpenID provider and the local AWS take the twelve after it; 0: any free ones
  --help     this text`;

const DEFAULT_PORT = 8787;
const LAST_PORT = 65_536 - PORTS.length;

function readPort(): number | 'help' {
  let values: { port?: string; help?: boolean };
  try {
    ({ values } = parseArgs({ options: { port: { type: 'string' }, help: { type: 'boolean' } } }));
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
  if (values.help) return 'help';
  if (values.port === undefined) return DEFAULT_PORT;
  const port = Number(values.port);
  if (/^\d+$/.test(values.port) && port <= LAST_PORT) return port;
  throw new ConfigurationError(`--port: got ${values.port}, expected a whole number from 0 to ${LAST_PORT}`);
}

async function main(): Promise<void> {
  const port = readPort();
  if (port === 'help') {
    console.log(HELP);
    return;
  }
  const logger = new Logger({ serviceName: 'latchkey' });
  const latchkey = await startLocal({
    port,
    profileDefinitions: await loadProfileDefinitions(),
    shadowProfileDefinitions: await loadShadowProfileDefinitions(),
    auditLog: createAuditLog(logger),
    logger,
    log: (message) => console.log(`local AWS: ${message}`),
  });
  console.log(renderFirstSteps(latchkey.facts));
  stopOnSignal(latchkey);
}

function stopOnSignal(latchkey: LocalLatchkey): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void latchkey.close().then(() => process.exit(0)));
  }
}

await main().catch(exitWith);
