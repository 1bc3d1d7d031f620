import { bearer } from '../callers.ts';
import type { Outage } from '../fault.ts';
import { type Chosen, faultRow, type Row } from '../row.ts';
import { every } from '../stage.ts';

const MINUTE = 60;

/** Nobody's keys are known: all are refused, and told when it is worth while to ask again. */
const cold = (fault: Outage): Row =>
  faultRow({
    neighbours: ['keys', 'own keys'],
    fault,
    start: 'cold',
    // The second time, nobody waits: the keys were asked for in this very second.
    steps: [{ expected: every('keys_unavailable') }, { expected: every('keys_unavailable'), quick: 700 }],
    recovery: { afterSeconds: 1, milliseconds: 500 },
  });

/** What is known counts for an hour since it was fetched. */
const warm = (fault: Outage): Row =>
  faultRow({
    neighbours: ['keys', 'own keys'],
    fault,
    start: 'warm',
    steps: [
      { expected: every('served'), quick: 800 },
      { afterSeconds: 11 * MINUTE, expected: every('served') },
      { afterSeconds: 48 * MINUTE, expected: every('served') },
      { afterSeconds: 2 * MINUTE, expected: every('keys_unavailable') },
    ],
    // Three times in a row they could not be had: the pause has grown.
    recovery: { afterSeconds: 4, milliseconds: 500 },
  });

const oneIssuer: Row = faultRow({
  neighbours: ['own keys'],
  fault: 'hang',
  start: 'cold',
  steps: [{ expected: { ...every('served'), own: 'keys_unavailable' } }],
  recovery: { afterSeconds: 1, milliseconds: 500 },
});

const slow = (fault: 'slow' | 'slower'): Row =>
  faultRow({
    neighbours: ['keys', 'own keys'],
    fault,
    start: 'cold',
    steps: [{ expected: every('served') }],
    recovery: { milliseconds: 500 },
  });

/** A key that is not in what is known may be a new one: that cannot be told. */
const rotation: Row = {
  title: 'keys: 500, a new key id',
  async play(stage) {
    const rotated = bearer(stage.world, 'bearer', 'acme', { tenant: 'acme' }, { kid: 'key-2' });
    await stage.expect('before', every('served'));
    await stage.fail(['keys'], '500');
    stage.world.clock.jump(11);
    await stage.expectOf('a new key id', [rotated], 'keys_unavailable');
    await stage.expect('the known one', every('served'));
    stage.world.clock.jump(11);
    await stage.world.neighbours.heal();
    await stage.expectOf('a key id that there is not', [rotated], 'token_invalid');
  },
};

export const keyRows = ({ late, cold: some, warm: others }: Chosen): readonly Row[] => [
  ...late.map(slow),
  ...some.map(cold),
  ...others.map(warm),
  oneIssuer,
  rotation,
];
