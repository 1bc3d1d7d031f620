import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Clock } from '../functions/core/clock.ts';
import type { AuditLog } from '../functions/core/ports.ts';
import { parseProfiles } from '../functions/core/profile.ts';
import { createVendApp } from '../functions/vend/app.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import { wireVending } from '../functions/vend/wiring.ts';
import { DATA_BUCKET, DATA_TABLE, REGION, REGISTRY_TABLE, RESOURCES } from './account.ts';
import { listen } from './listen.ts';
import { SAMPLE_TENANTS } from './sample-tenants.ts';
import { seed } from './seed.ts';
import { type LocalAws, startLocalAws } from './start-aws.ts';
import { type LocalOpenId, startOpenId } from './start-openid.ts';

/** What runs where: the answer of `GET /local`, for scripts. */
export interface LocalFacts {
  readonly api: string;
  /** The issuer that acme and globex share. */
  readonly issuer: string;
  readonly sts: string;
  readonly s3: string;
  readonly dynamodb: string;
  readonly region: string;
  readonly bucket: string;
  readonly table: string;
  readonly tenants: readonly LocalTenantFacts[];
}

/** How to get a token for a sample tenant. */
export interface LocalTenantFacts {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenEndpoint: string;
  readonly scope: string;
  readonly resource: string;
}

/** Latchkey and everything around it, on this machine. */
export interface LocalLatchkey {
  readonly facts: LocalFacts;
  readonly aws: LocalAws;
  readonly close: () => Promise<void>;
}

/** What it is started with. */
export interface LocalOptions {
  /** The API's port; STS, DynamoDB, S3 and the OpenID provider take the four after it. 0: any free ports. */
  readonly port: number;
  /** As they stand in profiles/. */
  readonly profileDefinitions: readonly unknown[];
  readonly auditLog: AuditLog;
  readonly clock?: Clock;
  /** Told in one line what the local AWS refused, and why. */
  readonly log: (message: string) => void;
}

const AUDIENCE = 'https://latchkey.local';
const SCOPE = 'vend';

/**
 * Starts the local AWS, the OpenID providers and the sample tenants, and in front of them the same app over the same
 * adapters as in Lambda. Throws `ConfigurationError` for a port that is taken and for a profile that must not be served.
 */
export async function startLocal({
  port,
  profileDefinitions,
  auditLog,
  clock = () => new Date(),
  log,
}: LocalOptions): Promise<LocalLatchkey> {
  // Before anything starts: most of the time this is what is wrong.
  parseProfiles(profileDefinitions, RESOURCES);
  const at = (offset: number) => (port === 0 ? 0 : port + offset);
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const aws = await startLocalAws({ ports: { sts: at(1), dynamodb: at(2), s3: at(3) }, clock, log });
  started.defer(aws.close);
  const openid = await startOpenId({
    port: at(4),
    audience: AUDIENCE,
    scope: SCOPE,
    clients: sampleClients(),
  });
  started.defer(openid.close);
  await seed({ aws, audience: AUDIENCE, issuers: openid.issuers });

  const vending = wireVending({
    environment: readVendEnvironment(vendVariables(aws)),
    profileDefinitions,
    auditLog,
    clock,
  });
  const app = createVendApp(vending);
  const api = new Hono();
  const server = await listen(createAdaptorServer({ fetch: api.fetch }) as never, port, 'the API');
  started.defer(server.close);
  const facts = describe(server.url, aws, openid);
  api.get('/local', (c) => c.json(facts));
  api.all('*', (c) => app.fetch(c.req.raw, {}));
  const running = started.move();
  return { facts, aws, close: () => running.disposeAsync() };
}

/** The vend function's variables, as Lambda and the stack would set them. */
export function vendVariables({
  functionCredentials,
  sts,
  dynamodb,
}: LocalAws): Readonly<Record<string, string>> {
  return {
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
    LATCHKEY_LOOPBACK_ISSUERS: 'allow',
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: functionCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: functionCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: functionCredentials.sessionToken,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  };
}

function issuerName({ issuer, record }: (typeof SAMPLE_TENANTS)[number]): string {
  return issuer === 'pool' ? 'pool' : record.tenantId;
}

function sampleClients() {
  const clients = SAMPLE_TENANTS.map((tenant) => ({
    ...tenant,
    tenantClaim: tenant.record.tenantId,
    name: issuerName(tenant),
  }));
  return Map.groupBy(clients, ({ name }) => name);
}

function describe(api: string, { sts, s3, dynamodb }: LocalAws, { issuers }: LocalOpenId): LocalFacts {
  const tenants = SAMPLE_TENANTS.map((tenant) => ({
    tenantId: tenant.record.tenantId,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    tokenEndpoint: `${issuers.get(issuerName(tenant))}/token`,
    scope: SCOPE,
    resource: AUDIENCE,
  }));
  const where = { region: REGION, bucket: DATA_BUCKET, table: DATA_TABLE };
  return { api, issuer: issuers.get('pool') ?? '', sts, s3, dynamodb, ...where, tenants };
}
