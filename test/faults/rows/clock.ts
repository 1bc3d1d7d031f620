import { bearer, type Caller, once } from '../callers.ts';
import type { Row } from '../row.ts';
import { every, type Stage } from '../stage.ts';

const HOUR = 3600;

/** One that asks with the very same request again and again. */
async function stubborn(caller: Caller): Promise<Caller> {
  const [request] = await caller.requests();
  if (request === undefined) throw new Error('got no request, expected one');
  return { ...caller, kind: 'bearer', requests: async () => [request.clone() as Request] };
}

const jumps = (title: string, seconds: readonly number[]): Row => ({
  title: `clock: ${title}`,
  async play(stage) {
    await stage.expect('before', every('served'));
    for (const each of seconds) {
      stage.world.clock.jump(each);
      await stage.expect(`after ${each} s`, every('served'));
    }
  },
});

/** A token of before is of then: it has ended, or has not begun. */
const oldTokens: Row = {
  title: 'clock: an hour, with tokens of before',
  async play(stage) {
    const old = await stubborn(bearer(stage.world, 'bearer', 'acme', { tenant: 'acme' }));
    await stage.expectOf('before', [old], 'served');
    stage.world.clock.jump(HOUR);
    await stage.expectOf('an hour later', [old], 'token_expired');
    stage.world.clock.jump(-2 * HOUR);
    await stage.expectOf('an hour earlier', [old], 'token_invalid');
    stage.world.clock.jump(HOUR);
    await stage.expectOf('back again', [old], 'served');
  },
};

/** What has been used stays used, whatever time it is. */
const used: Row = {
  title: 'clock: an hour there and back, with what is good once',
  async play(stage) {
    const again = await Promise.all(
      stage.callers.filter(({ kind }) => kind === 'once' || kind === 'bound').map(stubborn),
    );
    await stage.fire([...again, await stubborn(once(stage.world, 'app'))]);
    for (const seconds of [HOUR, -HOUR, -HOUR, HOUR]) {
      stage.world.clock.jump(seconds);
      const { answers } = await stage.fire(again);
      if (answers.some(({ outcomes }) => outcomes.includes('served'))) stage.deviate('served a second time');
    }
  },
};

/** What was read before counts no longer than it would have: a suspension bites, and an outage is one. */
const putBack = (title: string, play: (stage: Stage, acme: Caller) => Promise<void>): Row => ({
  title: `clock: an hour back, ${title}`,
  async play(stage) {
    const acme = bearer(stage.world, 'bearer', 'acme', { tenant: 'acme' });
    await stage.expect('before', every('served'));
    stage.world.clock.jump(-HOUR);
    await play(stage, acme);
  },
});

const putBackRows: readonly Row[] = [
  putBack('and a tenant is suspended', async ({ world, expectOf }, acme) => {
    await world.suspend('acme');
    try {
      world.clock.jump(16);
      await expectOf('within 15 s', [acme], 'tenant_inactive');
    } finally {
      await world.resume('acme');
    }
  }),
  putBack('and the registry fails', async (stage) => {
    await stage.fail(['registry'], '500');
    await stage.expect('at once', every('registry_unavailable'));
    await stage.expectRecovery(1600);
  }),
  putBack('after the usage table has failed', async (stage) => {
    const { world } = stage;
    const limited = bearer(world, 'bearer', 'limited', { tenant: 'limited' });
    await stage.fail(['usage'], '500');
    await stage.expectOf('while it fails', [limited], 'served');
    world.clock.jump(-HOUR);
    await world.neighbours.heal();
    world.clock.jump(6);
    const asked = world.neighbours.asked('usage');
    await stage.expectOf('when it is back', [limited], 'served');
    if (world.neighbours.asked('usage') === asked) stage.deviate('the table is still left alone');
  }),
  putBack('and the keys fail', async (stage) => {
    await stage.fail(['keys', 'own keys'], '500');
    await stage.expect('at once', every('served'));
    await stage.expectRecovery(500);
  }),
];

export const CLOCK: readonly Row[] = [
  jumps('an hour forwards', [HOUR]),
  jumps('an hour back', [-HOUR]),
  jumps('small steps', [0.4, -0.3, 2, -3, 1.5, -0.9, 20, -20]),
  oldTokens,
  used,
  ...putBackRows,
];
