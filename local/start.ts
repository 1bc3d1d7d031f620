import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Clock } from '../functions/core/clock.ts';
import { parseProfiles } from '../functions/core/profile/profile.ts';
import { createTenantsApp } from '../functions/tenants/app.ts';
import { createVendApp } from '../functions/vend/app.ts';
import { ACCOUNT, REGION, RESOURCES } from './account.ts';
import { createTables } from './create-tables.ts';
import { type Listening, listen } from './listen.ts';
import { describeLocal, type LocalFacts, renderOperator, renderTenant } from './local-facts.ts';
import { createOperatorsDoor } from './operators-door.ts';
import { AUDIENCE, SCOPE, sampleClients, sampleUsers } from './sample-clients.ts';
import { seed } from './seed.ts';
import { type LocalAws, startLocalAws } from './start-aws.ts';
import { type LocalFunctions, type LocalFunctionsOptions, startFunctions } from './start-functions.ts';
import { startOpenId } from './start-openid.ts';

/** Latchkey and everything around it, on this machine. */
export interface LocalLatchkey {
  readonly facts: LocalFacts;
  readonly aws: LocalAws;
  readonly functions: LocalFunctions;
  readonly close: () => Promise<void>;
}

/** What it is started with. */
export interface LocalOptions extends Omit<LocalFunctionsOptions, 'aws' | 'clock'> {
  /** The API's port; everything else takes those after it, in the order of `PORTS`. 0: any free ports. */
  readonly port: number;
  readonly clock?: Clock;
  /** When STS issues sessions; left out, as the clock says. */
  readonly sessionClock?: Clock;
  /** Web origins whose pages may call the API. */
  readonly allowedOrigins?: readonly string[];
}

/** What listens, in the order of the ports. */
export const PORTS = [
  'api',
  'sts',
  'dynamodb',
  's3',
  'openid',
  'operators',
  'iam',
  'lambda',
  'events',
  'sqs',
  'signin',
] as const;

/**
 * Starts the local AWS, the OpenID providers and the sample tenants, and in front of them the same apps over the same
 * adapters as in Lambda. Throws `ConfigurationError` for a port that is taken and for a profile that must not be served.
 */
export async function startLocal({
  port,
  clock = () => new Date(),
  allowedOrigins = [],
  sessionClock,
  ...options
}: LocalOptions): Promise<LocalLatchkey> {
  const { profileDefinitions, log } = options;
  // Before anything starts: most of the time this is what is wrong.
  parseProfiles(profileDefinitions, RESOURCES);
  const at = (what: (typeof PORTS)[number]) => (port === 0 ? 0 : port + PORTS.indexOf(what));
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const openid = await startOpenId({
    port: at('openid'),
    audience: AUDIENCE,
    scope: SCOPE,
    clients: sampleClients(),
    users: sampleUsers(),
  });
  started.defer(openid.close);
  const aws = await startLocalAws({ portOf: at, clock, sessionClock, log });
  started.defer(aws.close);
  await createTables(aws);
  const functions = startFunctions({ ...options, aws, clock });
  started.defer(functions.close);
  await seed({ aws, administration: functions.administration, audience: AUDIENCE, issuers: openid.issuers });

  const operatorApi = await serveOperators(functions, { aws, clock, log, port: at('operators') });
  started.defer(operatorApi.close);
  const app = createVendApp(functions.vending, { allowedOrigins });
  const api = new Hono();
  const server = await listen(createAdaptorServer({ fetch: api.fetch }) as never, port, 'the API');
  started.defer(server.close);
  const facts = describeLocal({ api: server.url, operatorApi: operatorApi.url, aws, openid });
  api.get('/local', (c) => c.json(facts));
  api.get('/local/tenant', (c) => c.text(renderTenant(facts)));
  api.get('/local/operator', (c) => c.text(renderOperator(facts, aws)));
  api.all('*', (c) => app.fetch(c.req.raw, {}));
  const running = started.move();
  return { facts, aws, functions, close: () => running.disposeAsync() };
}

/** The operators' app behind the check that API Gateway makes. */
function serveOperators(
  { administration }: LocalFunctions,
  {
    aws: { sessions },
    port,
    ...options
  }: Pick<LocalFunctionsOptions, 'aws' | 'clock' | 'log'> & { readonly port: number },
): Promise<Listening> {
  const app = createTenantsApp(administration);
  const door = createOperatorsDoor({ ...options, app, account: ACCOUNT, region: REGION, sessions });
  return listen(createAdaptorServer({ fetch: door as never }) as never, port, "the operators' API");
}
