import { createAdaptorServer } from '@hono/node-server';
import type { Clock } from '../functions/core/clock.ts';
import { parseProfiles } from '../functions/core/profile/profile.ts';
import { createTenantsApp } from '../functions/tenants/app.ts';
import { ACCOUNT, REGION, RESOURCES } from './account.ts';
import { createTables } from './create-tables.ts';
import type { IdentityProviders } from './identity-providers.ts';
import { type Listening, listen } from './listen.ts';
import { describeLocal, type LocalFacts } from './local-facts.ts';
import { createLocalRoutes } from './local-routes.ts';
import { createOperatorsDoor } from './operators-door.ts';
import { SAML_PROVIDER } from './saml-provider.ts';
import { AUDIENCE, POOL, SCOPE, sampleClients, sampleUsers } from './sample-clients.ts';
import { SAMPLE_PROFILES } from './sample-profiles.ts';
import { seed } from './seed.ts';
import { type LocalAws, startLocalAws } from './start-aws.ts';
import { type LocalFunctions, type LocalFunctionsOptions, startFunctions } from './start-functions.ts';
import { type LocalOpenId, startOpenId } from './start-openid.ts';
import { createTenantApi } from './tenant-api.ts';

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
  'kms',
  'secretsmanager',
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
  profileDefinitions: deployedDefinitions,
  ...options
}: LocalOptions): Promise<LocalLatchkey> {
  const { log } = options;
  const profileDefinitions = [...deployedDefinitions, ...SAMPLE_PROFILES];
  // Before anything starts: most of the time this is what is wrong.
  parseProfiles(profileDefinitions, RESOURCES);
  const at = (what: (typeof PORTS)[number]) => (port === 0 ? 0 : port + PORTS.indexOf(what));
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const openid = await startOpenId({ ...OPENID, port: at('openid') });
  started.defer(openid.close);
  // Before it can answer: it is an issuer whose URL the account's roles and the functions hold.
  const api = await listenForApi(port);
  started.defer(api.close);
  const identityProviders = identityProvidersOf(api.url, openid);
  const aws = await startLocalAws({ portOf: at, clock, identityProviders, sessionClock, log });
  started.defer(aws.close);
  await createTables(aws);
  const functions = startFunctions({ ...options, profileDefinitions, aws, clock });
  started.defer(functions.close);
  await seed({ aws, administration: functions.administration, audience: AUDIENCE, issuers: openid.issuers });

  const operatorApi = await serveOperators(functions, { aws, clock, log, port: at('operators') });
  started.defer(operatorApi.close);
  const facts = describeLocal({ api: api.url, operatorApi: operatorApi.url, aws, openid });
  const tenantApi = createTenantApi(functions, { allowedOrigins });
  const routes = createLocalRoutes(facts, aws, clock).all('*', (c) => tenantApi(c.req.raw));
  api.open((request) => routes.fetch(request));
  const running = started.move();
  return { facts, aws, functions, close: () => running.disposeAsync() };
}

const OPENID = { audience: AUDIENCE, scope: SCOPE, clients: sampleClients(), users: sampleUsers() };

type Fetch = (request: Request) => Response | Promise<Response>;

/** The API's port, on which everybody is put off until it is opened. */
async function listenForApi(port: number): Promise<Listening & { readonly open: (fetch: Fetch) => void }> {
  let answer: Fetch = () => new Response(null, { status: 503, headers: { 'Retry-After': '1' } });
  const server = createAdaptorServer({ fetch: (request) => answer(request) });
  const listening = await listen(server as never, port, 'the API');
  return {
    ...listening,
    open(fetch) {
      answer = fetch;
    },
  };
}

/** Latchkey itself, the shared issuer, which says the tenant, those of one tenant each, and acme's SAML provider. */
function identityProvidersOf(api: string, { issuers }: LocalOpenId): IdentityProviders {
  return {
    latchkey: api,
    openId: [...issuers].map(([name, url]) => ({
      url,
      audience: AUDIENCE,
      tenantId: name === POOL ? undefined : name,
    })),
    saml: [SAML_PROVIDER],
  };
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
