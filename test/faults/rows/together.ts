import type { Row } from '../row.ts';
import { faultRow } from '../row.ts';
import { every } from '../stage.ts';
import type { SinkFault } from '../world.ts';

/** What cannot be written down is not handed out. */
const sink = (fault: SinkFault): Row => ({
  title: `audit: ${fault === 'all' ? 'no line' : 'no line of what is granted'} can be written`,
  async play(stage) {
    await stage.expect('before', every('served'));
    stage.instance.failSink(fault);
    const others = fault === 'all' ? 'internal_error' : 'proof_invalid';
    await stage.expect('at once', { ...every('internal_error'), bound: ['internal_error', others] });
    await stage.expectRecovery(500);
  },
});

/** Where there is no time left for STS, it is not asked. */
const OUT_OF_TIME = ['deadline_exceeded', 'sts_unavailable'] as const;

/** Each alone would be in time, all together are not; what was fetched meanwhile counts. */
const deadline: Row = faultRow({
  neighbours: ['registry', 'keys', 'own keys', 'usage', 'sts'],
  fault: 'slower',
  start: 'cold',
  // A tenant with an issuer of its own is found by one read less.
  steps: [
    { expected: { ...every(OUT_OF_TIME), own: [...OUT_OF_TIME, 'served'] } },
    { expected: every('served') },
  ],
  recovery: { milliseconds: 500 },
});

const bothTables = [
  faultRow({
    neighbours: ['registry', 'usage'],
    fault: 'refused',
    start: 'cold',
    steps: [{ expected: every('registry_unavailable') }],
    recovery: { milliseconds: 1600 },
  }),
  faultRow({
    neighbours: ['registry', 'usage'],
    fault: 'refused',
    start: 'warm',
    steps: [
      {
        afterSeconds: 16,
        expected: { ...every('served'), bound: 'replay_check_unavailable', once: 'replay_check_unavailable' },
      },
      { afterSeconds: 7, expected: every('registry_unavailable') },
    ],
    recovery: { afterSeconds: 5, milliseconds: 1600 },
  }),
];

/** Who asks at once for what is known, shows a bare token and has another Region is served all the same. */
const allButOne: Row = faultRow({
  neighbours: ['keys', 'own keys', 'registry', 'usage', 'sts'],
  fault: '500',
  start: 'warm',
  steps: [
    {
      afterSeconds: 16,
      expected: { ...every('served'), bound: 'replay_check_unavailable', once: 'replay_check_unavailable' },
      from: 'fallback sts',
    },
  ],
  recovery: { afterSeconds: 5, milliseconds: 2600 },
});

export const TOGETHER: readonly Row[] = [sink('all'), sink('granted'), deadline, ...bothTables, allButOne];
