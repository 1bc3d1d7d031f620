import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Outage } from './fault.ts';
import type { Neighbour } from './neighbours.ts';
import { createStage, type Demands, type Expectation, every, type Stage, type Tally } from './stage.ts';
import type { World } from './world.ts';

/** One row of the table: what fails, and all that follows. */
export interface Row {
  readonly title: string;
  /** Whether there is another Region's STS to turn to; true if left out. */
  readonly fallback?: boolean;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Which faults a neighbour's rows are played with. */
export interface Chosen {
  /** Within its timeouts. */
  readonly late: readonly ('slow' | 'slower')[];
  /** On a new instance, and on one that has served everybody before. */
  readonly cold: readonly Outage[];
  readonly warm: readonly Outage[];
}

/** What is seen in one moment of a fault. */
export interface Step extends Demands {
  /** By the app's clock, since the last step. */
  readonly afterSeconds?: number;
  readonly expected: Expectation;
}

/** A fault that lasts through some steps, and then ends. */
export interface FaultRow {
  readonly neighbours: readonly Neighbour[];
  readonly fault: Outage;
  /** Whether the instance has served all callers before. */
  readonly start: 'cold' | 'warm';
  readonly fallback?: boolean;
  readonly steps: readonly Step[];
  /** How long until all are served again: by the app's clock, and then by the machine's. */
  readonly recovery?: Demands & { readonly afterSeconds?: number; readonly milliseconds: number };
}

/** What came of a row. */
export interface Report extends Omit<Tally, 'deviations'> {
  readonly title: string;
  readonly deviations: readonly string[];
  /** How many secrets were found in what was written. */
  readonly secrets: number;
}

export function faultRow({ neighbours, fault, start, fallback = true, steps, recovery }: FaultRow): Row {
  return {
    title: `${neighbours.join(' + ')}: ${fault}, ${start}${fallback ? '' : ', one Region'}`,
    fallback,
    async play(stage) {
      const { clock } = stage.world;
      // What the machine takes does not count by the app's clock.
      clock.stop();
      if (start === 'warm') await stage.expect('before', every('served'));
      await stage.fail(neighbours, fault);
      let seconds = 0;
      for (const { afterSeconds = 0, expected, ...demands } of steps) {
        clock.jump(afterSeconds);
        seconds += afterSeconds;
        await stage.expect(`after ${seconds} s`, expected, demands);
      }
      if (recovery === undefined) return;
      const { afterSeconds = 0, milliseconds, ...demands } = recovery;
      clock.jump(afterSeconds);
      await stage.expectRecovery(milliseconds, demands);
    },
  };
}

/** As late as this at worst, it is the app and not the machine that was slow. */
const CALM_MILLISECONDS = 60;
const TRIES = 5;

/**
 * Plays a row. What must never be counts at once. What else should have been otherwise counts in a run in which the machine did
 * not stand still; where there is none to be had, what was so in each of several.
 */
export async function playRow(world: World, row: Row, callers: number): Promise<Report> {
  const wrong: string[] = [];
  let secrets = 0;
  let deviations: readonly string[] | undefined;
  for (let tries = 1; ; tries += 1) {
    const stalls = monitorEventLoopDelay({ resolution: 10 });
    stalls.enable();
    const { tally, found } = await playOnce(world, row, callers);
    stalls.disable();
    wrong.push(...tally.wrong);
    secrets += found;
    const isCalm = stalls.max / 1e6 < CALM_MILLISECONDS;
    const before: readonly string[] = deviations ?? tally.deviations;
    deviations = isCalm ? tally.deviations : tally.deviations.filter((each) => before.includes(each));
    if (isCalm || deviations.length === 0 || tries === TRIES)
      return { ...tally, title: row.title, wrong, deviations, secrets };
  }
}

async function playOnce(world: World, row: Row, count: number): Promise<{ tally: Tally; found: number }> {
  world.clock.reset();
  world.output.take();
  const instance = world.startInstance({ fallback: row.fallback ?? true });
  const { stage, tally } = await createStage(world, instance, count);
  const sessionsBefore = world.sessions.size;
  try {
    await row.play(stage);
  } finally {
    await world.neighbours.heal();
  }
  if (instance.audited.length > tally.requests)
    tally.wrong.push(`${instance.audited.length} audit events of ${tally.requests} requests`);
  // Those that nobody was handed as well.
  for (const { credentials } of [...world.sessions.values()].slice(sessionsBefore))
    world.secrets.add(credentials.secretAccessKey, credentials.sessionToken);
  return { tally, found: world.secrets.countIn(world.output.take()) };
}
