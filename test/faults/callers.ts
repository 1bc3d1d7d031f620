import { createDpopClient, type DpopClient } from '../functions/vend/dpop-client.ts';
import type { World } from './world.ts';

/** How a caller comes, and so what the answer to it hangs on. */
export const KINDS = ['bearer', 'own', 'bound', 'once', 'forbidden'] as const;
export type Kind = (typeof KINDS)[number];

/** Somebody who asks, whose answer is known beforehand. */
export interface Caller {
  readonly kind: Kind;
  /** Whose credentials it may get; undefined: nobody's. */
  readonly tenantId: string | undefined;
  /** Requests that are sent at once; no more than one of them may be granted where what they show is good once. */
  requests(): Promise<readonly Request[]>;
}

const URL = 'https://latchkey.example/credentials';
/** A token is presented again and again until it is so old. */
const REUSE_SECONDS = 200;

/** Callers of every kind, so many in all; the first four are one of each kind that is served. */
export async function createCallers(world: World, count: number, name = 'app'): Promise<readonly Caller[]> {
  const client = await createDpopClient();
  world.secrets.keep(client.privateJwk.d);
  const make: readonly ((name: string) => Caller)[] = [
    (name) => bearer(world, 'bearer', 'acme', { sub: name, tenant: 'acme' }),
    (name) => bound(world, client, name, 'globex'),
    (name) => bearer(world, 'own', 'initech', { sub: name, iss: `${world.issuer.url}/own` }),
    (name) => once(world, name),
    (name) => bearer(world, 'bearer', 'globex', { sub: name, tenant: 'globex' }),
    (name) => bound(world, client, name, 'acme'),
    (name) => bearer(world, 'forbidden', undefined, { sub: name, tenant: 'sleepy' }),
    (name) => once(world, name),
    (name) => bearer(world, 'forbidden', undefined, { sub: name, tenant: 'nobody' }),
    (name) => forger(world, client, name),
  ];
  return Array.from({ length: count }, (_, index) => {
    const maker = make[index % make.length];
    if (maker === undefined) throw new Error('no maker');
    return maker(`${name}-${index}`);
  });
}

/** One that presents the same token for as long as it is good. */
export function bearer(
  { issuer, clock, secrets }: World,
  kind: Kind,
  tenantId: string | undefined,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Caller {
  let held: { readonly token: string; readonly from: number } | undefined;
  return {
    kind,
    tenantId,
    async requests() {
      const now = clock().getTime();
      if (held === undefined || now < held.from || now > held.from + REUSE_SECONDS * 1000) {
        held = { token: await issuer.sign({ claims, header }), from: now };
        secrets.add(held.token);
      }
      return [post({ Authorization: `Bearer ${held.token}` })];
    },
  };
}

/** One whose every proof is sent twice. */
function bound({ issuer, clock, secrets }: World, client: DpopClient, sub: string, tenantId: string): Caller {
  return {
    kind: 'bound',
    tenantId,
    async requests() {
      const token = await issuer.sign({ claims: { sub, tenant: tenantId, cnf: { jkt: client.jkt } } });
      const iat = Math.floor(clock().getTime() / 1000);
      const proof = await client.prove({ method: 'POST', url: URL, token, claims: { iat } });
      secrets.add(token, proof);
      return twice({ Authorization: `DPoP ${token}`, DPoP: proof });
    },
  };
}

/** One whose every token is sent twice, and is good once. */
export function once({ issuer, secrets }: World, sub: string): Caller {
  return {
    kind: 'once',
    tenantId: 'umbra',
    async requests() {
      const token = await issuer.sign({
        claims: { iss: `${issuer.url}/once`, sub, jti: crypto.randomUUID() },
      });
      secrets.add(token);
      return twice({ Authorization: `Bearer ${token}` });
    },
  };
}

/** One that signs with a key of its own what it would like to be. */
function forger({ issuer, secrets }: World, client: DpopClient, sub: string): Caller {
  return {
    kind: 'forbidden',
    tenantId: undefined,
    async requests() {
      const token = await issuer.sign({
        claims: { sub, tenant: 'acme' },
        header: { alg: 'ES256' },
        key: client.privateKey,
      });
      secrets.add(token);
      return [post({ Authorization: `Bearer ${token}` })];
    },
  };
}

const twice = (headers: Record<string, string>) => [post(headers), post(headers)];
const post = (headers: Record<string, string>) => new Request(URL, { method: 'POST', headers });
