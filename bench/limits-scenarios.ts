import type { Scenario, Visitors } from './limits-simulation.ts';

/** A scenario by name, and what it is watched for. */
export interface NamedScenario extends Omit<Scenario, 'seed'> {
  readonly name: string;
  /** From when on everything is as usual, in seconds. */
  readonly steadyFrom: number;
  /** The table does not answer from and to, in seconds. */
  readonly outage?: readonly [from: number, to: number];
}

const FLOOD_FROM = 10;
const STEADY_FROM = 14;

/** Thirty tenants at 2 to 10 vends a second each: 180 together. */
const LIGHT = lights(30, 2, 10);

function lights(count: number, least: number, most: number): readonly Visitors[] {
  return Array.from({ length: count }, (_, index) => ({
    tenantId: `light-${index}`,
    rate: () => least + ((most - least) * index) / (count - 1),
  }));
}

/** A tenant that comes with so many requests a second all at once; a few of the refused do as they are told. */
const flooder = (perSecond: number, index = 0): Visitors => ({
  tenantId: `flooder-${perSecond}-${index}`,
  rate: (second) => (second < FLOOD_FROM ? 0 : perSecond),
  comeBack: 0.05,
});

const FLEET = { seconds: 40, instances: 100, vendsPerSecond: 480, steadyFrom: STEADY_FROM };
const FLOOD = { ...FLEET, visitors: [flooder(2000), ...LIGHT] };

const limited = (perSecond: number, vendsPerSecond: number): Visitors => ({
  tenantId: 'limited',
  rate: () => perSecond,
  limits: { vendsPerSecond },
  comeBack: 0.05,
});

/** What the limits are held against. */
export const SCENARIOS: readonly NamedScenario[] = [
  { ...FLEET, name: 'nobody too many, 3 instances', instances: 3, visitors: lights(5, 1, 5) },
  { ...FLEET, name: 'nobody too many, 20 instances', instances: 20, visitors: LIGHT },
  { ...FLEET, name: 'nobody too many, 100 instances', visitors: LIGHT },
  { ...FLOOD, name: 'one flooder, 20 instances', instances: 20 },
  { ...FLOOD, name: 'one flooder' },
  {
    ...FLEET,
    name: 'five flooders',
    visitors: [...[0, 1, 2, 3, 4].map((index) => flooder(400, index)), ...LIGHT],
  },
  {
    ...FLEET,
    name: 'flooders of all sizes',
    visitors: [...[50, 100, 400, 2000].map((perSecond) => flooder(perSecond)), ...LIGHT],
  },
  {
    ...FLEET,
    name: 'a flooder, and light ones near the quota',
    visitors: [flooder(1000), ...lights(45, 10, 10)],
  },
  { ...FLEET, name: 'thirty equals, a quarter too many', visitors: lights(30, 20, 20) },
  { ...FLOOD, name: 'one flooder, clocks ±200 ms', skew: (_, random) => 400 * random() - 200 },
  { ...FLOOD, name: 'one flooder, no table for 10 s', outage: [20, 30] },
  { ...FLEET, name: 'limit 5/s, asked 50/s', visitors: [limited(50, 5)] },
  { ...FLEET, name: 'limit 5/s, asked 2000/s', visitors: [limited(2000, 5)] },
  { ...FLEET, name: 'limit 100/s, 10 instances', instances: 10, visitors: [limited(130, 100)] },
  { ...FLEET, name: 'limit 100/s, 100 instances', visitors: [limited(130, 100)] },
  {
    ...FLEET,
    name: 'limit 5/s, no table for 10 s',
    visitors: [limited(50, 5), ...LIGHT],
    outage: [20, 30],
  },
  {
    ...FLEET,
    name: 'fifty at once, limit 5/s',
    visitors: [
      { ...limited(0, 5), rate: (second) => (second >= 12 && second < 12.1 ? 500 : 0), comeBack: 1 },
    ],
  },
  {
    ...FLEET,
    name: '3 subjects, 10/s each, 20 instances',
    instances: 20,
    visitors: [
      {
        tenantId: 'subjects',
        rate: () => 60,
        subjects: 3,
        limits: { vendsPerSecond: 40, vendsPerSecondPerSubject: 10 },
      },
    ],
  },
];
