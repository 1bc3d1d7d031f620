import type { ErrorCode } from '../../../functions/core/errors.ts';
import type { Outage } from '../fault.ts';
import { type Chosen, faultRow, type Row } from '../row.ts';
import { every } from '../stage.ts';

/** The code of the last that was tried. Two that time out take nearly all of the time that there is. */
const codesOf = (fault: Outage): readonly ErrorCode[] =>
  fault === 'throttled' ? ['sts_throttled'] : ['sts_unavailable', 'deadline_exceeded'];

/** The other Region's answers; after three failures in a row nobody waits for this one, and it is found again within two seconds. */
const fallback = (fault: Outage): Row =>
  faultRow({
    neighbours: ['sts'],
    fault,
    start: 'warm',
    steps: [
      { expected: every('served'), from: 'fallback sts' },
      // A Region that throttles is there: it is asked each time.
      { expected: every('served'), from: 'fallback sts', ...(fault === 'throttled' ? {} : { quick: 600 }) },
    ],
    recovery: { milliseconds: 2600, from: 'sts' },
  });

/** Nowhere to turn to. */
const both = (fault: Outage): Row =>
  faultRow({
    neighbours: ['sts', 'fallback sts'],
    fault,
    start: 'cold',
    steps: [
      { expected: every(codesOf(fault)) },
      { expected: every(codesOf(fault)), ...(fault === 'throttled' ? {} : { quick: 400 }) },
    ],
  });

/** The same Region, twice. */
const alone = (fault: Outage): Row =>
  faultRow({
    neighbours: ['sts'],
    fault,
    start: 'warm',
    fallback: false,
    steps: [{ expected: every(codesOf(fault)) }],
  });

const slow = (fault: 'slow' | 'slower'): Row =>
  faultRow({
    neighbours: ['sts'],
    fault,
    start: 'cold',
    steps: [{ expected: every('served'), from: 'sts' }],
    recovery: { milliseconds: 500 },
  });

/** Nobody notices. */
const unused: Row = faultRow({
  neighbours: ['fallback sts'],
  fault: 'hang',
  start: 'cold',
  steps: [{ expected: every('served'), from: 'sts' }],
  recovery: { milliseconds: 500 },
});

export const stsRows = ({ late, cold, warm }: Chosen): readonly Row[] => [
  ...late.map(slow),
  ...warm.map(fallback),
  ...cold.map(both),
  ...cold.map(alone),
  fallback('swapped'),
  alone('swapped'),
  unused,
];
