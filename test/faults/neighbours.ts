import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { ACCOUNT, REGION, REGISTRY_TABLE } from '../../local/account.ts';
import { createStsDoor } from '../../local/aws/sts.ts';
import { listen } from '../../local/listen.ts';
import type { LocalAws } from '../../local/start-aws.ts';
import type { TestIssuer } from '../test-issuer.ts';
import { KEY_SET, STS, TABLE } from './fault.ts';
import { type FaultPlan, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** Those that the app depends on and that can fail each by itself. */
export const NEIGHBOURS = ['keys', 'own keys', 'registry', 'usage', 'sts', 'fallback sts'] as const;
export type Neighbour = (typeof NEIGHBOURS)[number];

const ADDRESSES = ['keys', 'dynamodb', 'sts', 'fallback sts'] as const;
type Address = (typeof ADDRESSES)[number];

/** Whose address it is: the tables share one. */
const ADDRESS_OF: Readonly<Record<Neighbour, Address>> = {
  keys: 'keys',
  'own keys': 'keys',
  registry: 'dynamodb',
  usage: 'dynamodb',
  sts: 'sts',
  'fallback sts': 'fallback sts',
};

/** All neighbours behind proxies. */
export interface Neighbours {
  readonly urls: Readonly<Record<Address, string>>;
  regionOf(sts: 'sts' | 'fallback sts'): string;
  asked(neighbour: Neighbour): number;
  plan(neighbour: Neighbour, plan: FaultPlan | undefined): void;
  /** Connections to its address are refused: those to whoever shares it, too. */
  refuse(neighbour: Neighbour): Promise<void>;
  /** No more faults. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export const FALLBACK_REGION = 'us-west-2';
/** Where the tenant with an issuer of its own has its keys. */
export const OWN_KEYS = '/own/jwks';

export async function startNeighbours(
  aws: LocalAws,
  issuer: TestIssuer,
  onBody: (body: string) => void,
): Promise<Neighbours> {
  const fallback = await startSts(aws, FALLBACK_REGION);
  const start = (upstream: string, kind: typeof STS, neighbourOf: (url: string, body: string) => Neighbour) =>
    startFaultProxy({
      upstream,
      kind,
      neighbourOf: ({ url = '' }, body) => neighbourOf(url, body),
      onBody,
    });
  const proxies: Readonly<Record<Address, FaultProxy>> = {
    keys: await start(issuer.url, KEY_SET, (url) => (url === OWN_KEYS ? 'own keys' : 'keys')),
    dynamodb: await start(aws.urls.dynamodb, TABLE, (_, body) =>
      (JSON.parse(body) as { TableName: string }).TableName === REGISTRY_TABLE ? 'registry' : 'usage',
    ),
    sts: await start(aws.urls.sts, STS, () => 'sts'),
    'fallback sts': await start(fallback.url, STS, () => 'fallback sts'),
  };
  const proxyOf = (neighbour: Neighbour) => proxies[ADDRESS_OF[neighbour]];
  const all = Object.values(proxies);
  return {
    urls: Object.fromEntries(ADDRESSES.map((each) => [each, proxies[each].url])) as Neighbours['urls'],
    regionOf: (sts) => (sts === 'sts' ? REGION : FALLBACK_REGION),
    asked: (neighbour) => proxyOf(neighbour).asked.get(neighbour) ?? 0,
    plan: (neighbour, plan) => proxyOf(neighbour).plan(neighbour, plan),
    refuse: (neighbour) => proxyOf(neighbour).refuse(),
    async heal() {
      for (const neighbour of NEIGHBOURS) proxyOf(neighbour).plan(neighbour, undefined);
      for (const proxy of all) await proxy.listen();
    },
    async close() {
      await Promise.all([...all, fallback].map((each) => each.close()));
    },
  };
}

/** The STS of another Region: of the same account, and its sessions count everywhere. */
function startSts({ roles, sessions }: LocalAws, region: string) {
  const door = createStsDoor({
    account: ACCOUNT,
    roles,
    sessions,
    region,
    managedPolicies: new Map(),
    clock: () => new Date(),
    log: () => {},
  } as Parameters<typeof createStsDoor>[0]);
  return listen(createAdaptorServer({ fetch: door as never }) as Server, 0, 'another STS');
}
