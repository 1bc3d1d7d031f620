import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Act, Administration } from '../../functions/core/administration/administration.ts';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import { ROLE_CHAINING_MAX_SECONDS } from '../../functions/core/grant/durations.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import type { LocalFacts } from '../../local/local-facts.ts';
import { startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../test-issuer.ts';

/** A Latchkey as `npm run dev` runs it, and the handles that bring it into every situation. */
export interface InteropLatchkey extends AsyncDisposable {
  readonly facts: LocalFacts;
  /** Signs for acme as well; and for sleepy, which is suspended, and busy, which may vend once a second. */
  readonly issuer: TestIssuer;
  /** Signs for nobody: its keys cannot be had. */
  readonly silentIssuer: TestIssuer;
  putObjects(keys: readonly string[]): Promise<void>;
  /** The next session comes out with so much left of its hour; `then` is run before anybody has its credentials. */
  ageNextSession(leftSeconds: number, then: () => void): void;
  /** Latchkey's time stands still until `reset`. */
  stopClock(): void;
  /** What was audited of vends since `forgetVends` or `reset`. */
  vends(): readonly AuditEvent[];
  forgetVends(): void;
  reset(): void;
}

/** Starts it on free ports. */
export async function startInterop(): Promise<InteropLatchkey> {
  let vends: AuditEvent[] = [];
  let stoppedAt: Date | undefined;
  let aged: { readonly seconds: number; readonly then: () => void } | undefined;

  function record(event: AuditEvent): void {
    if (event.operation !== 'vend') return;
    vends.push(event);
    if (event.code !== 'granted') return;
    aged?.then();
    aged = undefined;
  }

  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const issuer = await startTestIssuer();
  started.defer(issuer.close);
  const silentIssuer = await startTestIssuer();
  started.defer(silentIssuer.close);
  silentIssuer.answerWith((_, response) => response.writeHead(500).end());
  const local = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record },
    clock: () => stoppedAt ?? new Date(),
    sessionClock: () => new Date(Date.now() - (aged?.seconds ?? 0) * 1000),
    log: () => {},
  });
  started.defer(local.close);
  const { facts, aws, functions } = local;
  await administer(functions.administration, { issuer, silentIssuer, pool: facts.issuer });
  const s3 = new S3Client({
    region: facts.region,
    endpoint: facts.s3,
    credentials: aws.operatorCredentials,
  });

  const running = started.move();
  return {
    facts,
    issuer,
    silentIssuer,
    async putObjects(keys) {
      const puts = keys.map((Key) => new PutObjectCommand({ Bucket: facts.bucket, Key, Body: 'hello' }));
      await Promise.all(puts.map((put) => s3.send(put)));
    },
    ageNextSession(leftSeconds, then) {
      aged = { seconds: ROLE_CHAINING_MAX_SECONDS - leftSeconds, then };
    },
    stopClock() {
      stoppedAt = new Date();
    },
    vends: () => vends,
    forgetVends() {
      vends = [];
    },
    reset() {
      vends = [];
      stoppedAt = undefined;
      aged = undefined;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const ACT: Act = { requestId: 'interop', actor: 'interop' };

interface Issuers {
  readonly issuer: TestIssuer;
  readonly silentIssuer: TestIssuer;
  /** Of the sample tenants. */
  readonly pool: string;
}

async function administer(administration: Administration, { issuer, silentIssuer, pool }: Issuers) {
  for (const { url, jwksUri } of [issuer, silentIssuer]) {
    const terms = { url, audience: AUDIENCE, algorithms: ['RS256'], jwksUri, claim: 'tenant' };
    await administration.putIssuer(ACT, terms, 'absent');
  }
  const put = (tenantId: string, definition: object) =>
    administration.putTenant(
      ACT,
      parseTenantId(tenantId),
      {
        displayName: tenantId,
        claims: [{ issuer: issuer.url, value: tenantId }],
        profiles: ['app'],
        defaultProfile: 'app',
        ...definition,
      },
      'any',
    );
  await put('acme', { claims: [pool, issuer.url].map((each) => ({ issuer: each, value: 'acme' })) });
  await put('busy', { limits: { vendsPerSecond: 1 } });
  await put('sleepy', {});
  await administration.suspendTenant(ACT, parseTenantId('sleepy'), 'any');
}
