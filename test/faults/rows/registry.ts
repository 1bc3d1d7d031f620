import type { Caller } from '../callers.ts';
import type { Fault, Outage } from '../fault.ts';
import { type Chosen, faultRow, type Row } from '../row.ts';
import { every } from '../stage.ts';

/** What looks to DynamoDB's client like an item that there is not. */
const ABSENT: readonly Outage[] = ['foreign', 'empty'];

const cold = (fault: Outage): Row =>
  faultRow({
    neighbours: ['registry'],
    fault,
    start: 'cold',
    steps: [
      { expected: every('registry_unavailable') },
      { expected: every('registry_unavailable') },
      // Five in a row have failed: nobody waits.
      { expected: every('registry_unavailable'), quick: 400 },
    ],
    recovery: { milliseconds: 1600 },
  });

/** What was read counts for 22 seconds; within 15, it is not even asked for again. */
const warm = (fault: Outage): Row =>
  faultRow({
    neighbours: ['registry'],
    fault,
    start: 'warm',
    steps: [
      { afterSeconds: 13, expected: every('served'), quick: 400 },
      { afterSeconds: 3, expected: every('served') },
      { afterSeconds: 5, expected: every('served') },
      { afterSeconds: 2, expected: every('registry_unavailable') },
    ],
    recovery: { milliseconds: 1600 },
  });

/** Refused: never served, and no longer than an absence is remembered. */
const absent = (fault: Outage): Row =>
  faultRow({
    neighbours: ['registry'],
    fault,
    start: 'cold',
    steps: [{ expected: every('issuer_unknown') }],
    recovery: { afterSeconds: 6, milliseconds: 500 },
  });

/** Somebody else's record: found out, and refused. */
const swapped: Row = faultRow({
  neighbours: ['registry'],
  fault: 'swapped',
  start: 'cold',
  steps: [{ expected: every('record_invalid') }],
  recovery: { milliseconds: 500 },
});

const slow = (fault: 'slow' | 'slower'): Row =>
  faultRow({
    neighbours: ['registry'],
    fault,
    start: 'cold',
    steps: [{ expected: every('served') }],
    recovery: { milliseconds: 500 },
  });

/** A second try finds it. */
const firstTries = (fault: Fault): Row => ({
  title: `registry: ${fault}, first tries, cold`,
  async play(stage) {
    stage.failFirstTries('registry', fault);
    await stage.expect('at once', every('served'));
    await stage.expectRecovery(500);
  },
});

/** Who was suspended meanwhile is served no longer than what was read counts. */
const suspended: Row = {
  title: 'registry: 500, and a tenant is suspended',
  async play(stage) {
    const { world, callers } = stage;
    const acme = callers.filter(({ tenantId }: Caller) => tenantId === 'acme');
    await stage.expect('before', every('served'));
    await stage.fail(['registry'], '500');
    await world.suspend('acme');
    try {
      world.clock.jump(23);
      await stage.expectOf('when it counts no longer', acme.slice(0, 1), 'registry_unavailable');
      await world.neighbours.heal();
      // The circuit is closed again within a second.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await stage.expectOf('when it can be read again', acme.slice(0, 1), 'tenant_inactive');
    } finally {
      await world.resume('acme');
    }
  },
};

export const registryRows = ({ late, cold: some, warm: others }: Chosen): readonly Row[] => [
  ...late.map(slow),
  ...some.filter((fault) => !ABSENT.includes(fault)).map(cold),
  // The usage table is refused with it: see together.ts.
  ...others.filter((fault) => !ABSENT.includes(fault) && fault !== 'refused').map(warm),
  ...some.filter((fault) => ABSENT.includes(fault)).map(absent),
  swapped,
  firstTries('reset'),
  firstTries('cut'),
  suspended,
];
