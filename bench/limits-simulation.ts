import { createSharedThrottle } from '../functions/adapters/limits/shared-throttle.ts';
import { type Deadline, startDeadline } from '../functions/core/deadline.ts';
import { VendingError } from '../functions/core/errors.ts';
import type { ShareStore } from '../functions/core/limits/share-store.ts';
import type { VendThrottle } from '../functions/core/ports.ts';
import { parseTenant, type Tenant } from '../functions/core/tenant/tenant.ts';
import type { Caller } from '../functions/core/token/caller.ts';
import { createRandom, type World } from './limits-world.ts';

/** A tenant, and how its callers come. */
export interface Visitors {
  readonly tenantId: string;
  /** Requests a second at so many seconds after the start; they come independently of each other. */
  readonly rate: (second: number) => number;
  readonly limits?: { readonly vendsPerSecond?: number; readonly vendsPerSecondPerSubject?: number };
  /** Its callers, by turns; one if left out. */
  readonly subjects?: number;
  /** Which part of the refused come back once, when they are told to; none if left out. */
  readonly comeBack?: number;
}

/** A deployment, who comes to it, and what goes wrong. */
export interface Scenario {
  readonly seed: number;
  readonly seconds: number;
  readonly instances: number;
  readonly vendsPerSecond: number;
  readonly visitors: readonly Visitors[];
  /** Milliseconds by which an instance's clock is off. */
  readonly skew?: (instance: number, random: () => number) => number;
}

/** One request and what came of it. */
export interface Outcome {
  readonly tenantId: string;
  readonly subject: string;
  readonly isRetry: boolean;
  /** Milliseconds after the start, of the request. */
  readonly askedAt: number;
  /** Of the answer. */
  readonly at: number;
  /** The second of the request by the clock of the instance, and that of the answer. */
  readonly askedIn: number;
  readonly window: number;
  readonly code: 'admitted' | string;
  readonly cause: string | undefined;
}

/** Runs the real throttle, one for each instance, over the given shares, and says what came of each request. */
export async function simulate(
  world: World,
  shares: ShareStore,
  { seed, seconds, instances, vendsPerSecond, visitors, skew = () => 0 }: Scenario,
): Promise<readonly Outcome[]> {
  const random = createRandom(seed);
  const start = world.now();
  const outcomes: Outcome[] = [];
  const fleet = Array.from({ length: instances }, (_, index) => {
    const offset = skew(index, random);
    const clock = () => new Date(world.now() + offset);
    return { clock, throttle: createSharedThrottle({ shares, vendsPerSecond, clock, chance: random }) };
  });
  const underWay = new Set<Promise<void>>();
  const go = (work: Promise<void>) => {
    const done: Promise<void> = work.finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const pick = () => fleet[Math.floor(random() * fleet.length)] as (typeof fleet)[number];

  async function visit(visitor: Visitors, tenant: Tenant, subject: string, isRetry: boolean): Promise<void> {
    const { clock, throttle } = pick();
    const askedAt = world.now() - start;
    const second = () => Math.floor(clock().getTime() / 1000);
    const askedIn = second();
    const refusal = await refusalOf(throttle, tenant, subject);
    const code = refusal?.code ?? 'admitted';
    const { tenantId } = visitor;
    const cause = refusal?.cause as string | undefined;
    const at = world.now() - start;
    outcomes.push({ tenantId, subject, isRetry, askedAt, at, askedIn, window: second(), code, cause });
    if (refusal === undefined || isRetry || random() >= (visitor.comeBack ?? 0)) return;
    const { retryAfterSeconds = 0 } = refusal;
    world.at(world.now() + retryAfterSeconds * 1000, () => go(visit(visitor, tenant, subject, true)));
  }

  for (const visitor of visitors) {
    const tenant = tenantOf(visitor);
    const { rate, subjects = 1 } = visitor;
    let visits = 0;
    const next = (time: number) => {
      const perSecond = rate(time / 1000);
      // Nobody now: look again in a moment.
      const gap = perSecond > 0 ? (-Math.log(1 - random()) * 1000) / perSecond : 10;
      const then = time + Math.min(gap, 1000 * seconds);
      if (then >= seconds * 1000) return;
      world.at(start + then, () => {
        if (perSecond > 0) go(visit(visitor, tenant, `subject-${visits++ % subjects}`, false));
        next(then);
      });
    };
    next(0);
  }
  await world.run();
  // Over a real table the last answers come later than the last requests, and bring more.
  while (underWay.size > 0) {
    await Promise.all(underWay);
    await world.run();
  }
  return outcomes;
}

const DEADLINE: Deadline = startDeadline(0);

async function refusalOf(throttle: VendThrottle, tenant: Tenant, subject: string) {
  const caller: Caller = { ...CALLER, subject, tenant: { ...CALLER.tenant, value: tenant.tenantId } };
  try {
    await throttle.admit(tenant, caller, DEADLINE);
    return undefined;
  } catch (error) {
    if (error instanceof VendingError) return error;
    throw error;
  }
}

const ISSUER = 'https://issuer.example';
const CALLER = {
  issuer: ISSUER,
  subject: '',
  tenant: { kind: 'claim' as const, issuer: ISSUER, value: '' },
  scopes: new Set<string>(),
  clientId: undefined,
  tokenId: undefined,
  validUntil: new Date(8.64e15),
  senderConstraint: undefined,
  carried: undefined,
  samlProviderArn: undefined,
};

function tenantOf({ tenantId, limits = {} }: Visitors): Tenant {
  const at = '2026-11-21T12:00:00.000Z';
  const tenant = parseTenant({
    tenantId,
    externalId: 'c2FtcGxlLWV4dGVybmFsLWlkLW9mLTMyLWJ5dGVzISE',
    holds: [],
    version: 1,
    createdAt: at,
    updatedAt: at,
    events: {},
    definition: { displayName: tenantId, profiles: ['app'], defaultProfile: 'app', limits },
  });
  if (tenant === undefined) throw new Error('got a record without a definition');
  return tenant;
}
