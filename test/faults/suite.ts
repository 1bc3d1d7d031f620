import { createSeededRandom } from '../client/seeded-random.ts';
import { FAILED, GARBLED, TIMED_OUT } from './fault.ts';
import type { Chosen, Row } from './row.ts';
import { CLOCK } from './rows/clock.ts';
import { keyRows } from './rows/keys.ts';
import { registryRows } from './rows/registry.ts';
import { storm } from './rows/storm.ts';
import { stsRows } from './rows/sts.ts';
import { TOGETHER } from './rows/together.ts';
import { usageRows } from './rows/usage.ts';

const ALL = [...FAILED, ...GARBLED, ...TIMED_OUT];
const EVERYTHING: Chosen = { late: ['slow', 'slower'], cold: ALL, warm: ALL };

/** Every neighbour with every fault. */
export const longSuite: readonly Row[] = [
  ...keyRows(EVERYTHING),
  ...registryRows(EVERYTHING),
  ...usageRows(EVERYTHING),
  ...stsRows(EVERYTHING),
  ...CLOCK,
  ...TOGETHER,
];

/** One fault of each sort for each neighbour, by what it is in the way of. */
export const shortSuite = {
  lookups: [
    ...keyRows({ late: ['slower'], cold: ['refused', 'foreign'], warm: ['500'] }),
    ...registryRows({ late: ['slower'], cold: ['drip'], warm: ['html'] }),
  ],
  uses: [...usageRows({ late: ['slower'], cold: ['hang'], warm: ['foreign'] }), ...CLOCK, ...TOGETHER],
  vends: [
    ...stsRows({ late: ['slower'], cold: ['cut'], warm: ['drip', 'throttled'] }),
    storm(1, 3, createSeededRandom(1)),
  ],
} satisfies Readonly<Record<string, readonly Row[]>>;
