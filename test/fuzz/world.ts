import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuditLog } from '../../functions/adapters/log/audit-log.ts';
import type { Administration } from '../../functions/core/administration/administration.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { readAdministrationEnvironment } from '../../functions/tenants/environment.ts';
import { wireAdministration } from '../../functions/tenants/wiring.ts';
import { createVendApp } from '../../functions/vend/app.ts';
import { readVendEnvironment } from '../../functions/vend/environment.ts';
import { wireVending } from '../../functions/vend/wiring.ts';
import { createTables } from '../../local/create-tables.ts';
import { tenantsVariables, vendVariables } from '../../local/function-variables.ts';
import { type LocalAws, startLocalAws } from '../../local/start-aws.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import type { Signer } from './keys.ts';
import { AUDIENCE, createSigners, ISSUERS, KEY_ID, NARROW, type SignerName } from './tenants.ts';

/** The real app over its real adapters and a local AWS, in this process. */
export interface World {
  readonly app: ReturnType<typeof createVendApp>;
  readonly aws: LocalAws;
  readonly signers: Readonly<Record<SignerName, Signer>>;
  /** Lines of the audit log, as they were written. */
  readonly lines: string[];
  /** By this world's clock, which goes on by a moment with each request, and by nothing else. */
  readonly now: () => Date;
  readonly passTime: (milliseconds?: number) => void;
  close(): Promise<void>;
}

/** What is remembered grows old in a run, and no limit is reached. */
const STEP_MILLISECONDS = 10;

export async function startWorld(seed: number): Promise<World> {
  const signers = createSigners(seed);
  let milliseconds = Date.now();
  const now = () => new Date(milliseconds);
  await using started = new AsyncDisposableStack();
  const aws = await startLocalAws({ portOf: () => 0, clock: () => new Date(), log: () => {} });
  started.defer(aws.close);
  await createTables(aws);
  const keys = await serveKeys({ keys: [published(signers.pool)] });
  started.defer(keys.close);
  const profiles = [...profileDefinitions, NARROW];
  await administer(
    wireAdministration({
      environment: readAdministrationEnvironment(tenantsVariables(aws)),
      profileDefinitions: profiles,
      auditLog: { record: () => {} },
      clock: now,
    }),
    signers,
    keys.url,
  );
  const lines: string[] = [];
  const write = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const vending = wireVending({
    // Neither a busy machine nor the limits of a deployment are on trial here.
    environment: readVendEnvironment({
      ...vendVariables(aws),
      LATCHKEY_DEADLINE_MILLISECONDS: '10000',
      LATCHKEY_VENDS_PER_SECOND: '100000',
    }),
    profileDefinitions: profiles,
    auditLog: createAuditLog({ info: write, warn: write }),
    clock: now,
  });
  const running = started.move();
  return {
    app: createVendApp(vending),
    aws,
    signers,
    lines,
    now,
    passTime: (step = STEP_MILLISECONDS) => {
      milliseconds += step;
    },
    close: () => running.disposeAsync(),
  };
}

/** A public key as an issuer publishes it. */
export function published({ jwk, alg }: Signer) {
  return { ...jwk, kid: KEY_ID, alg, use: 'sig' } as { kty: string };
}

async function serveKeys(keySet: object): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => response.end(JSON.stringify(keySet)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function administer(
  administration: Administration,
  signers: World['signers'],
  jwksUri: string,
): Promise<void> {
  const act = { requestId: 'fuzz', actor: 'fuzz' };
  const termsOf = (name: keyof typeof ISSUERS) => ({
    url: ISSUERS[name].url,
    audience: AUDIENCE,
    algorithms: [signers[name].alg as 'EdDSA'],
  });
  const written = (name: keyof typeof ISSUERS) => ({
    ...termsOf(name),
    jwks: { keys: [published(signers[name]) as never] },
  });
  await administration.putIssuer(act, { ...termsOf('pool'), jwksUri, claim: 'tenant' }, 'absent');
  const put = (tenantId: string, bound: object) => {
    const profiles = ['app', 'read-only', 'narrow'];
    const common = { displayName: tenantId, profiles, defaultProfile: 'app', attributes: { plan: 'gold' } };
    return administration.putTenant(act, parseTenantId(tenantId), { ...common, ...bound }, 'absent');
  };
  const claim = (value: string) => ({ claims: [{ issuer: ISSUERS.pool.url, value }] });
  for (const [value, tenantId] of Object.entries(ISSUERS.pool.tenants)) await put(tenantId, claim(value));
  await put('sleepy', claim('sleepy'));
  await administration.suspendTenant(act, parseTenantId('sleepy'), 'any');
  await put('initech', { issuers: [written('initech')] });
  const strict = {
    tokenTypes: ISSUERS.hooli.types,
    clockSkewSeconds: 0,
    maximumTokenLifetimeSeconds: ISSUERS.hooli.lifetimeSeconds,
    maximumTokenAgeSeconds: ISSUERS.hooli.ageSeconds,
    requiredClaims: { env: 'prod' },
    requiredScopes: ['vend'],
    clientIds: ['app-1'],
    subjectPattern: 'svc-[a-z~]{1,20}',
    tokenUse: 'once',
  };
  await put('hooli', { issuers: [{ ...written('hooli'), ...strict }] });
}
