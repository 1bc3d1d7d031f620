import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type Outcome, type Scenario, simulate, type Visitors } from '../../../../bench/limits-simulation.ts';
import {
  createRandom,
  createTable,
  createWorld,
  type SimulatedTable,
} from '../../../../bench/limits-world.ts';
import { createSharedThrottle } from '../../../../functions/adapters/limits/shared-throttle.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import type { ShareStore } from '../../../../functions/core/limits/share-store.ts';
import type { VendThrottle } from '../../../../functions/core/ports.ts';
import type { Tenant } from '../../../../functions/core/tenant/tenant.ts';
import { NOW, sampleCaller, sampleTenant } from '../../core/sample.ts';

const DEADLINE = startDeadline(60_000);

describe('instances beside each other', () => {
  let now: number;
  let counters: Map<string, number>;
  let calls: string[];
  let fails: (() => Promise<never>) | undefined;
  let shares: ShareStore;
  beforeEach(() => {
    now = NOW.getTime();
    counters = new Map();
    calls = [];
    fails = undefined;
    const ledgers = new Map<number, { unasked: number; asked: Map<string, number> }>();
    const ledgerOf = (window: number) => {
      const ledger = ledgers.get(window) ?? { unasked: 0, asked: new Map<string, number>() };
      ledgers.set(window, ledger);
      return ledger;
    };
    shares = {
      async take(key, window, vends) {
        calls.push(`${key} ${vends}`);
        await fails?.();
        const count = (counters.get(`${key}#${window}`) ?? 0) + vends;
        counters.set(`${key}#${window}`, count);
        return count;
      },
      async enter(window, { unasked = 0, asked }) {
        calls.push(
          asked === undefined ? `unasked ${unasked}` : `deployment#${asked.tenantId} ${asked.vends}`,
        );
        await fails?.();
        const ledger = ledgerOf(window);
        ledger.unasked += unasked;
        if (asked) ledger.asked.set(asked.tenantId, (ledger.asked.get(asked.tenantId) ?? 0) + asked.vends);
        return { unasked: ledger.unasked, asked: new Map(ledger.asked) };
      },
      async readLedger(window) {
        await fails?.();
        return ledgerOf(window);
      },
    };
  });

  const instance = (vendsPerSecond = 480) =>
    createSharedThrottle({ shares, vendsPerSecond, clock: () => new Date(now), chance: () => 0 });
  const limited = (limits: object, tenantId = 'acme') => sampleTenant({ limits }, { tenantId });
  const vend = (throttle: VendThrottle, tenant: Tenant, subject = 'user-1') =>
    throttle.admit(tenant, sampleCaller({ subject }), DEADLINE).then(
      () => 'admitted',
      ({ code, retryAfterSeconds }) => `${code} ${retryAfterSeconds}`,
    );
  /** What becomes of so many vends, one after the other and at the instances by turns. */
  async function vends(throttles: readonly VendThrottle[], tenant: Tenant, count: number, subject?: string) {
    const outcomes: string[] = [];
    for (let made = 0; made < count; made += 1)
      outcomes.push(await vend(throttles[made % throttles.length] as VendThrottle, tenant, subject));
    return outcomes;
  }
  const admitted = (outcomes: readonly string[]) => outcomes.filter((each) => each === 'admitted').length;

  it.each([
    ['a tenant', { vendsPerSecond: 5 }, 'tenant_throttled'],
    ['a subject', { vendsPerSecondPerSubject: 5 }, 'subject_throttled'],
  ])('hold the limit of %s together, in each second anew', async (_, limits, code) => {
    const fleet = [instance(), instance(), instance()];
    for (let second = 0; second < 3; second += 1) {
      const outcomes = await vends(fleet, limited(limits), 12);
      expect([admitted(outcomes), outcomes.at(-1)]).toEqual([5, expect.stringMatching(`^${code} [12]$`)]);
      now += 1000;
    }
  });

  it('hold it when all come at the same time', async () => {
    const fleet = [instance(), instance()];
    const tenant = limited({ vendsPerSecond: 7 });
    const outcomes = await Promise.all(
      [...Array(40)].map((_, index) => vend(fleet[index % 2] as never, tenant)),
    );
    expect(admitted(outcomes)).toBe(7);
    // Who came first was asked for alone, and all others of the instance together.
    expect(calls.filter((call) => call.startsWith('tenant'))).toHaveLength(4);
  });

  it('count tenants and subjects apart', async () => {
    const throttle = instance();
    const limits = { vendsPerSecondPerSubject: 1 };
    expect(await vends([throttle], limited(limits), 2, 'one')).toEqual(['admitted', 'subject_throttled 1']);
    expect(await vend(throttle, limited(limits), 'two')).toBe('admitted');
    expect(await vend(throttle, limited(limits, 'globex'), 'one')).toBe('admitted');
  });

  it('keep for the tenant what one subject is refused', async () => {
    const throttle = instance();
    const tenant = limited({ vendsPerSecond: 3, vendsPerSecondPerSubject: 1 });
    expect(admitted(await vends([throttle], tenant, 20, 'greedy'))).toBe(1);
    expect([await vend(throttle, tenant, 'two'), await vend(throttle, tenant, 'three')]).toEqual([
      'admitted',
      'admitted',
    ]);
  });

  it('keep for the subject what its tenant is refused', async () => {
    const [one, other] = [instance(), instance()];
    const tenant = limited({ vendsPerSecond: 1, vendsPerSecondPerSubject: 2 });
    await vend(one, tenant, 'first');
    expect(await vend(other, tenant, 'second')).toBe('tenant_throttled 1');
    expect(await vend(other, tenant, 'second')).toMatch('tenant_throttled');
    // Its one lease was given back each time, and had not to be taken anew.
    expect(calls.filter((call) => call.startsWith('subject'))).toHaveLength(2);
  });

  it('send the refused back one after the other', async () => {
    const fleet = [...Array(11)].map(() => instance());
    const outcomes = await vends(fleet, limited({ vendsPerSecond: 2 }), 11);
    const seconds = outcomes.slice(2).map((each) => Number(each.split(' ')[1]));
    expect(seconds).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5]);
  });

  it('send those back one after the other whom one of them refuses', async () => {
    const outcomes = await vends([instance()], limited({ vendsPerSecond: 2 }), 8);
    expect(outcomes.slice(2).map((each) => Number(each.split(' ')[1]))).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('take more at once of what came often in the second before', async () => {
    const throttle = instance();
    const tenant = limited({ vendsPerSecond: 100 });
    await vends([throttle], tenant, 20);
    now += 1000;
    calls.length = 0;
    await vends([throttle], tenant, 20);
    expect(calls.filter((call) => call.startsWith('tenant'))).toEqual(['tenant#acme 20']);
  });

  it('do not ask for a light tenant, and tell of ten vends at once', async () => {
    const throttle = instance();
    for (let second = 0; second < 40; second += 1) {
      expect(await vend(throttle, sampleTenant())).toBe('admitted');
      now += 1000;
    }
    expect(calls).toEqual(Array(4).fill('unasked 10'));
  });

  it('ask for the second tenant of a second while they know nothing of each other', async () => {
    const throttle = instance();
    await vends([throttle], sampleTenant(), 1);
    await vends([throttle], sampleTenant({}, { tenantId: 'globex' }), 1);
    expect(calls).toEqual(['deployment#globex 1']);
  });

  it('share what the deployment may ask of STS: a flooder takes nothing from the others', async () => {
    const fleet = [instance(20), instance(20)];
    const [flooder, other] = [sampleTenant(), sampleTenant({}, { tenantId: 'globex' })];
    for (let second = 0; second < 5; second += 1) {
      const flood = await vends(fleet, flooder, 60);
      const light = await vends(fleet, other, 6);
      expect([second, admitted(light)]).toEqual([second, 6]);
      expect(admitted(flood)).toBeLessThanOrEqual(second === 0 ? 22 : 20);
      expect(admitted(flood)).toBeGreaterThanOrEqual(12);
      expect(flood.at(-1)).toMatch(/^deployment_throttled \d$/);
      now += 1000;
    }
  });

  describe('when the table fails', () => {
    const cause = Object.assign(new Error('secret'), { name: 'TimeoutError' });

    it('go on vending, each up to its part of the limit, and say why they refuse', async () => {
      const throttle = instance();
      fails = async () => {
        throw cause;
      };
      const tenant = limited({ vendsPerSecond: 40 });
      // A twentieth of 40 a second.
      expect(admitted(await vends([throttle], tenant, 10))).toBe(2);
      const error = await throttle.admit(tenant, sampleCaller(), DEADLINE).catch((each) => each);
      expect(error).toMatchObject({ code: 'tenant_throttled', retryAfterSeconds: 1 });
      expect(error.cause).toMatch(/^counted by this instance alone: the usage table has failed/);
      now += 1000;
      expect(admitted(await vends([throttle], tenant, 10))).toBe(2);
    });

    it('say of each vend that it was counted by one instance alone', async () => {
      const throttle = instance();
      const tenant = limited({ vendsPerSecond: 40 });
      expect(await throttle.admit(tenant, sampleCaller(), DEADLINE)).toBe('together');
      now += 1000;
      fails = async () => {
        throw cause;
      };
      expect(await throttle.admit(tenant, sampleCaller(), DEADLINE)).toBe('alone');
    });

    it('leave it alone for five seconds, and count together again once it is back', async () => {
      const fleet = [instance(), instance()];
      const tenant = limited({ vendsPerSecond: 5 });
      fails = async () => {
        throw cause;
      };
      await vends(fleet, tenant, 10);
      const asked = calls.length;
      now += 4999;
      await vends(fleet, tenant, 10);
      expect(calls.length).toBe(asked);
      fails = undefined;
      now += 1001;
      expect(admitted(await vends(fleet, tenant, 20))).toBe(5);
    });

    it('take nothing from what failed on the side: a function may have been frozen meanwhile', async () => {
      const throttle = instance();
      fails = async () => {
        throw cause;
      };
      for (let second = 0; second < 10; second += 1) {
        expect(await vend(throttle, sampleTenant())).toBe('admitted');
        now += 1000;
      }
      expect(calls).toEqual(['unasked 10']);
      fails = undefined;
      expect(admitted(await vends([throttle], limited({ vendsPerSecond: 5 }), 20))).toBe(5);
    });

    it('never promise a time after which the table will not have been asked again', async () => {
      fails = async () => {
        throw cause;
      };
      const outcomes = await vends([instance()], limited({ vendsPerSecond: 1 }), 2);
      expect(outcomes).toEqual(['admitted', 'tenant_throttled 5']);
    });

    it('take what is broken here for what it is', async () => {
      let isBroken = false;
      const chance = () => {
        if (isBroken) throw new TypeError('broken');
        return 0;
      };
      const clock = () => new Date(now);
      const throttle = createSharedThrottle({ shares, vendsPerSecond: 480, clock, chance });
      isBroken = true;
      await expect(throttle.admit(sampleTenant(), sampleCaller(), DEADLINE)).rejects.toThrow(TypeError);
    });
  });
});

