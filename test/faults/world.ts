import { Logger } from '@aws-lambda-powertools/logger';
import { exportJWK } from 'jose';
import { createAuditLog } from '../../functions/adapters/log/audit-log.ts';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { readAdministrationEnvironment } from '../../functions/tenants/environment.ts';
import { wireAdministration } from '../../functions/tenants/wiring.ts';
import { createVendApp } from '../../functions/vend/app.ts';
import { readVendEnvironment } from '../../functions/vend/environment.ts';
import { wireVending } from '../../functions/vend/wiring.ts';
import type { Sessions } from '../../local/aws/session.ts';
import { createTables } from '../../local/create-tables.ts';
import { tenantsVariables, vendVariables } from '../../local/function-variables.ts';
import { startLocalAws } from '../../local/start-aws.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { ACT } from '../latchkey.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../test-issuer.ts';
import { createCallers } from './callers.ts';
import { type CapturedOutput, captureOutput } from './captured-output.ts';
import { createFaultClock, type FaultClock } from './fault-clock.ts';
import { type Neighbours, OWN_KEYS, startNeighbours } from './neighbours.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** When the audit log cannot be written: never, always, or for what was granted. */
export type SinkFault = 'none' | 'all' | 'granted';

/** The app as one Lambda instance has it, over neighbours that fail when they are told to. */
export interface Instance {
  readonly request: (request: Request) => Promise<Response>;
  /** What was written down, once it was. */
  readonly audited: AuditEvent[];
  failSink(fault: SinkFault): void;
}

/** Everything around the app: real, on this machine, and breakable. */
export interface World {
  readonly clock: FaultClock;
  readonly neighbours: Neighbours;
  readonly issuer: TestIssuer;
  readonly sessions: Sessions;
  readonly secrets: Secrets;
  readonly output: CapturedOutput;
  startInstance(options?: { readonly fallback?: boolean }): Instance;
  suspend(tenantId: string): Promise<void>;
  resume(tenantId: string): Promise<void>;
  close(): Promise<void>;
}

export const DEADLINE_MILLISECONDS = 1900;
/** How many vends a second the tenant `limited` has. */
export const LIMIT = 6;

export async function startWorld(): Promise<World> {
  const clock = createFaultClock();
  const output = captureOutput();
  const secrets = createSecrets();
  const aws = await startLocalAws({ portOf: () => 0, clock: () => new Date(), log: () => {} });
  await createTables(aws);
  const issuer = await startTestIssuer(clock);
  const neighbours = await startNeighbours(aws, issuer, output.add);
  const administration = wireAdministration({
    profileDefinitions,
    auditLog: { record: () => {} },
    clock: () => new Date(),
    environment: readAdministrationEnvironment(tenantsVariables(aws)),
  });
  await administer(administration, issuer.url, neighbours.urls.keys);

  const variables = vendVariables(aws);
  secrets.keep(...(await privateParts(issuer)));
  const fallbacks = [
    { region: neighbours.regionOf('fallback sts'), endpoint: neighbours.urls['fallback sts'] },
  ];
  const world: World = {
    clock,
    neighbours,
    issuer,
    sessions: aws.sessions,
    secrets,
    output,
    startInstance({ fallback = true } = {}) {
      return startInstance(clock, {
        ...variables,
        AWS_ENDPOINT_URL_STS: neighbours.urls.sts,
        AWS_ENDPOINT_URL_DYNAMODB: neighbours.urls.dynamodb,
        LATCHKEY_DEADLINE_MILLISECONDS: String(DEADLINE_MILLISECONDS),
        ...(fallback ? { LATCHKEY_STS_FALLBACK_REGIONS: JSON.stringify(fallbacks) } : {}),
      });
    },
    suspend: async (tenantId) =>
      void (await administration.suspendTenant(ACT, parseTenantId(tenantId), 'any')),
    resume: async (tenantId) => void (await administration.resumeTenant(ACT, parseTenantId(tenantId), 'any')),
    async close() {
      output.release();
      issuer.close();
      await neighbours.close();
      await aws.close();
    },
  };
  await answerStrangers(world);
  for (const { credentials } of aws.sessions.values())
    secrets.keep(credentials.secretAccessKey, credentials.sessionToken);
  return world;
}

async function privateParts({ privateKey }: TestIssuer): Promise<readonly (string | undefined)[]> {
  const { d, p, q, dp, dq, qi } = await exportJWK(privateKey);
  return [d, p, q, dp, dq, qi];
}

/** What they are answered is what others are when answers are mixed up. */
async function answerStrangers(world: World): Promise<void> {
  const { request } = world.startInstance();
  const strangers = await createCallers(world, 4, 'stranger');
  for (const stranger of strangers) for (const each of await stranger.requests()) await request(each);
}

/** As handler.ts wires it, with a sink that can break. */
function startInstance(clock: FaultClock, variables: Readonly<Record<string, string>>): Instance {
  const logger = new Logger({ serviceName: 'latchkey-vend', logLevel: 'INFO' });
  const audited: AuditEvent[] = [];
  let fault: SinkFault = 'none';
  const write = (level: 'info' | 'warn', broken: SinkFault[]) => (message: string, extra: object) => {
    if (broken.includes(fault)) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    logger[level](message, extra as never);
  };
  const adapter = createAuditLog({
    info: write('info', ['all', 'granted']),
    warn: write('warn', ['all']),
  } as Parameters<typeof createAuditLog>[0]);
  const app = createVendApp(
    wireVending({
      environment: readVendEnvironment(variables),
      profileDefinitions,
      clock,
      auditLog: {
        record(event) {
          adapter.record(event);
          audited.push(event);
        },
      },
    }),
  );
  return {
    request: async (request) => app.fetch(request, {}),
    audited,
    failSink: (next) => {
      fault = next;
    },
  };
}

/** Tenants of a shared issuer, one with an issuer of its own, one whose tokens are good once, one with a limit, one suspended. */
async function administer(
  administration: ReturnType<typeof wireAdministration>,
  issuer: string,
  keys: string,
): Promise<void> {
  const terms = { audience: AUDIENCE, algorithms: ['RS256' as const] };
  const shared = { url: issuer, ...terms, jwksUri: `${keys}/jwks` };
  await administration.putIssuer(ACT, { ...shared, claim: 'tenant' }, 'absent');
  const put = (tenantId: string, definition: object) =>
    administration.putTenant(
      ACT,
      parseTenantId(tenantId),
      { displayName: tenantId, profiles: ['app'], defaultProfile: 'app', ...definition },
      'any',
    );
  const claims = (value: string) => ({ claims: [{ issuer, value }] });
  await put('acme', claims('acme'));
  await put('globex', claims('globex'));
  await put('limited', { ...claims('limited'), limits: { vendsPerSecond: LIMIT } });
  await put('sleepy', claims('sleepy'));
  await administration.suspendTenant(ACT, parseTenantId('sleepy'), 'any');
  await put('initech', { issuers: [{ url: `${issuer}/own`, ...terms, jwksUri: keys + OWN_KEYS }] });
  const once = { url: `${issuer}/once`, ...terms, jwksUri: `${keys}/once/jwks`, tokenUse: 'once' };
  await put('umbra', { issuers: [once] });
}
