import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import type { Server } from 'node:http';
import { STSClient } from '@aws-sdk/client-sts';
import { createAdaptorServer } from '@hono/node-server';
import { vi } from 'vitest';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { createVendApp } from '../../functions/vend/app.ts';
import { readVendEnvironment } from '../../functions/vend/environment.ts';
import { wireVending } from '../../functions/vend/wiring.ts';
import { vendVariables } from '../../local/function-variables.ts';
import { listen } from '../../local/listen.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { ACT, startTestLatchkey, type TestLatchkey } from '../latchkey.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../test-issuer.ts';
import { startCanaryServer, watchForeignHosts } from './canary-server.ts';
import { type Forgery, forgeToken, signerOf } from './forge-token.ts';
import { createPolyglotKeys } from './polyglot-keys.ts';

/** How a token is presented. */
export interface Presentation {
  readonly scheme?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What differs in one more instance of the function. */
export interface InstanceOptions {
  readonly clock?: () => Date;
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** An instance of the function, and requests to it. */
export interface Instance {
  readonly url: string;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** `POST /credentials` with the token, unless it is presented otherwise. */
  present(token: string, presentation?: Presentation): Promise<Response>;
}

/** An instance that remembers nothing yet; `call` leaves the network out, for requests by the thousand. */
export interface NewInstance extends Instance {
  call(path: string, init: RequestInit): Promise<Response>;
}

/** Latchkey, and everything that an attack on it must not move. */
export type Target = Awaited<ReturnType<typeof startTarget>>;

/**
 * Starts Latchkey with an issuer for each of the terms, whose tokens speak for the tenant umbra: they bind it by the claim
 * `tenant`.
 */
export async function startTarget(
  way: 'http' | 'lambda' = 'http',
  terms: Readonly<Record<string, object>> = {},
) {
  const latchkey = await startTestLatchkey(way);
  const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...attacker.publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const [issuers, canary] = await Promise.all([
    startIssuers(latchkey, terms),
    startCanaryServer({ keys: [jwk] }),
  ]);
  const closing: (() => unknown)[] = [canary.close, ...[...issuers.values()].map(({ close }) => close)];
  /** What no answer and no line of the log may hold. */
  const shown: string[] = [];
  const sts = vi.spyOn(STSClient.prototype, 'send');
  const foreignHosts = watchForeignHosts();
  let sessions = 0;
  // Once: each time opens a session of the function's own.
  const functionVariables = vendVariables(latchkey.aws);

  const issuerOf = (name: string | undefined): TestIssuer => {
    const { issuer: shared, ownIssuer } = latchkey;
    const issuer = name === undefined ? shared : name === 'own' ? ownIssuer : issuers.get(name);
    if (issuer === undefined) throw new Error(`got no issuer ${name}`);
    return issuer;
  };
  const presentTo =
    (request: Instance['request']): Instance['present'] =>
    (token, { scheme = 'Bearer', path = '/credentials', method = 'POST', headers, body } = {}) => {
      shown.push(token);
      const init = { method, headers: { Authorization: `${scheme} ${token}`, ...headers } };
      return request(path, body === undefined ? init : { ...init, body });
    };

  return {
    ...latchkey,
    way,
    attacker: { jwk, privateKey: attacker.privateKey },
    polyglot: createPolyglotKeys(),
    canary,
    sts,
    shown,
    foreignHosts,
    issuerOf,
    present: presentTo(latchkey.request),
    /** A token of an issuer, by default of that which acme and globex share. */
    token(forgery: Forgery = {}, name?: string): string {
      const { url } = issuerOf(name);
      const tenant = name === undefined ? 'acme' : 'umbra';
      return forgeToken(url, tenant, signerOf('RS256', this.keyOf(name)), forgery);
    },
    keyOf: (name?: string) => KeyObject.from(issuerOf(name).privateKey),
    /** Of the issuer that acme and globex share. */
    publicKeyOf: () => createPublicKey(KeyObject.from(latchkey.issuer.privateKey)),
    /** One more instance, which remembers nothing, over the same AWS. */
    async instance({ clock = () => new Date(), variables = {} }: InstanceOptions = {}): Promise<NewInstance> {
      const vending = wireVending({
        environment: readVendEnvironment({ ...functionVariables, ...variables }),
        profileDefinitions,
        auditLog: { record: (event: AuditEvent) => void latchkey.audited.push(event) },
        clock,
      });
      const app = createVendApp(vending);
      const server = createAdaptorServer({ fetch: (request) => app.fetch(request, {}) });
      // Connections are kept for longer than any attack takes.
      const { url, close } = await listen(
        Object.assign(server as Server, { keepAliveTimeout: 60_000 }),
        0,
        'an instance',
      );
      closing.push(close);
      const request: Instance['request'] = (path, init) => fetch(url + path, init);
      return {
        url,
        request,
        present: presentTo(request),
        call: async (path, init) => app.request(path, init, {}),
      };
    },
    /** How many sessions the local STS has opened since the last reset: whatever asked for them, and however. */
    opened: () => latchkey.aws.sessions.size - sessions,
    /** What an attack needs to have happened: a vend, which is not counted. */
    async prepare(vend: Promise<Response>): Promise<void> {
      const { status } = await vend;
      if (status !== 200) throw new Error(`got ${status}, expected a preparation that works`);
      this.reset();
    },
    /** From here on is counted. */
    reset(): void {
      sessions = latchkey.aws.sessions.size;
      vi.clearAllMocks();
      latchkey.audited.length = 0;
      shown.length = 0;
      foreignHosts();
    },
    async close(): Promise<void> {
      await Promise.all(closing.map((close) => close()));
      await latchkey.close();
    },
  };
}

async function startIssuers(
  { functions: { administration }, issuer, audited }: TestLatchkey,
  terms: Readonly<Record<string, object>>,
): Promise<ReadonlyMap<string, TestIssuer>> {
  const started = await Promise.all(
    Object.entries(terms).map(async ([name, own]) => {
      const another = await startTestIssuer();
      const { url, jwksUri } = another;
      const definition = { url, audience: AUDIENCE, algorithms: ['RS256'], claim: 'tenant', ...own };
      const source = 'discovery' in own || 'jwks' in own ? {} : { jwksUri };
      await administration.putIssuer(ACT, { ...definition, ...source }, 'absent');
      return [name, another] as const;
    }),
  );
  const umbra = {
    displayName: 'Umbra',
    profiles: ['app'],
    defaultProfile: 'app',
    claims: started.map(([, { url }]) => ({ issuer: url, value: 'umbra' })),
  };
  await administration.putTenant(ACT, parseTenantId('umbra'), umbra, 'any');
  // A claim with a letter that Unicode writes in two ways.
  const claims = [{ issuer: issuer.url, value: 'caf\u00e9' }];
  await administration.putTenant(ACT, parseTenantId('coffee'), { ...umbra, claims }, 'any');
  audited.length = 0;
  return new Map(started);
}
