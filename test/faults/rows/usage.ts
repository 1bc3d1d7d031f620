import { bearer, type Caller } from '../callers.ts';
import type { Fault, Outage } from '../fault.ts';
import { type Chosen, faultRow, type Row } from '../row.ts';
import { type Expectation, every, type Stage } from '../stage.ts';
import { LIMIT, type World } from '../world.ts';

const refused: Expectation = {
  ...every('served'),
  bound: ['replay_check_unavailable', 'deadline_exceeded'],
  once: ['replay_check_unavailable', 'deadline_exceeded'],
};

/** Whether something has been used cannot be told; limits are counted by each instance. */
const down = (fault: Outage, start: 'cold' | 'warm'): Row =>
  faultRow({
    neighbours: ['usage'],
    fault,
    start,
    steps: [{ expected: refused }, { expected: refused }],
    recovery: { afterSeconds: 5, milliseconds: 500 },
  });

/** An earlier answer says that somebody else was first, or says nothing of it. */
const swapped: Row = faultRow({
  neighbours: ['usage'],
  fault: 'swapped',
  start: 'warm',
  steps: [
    {
      expected: {
        ...every('served'),
        bound: ['proof_invalid', 'replay_check_unavailable'],
        once: ['token_replayed', 'replay_check_unavailable'],
      },
    },
  ],
  recovery: { afterSeconds: 5, milliseconds: 500 },
});

const slow = (fault: 'slow' | 'slower'): Row =>
  faultRow({
    neighbours: ['usage'],
    fault,
    start: 'cold',
    steps: [{ expected: every('served') }],
    recovery: { milliseconds: 500 },
  });

/** A second try finds what the first has written, and knows it for its own. */
const firstTries = (fault: Fault): Row => ({
  title: `usage: ${fault}, first tries, cold`,
  async play(stage) {
    stage.failFirstTries('usage', fault);
    await stage.expect('at once', every('served'));
    await stage.expectRecovery(500);
  },
});

/** All of one moment, of the tenant that has a limit. */
const limitedCallers = (world: World): readonly Caller[] =>
  Array.from({ length: 2 * LIMIT }, (_, index) =>
    bearer(world, 'bearer', 'limited', { sub: `app-${index}`, tenant: 'limited' }),
  );

async function servedOf(stage: Stage, callers: readonly Caller[]): Promise<number> {
  const { answers } = await stage.fire(callers);
  const outcomes = answers.flatMap((answer) => answer.outcomes);
  const others = outcomes.filter((outcome) => outcome !== 'served' && outcome !== 'tenant_throttled');
  if (others.length > 0) stage.deviate(`got ${others}, expected tenant_throttled`);
  return outcomes.length - outcomes.filter((outcome) => outcome !== 'served').length;
}

let minutes = 10;

/** With the table the limit is exact; without it each instance has its part, and one vend at least. */
const limits = (fault: Fault): Row => ({
  title: `usage: ${fault}, a tenant at its limit`,
  async play(stage) {
    const { clock, neighbours } = stage.world;
    const callers = limitedCallers(stage.world);
    clock.stop();
    // A second that no other row has been in.
    clock.jump(minutes++ * 60);
    const exact = await servedOf(stage, callers);
    if (exact !== LIMIT) stage.deviate(`with the table ${exact} served, expected ${LIMIT}`);
    neighbours.plan('usage', () => fault);
    clock.jump(3);
    const alone = await servedOf(stage, callers);
    if (alone < 1 || alone > LIMIT) stage.deviate(`without it ${alone} served, expected 1 to ${LIMIT}`);
    await neighbours.heal();
    clock.jump(6);
    const again = await servedOf(stage, callers);
    if (again !== LIMIT) stage.deviate(`with the table again ${again} served, expected ${LIMIT}`);
  },
});

/** With connections that are refused, the registry's are as well: see together.ts. */
const isAlone = (fault: Outage) => fault !== 'refused';

export const usageRows = ({ late, cold, warm }: Chosen): readonly Row[] => [
  ...late.map(slow),
  ...cold.filter(isAlone).map((fault) => down(fault, 'cold')),
  ...warm.filter(isAlone).map((fault) => down(fault, 'warm')),
  swapped,
  firstTries('reset after'),
  firstTries('stall'),
  limits('500'),
  limits('hang'),
  limits('foreign'),
];