describe('a fleet in simulated time', () => {
  const START = 1_800_000_000_000;

  async function run(
    scenario: Partial<Scenario> & Pick<Scenario, 'visitors'>,
    isDown?: (second: number) => boolean,
  ) {
    const world = createWorld(START);
    const random = createRandom(7);
    const table = createTable({
      world,
      latency: () => 4 + 6 * random(),
      isDown: (time) => isDown?.((time - START) / 1000) ?? false,
    });
    const usual = { seed: 1, seconds: 12, instances: 20, vendsPerSecond: 120 };
    return { table, outcomes: await simulate(world, table.shares, { ...usual, ...scenario }) };
  }

  const of = (outcomes: readonly Outcome[], prefix: string) =>
    outcomes.filter(({ tenantId }) => tenantId.startsWith(prefix));
  const admittedOf = (outcomes: readonly Outcome[]) => outcomes.filter(({ code }) => code === 'admitted');
  const perSecond = (outcomes: readonly Outcome[], from: number, to: number) =>
    admittedOf(outcomes).filter(({ at }) => at >= from * 1000 && at < to * 1000).length / (to - from);
  const windows = (outcomes: readonly Outcome[]) =>
    [...Map.groupBy(admittedOf(outcomes), ({ window }) => window).values()].map((each) => each.length);

  const light: readonly Visitors[] = [1, 1.5, 2, 2.5, 3, 3.5].map((perSecondOfIt, index) => ({
    tenantId: `light-${index}`,
    rate: () => perSecondOfIt,
  }));
  const flooder = (rate: number, index = 0): Visitors => ({
    tenantId: `flooder-${index}`,
    rate: (second) => (second < 4 ? 0 : rate),
  });

  it('never lets through more than a limit, by the clocks of its instances, however they come', async () => {
    const scenarios = fc.record({
      seed: fc.integer(),
      instances: fc.integer({ min: 1, max: 12 }),
      limit: fc.integer({ min: 1, max: 30 }),
      rate: fc.integer({ min: 1, max: 150 }),
      burst: fc.integer({ min: 1, max: 400 }),
      skew: fc.integer({ min: 0, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ seed, instances, limit, rate, burst, skew }) => {
        const { outcomes } = await run({
          seed,
          instances,
          seconds: 3,
          vendsPerSecond: 480,
          skew: (_, random) => skew * random(),
          visitors: [
            {
              tenantId: 'limited',
              rate: (second) => (second > 1 && second < 1.3 ? burst : rate),
              limits: { vendsPerSecond: limit },
              comeBack: 0.5,
            },
          ],
        });
        // Of the others it cannot be told in which of two seconds the limit has counted them.
        const ofOneSecond = outcomes.filter(({ askedIn, window }) => askedIn === window);
        expect(Math.max(0, ...windows(ofOneSecond))).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 20 },
    );
  });

  it('lets through nearly all that a limit allows', async () => {
    const visitors = [{ tenantId: 'limited', rate: () => 80, limits: { vendsPerSecond: 50 } }];
    const { outcomes } = await run({ visitors, vendsPerSecond: 480 });
    expect(perSecond(outcomes, 2, 12)).toBeGreaterThan(45);
  });

  it('refuses no light tenant while others flood, whoever they are', async () => {
    const flooders = fc.array(fc.integer({ min: 30, max: 600 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer(), flooders, async (seed, rates) => {
        const visitors = [...light, ...rates.map(flooder)];
        const { outcomes } = await run({ seed, seconds: 8, visitors });
        const refused = of(outcomes, 'light').filter(({ code }) => code !== 'admitted');
        expect(refused).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('gives a flooder what the others leave, and no more', async () => {
    const { outcomes, table } = await run({ visitors: [flooder(600), ...light], seconds: 16 });
    const all = perSecond(outcomes, 7, 16);
    expect(all).toBeGreaterThan(0.93 * 120);
    expect(all).toBeLessThan(1.07 * 120);
    // As it begins: a quarter of the quota beyond what is left, in one second.
    expect(Math.max(...windows(outcomes))).toBeLessThan(1.5 * 120);
    expect(writesPerRequest(table, outcomes)).toBeLessThan(0.2);
  });

  it('gives two flooders the same, however differently they flood', async () => {
    const { outcomes } = await run({ visitors: [flooder(100, 1), flooder(500, 2), ...light], seconds: 16 });
    const [one, other] = ['flooder-1', 'flooder-2'].map((id) => perSecond(of(outcomes, id), 7, 16));
    expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThan(0.15 * (one ?? 0));
  });

  it('holds with clocks that differ', async () => {
    const { outcomes } = await run({
      visitors: [flooder(600), ...light],
      seconds: 16,
      skew: (_, random) => 300 * random(),
    });
    expect(of(outcomes, 'light').filter(({ code }) => code !== 'admitted')).toEqual([]);
    expect(perSecond(outcomes, 7, 16)).toBeLessThan(1.15 * 120);
  });

  it('keeps within the quota without a table as well, and hardly refuses a light tenant', async () => {
    const { outcomes } = await run(
      { visitors: [flooder(600), ...light], seconds: 32 },
      (second) => second >= 8 && second < 28,
    );
    expect(perSecond(outcomes, 8, 28)).toBeLessThan(1.25 * 120);
    expect(perSecond(outcomes, 8, 28)).toBeGreaterThan(0.3 * 120);
    const lightOnes = of(outcomes, 'light');
    expect(admittedOf(lightOnes).length).toBeGreaterThan(0.97 * lightOnes.length);
    expect(outcomes.some(({ cause = '' }) => cause.startsWith('counted by this instance alone'))).toBe(true);
    const slowest = Math.max(...outcomes.map(({ at, askedAt }) => at - askedAt));
    expect(slowest).toBeLessThan(600);
  });

  test('who comes back when told to is let in', async () => {
    const visitors: readonly Visitors[] = [
      {
        tenantId: 'herd',
        rate: (second) => (second >= 2 && second < 2.1 ? 400 : 0),
        limits: { vendsPerSecond: 5 },
        comeBack: 1,
      },
    ];
    const { outcomes } = await run({ visitors, instances: 60 });
    const retries = outcomes.filter(({ isRetry }) => isRetry);
    expect(retries.length).toBeGreaterThan(20);
    expect(admittedOf(retries).length / retries.length).toBeGreaterThan(0.7);
  });

  const writesPerRequest = (table: SimulatedTable, outcomes: readonly Outcome[]) =>
    table.writes() / outcomes.length;
});
