import { type Caller, createCallers, type Kind } from './callers.ts';
import type { Fault, Outage } from './fault.ts';
import type { Neighbour } from './neighbours.ts';
import { type Answers, fire, type Outcome, until, type Volley } from './volley.ts';
import type { Instance, World } from './world.ts';

/** What each kind of caller is answered; any of several, where the moment decides. Who is forbidden is never served. */
export type Expectation = Readonly<Record<Exclude<Kind, 'forbidden'>, Outcome | readonly Outcome[]>>;

/** What else must be so of a volley. */
export interface Demands {
  /** Milliseconds, less than the neighbour's timeout: nobody waited for it. */
  readonly quick?: number;
  /** Which Region's STS all credentials came from. */
  readonly from?: 'sts' | 'fallback sts';
}

/** Where one row is played: an instance of its own, and a tally. */
export interface Stage {
  readonly world: World;
  readonly instance: Instance;
  readonly callers: readonly Caller[];
  /** From now on, each request to these. */
  fail(neighbours: readonly Neighbour[], fault: Outage): Promise<void>;
  /** From now on, the first try of each request. */
  failFirstTries(neighbour: Neighbour, fault: Fault): void;
  /** All ask at once, and each is answered as expected. */
  expect(what: string, expectation: Expectation, demands?: Demands): Promise<void>;
  /** These ask at once, and are answered so; all the same. */
  expectOf(what: string, callers: readonly Caller[], outcome: Outcome): Promise<void>;
  /** The faults end, and within so many milliseconds all are served again. */
  expectRecovery(milliseconds: number, demands?: Demands): Promise<void>;
  /** These ask at once. What must never be is seen to; the rest is the row's. */
  fire(callers: readonly Caller[]): Promise<Volley>;
  /** Something is not as it should be. */
  deviate(what: string): void;
}

/** What came of a row, in numbers. */
export interface Tally {
  requests: number;
  readonly outcomes: Map<Outcome, number>;
  /** What must never be. */
  readonly wrong: string[];
  /** What should have been otherwise. */
  readonly deviations: string[];
  slowestMilliseconds: number;
  recoveredMilliseconds: number | undefined;
}

const took = ({ milliseconds }: Answers) => milliseconds;

/** What a second use is refused with. */
const USED: Partial<Record<Kind, Outcome>> = { bound: 'proof_invalid', once: 'token_replayed' };

/** The same for all. */
export const every = (outcome: Outcome | readonly Outcome[]): Expectation => ({
  bearer: outcome,
  own: outcome,
  bound: outcome,
  once: outcome,
});

const emptyTally = (): Tally => ({
  requests: 0,
  outcomes: new Map(),
  wrong: [],
  deviations: [],
  slowestMilliseconds: 0,
  recoveredMilliseconds: undefined,
});

/** A stage with so many callers. */
export async function createStage(
  world: World,
  instance: Instance,
  count: number,
): Promise<{ stage: Stage; tally: Tally }> {
  const tally = emptyTally();
  const callers = await createCallers(world, count);

  async function ask(asking: readonly Caller[]): Promise<Volley> {
    const volley = await fire(world, instance, asking);
    for (const outcome of volley.answers.flatMap(({ outcomes }) => outcomes)) {
      tally.requests += 1;
      tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
    }
    tally.wrong.push(...volley.wrong);
    tally.deviations.push(...volley.late);
    tally.slowestMilliseconds = Math.max(tally.slowestMilliseconds, ...volley.answers.map(took));
    return volley;
  }

  const stage: Stage = {
    world,
    instance,
    callers,
    fire: ask,
    deviate: (what) => void tally.deviations.push(what),
    async fail(neighbours, fault) {
      for (const neighbour of neighbours) {
        if (fault === 'refused') await world.neighbours.refuse(neighbour);
        else world.neighbours.plan(neighbour, () => fault);
      }
    },
    failFirstTries(neighbour, fault) {
      const seen = new Set<string>();
      world.neighbours.plan(neighbour, (body) => {
        const isFirst = !seen.has(body);
        seen.add(body);
        return isFirst ? fault : undefined;
      });
    },
    async expect(what, expectation, demands) {
      const deviations = deviationsOf(world, await ask(callers), expectation, demands);
      tally.deviations.push(...deviations.map((deviation) => `${what}: ${deviation}`));
    },
    async expectOf(what, asking, outcome) {
      const { answers } = await ask(asking);
      const got = [...new Set(answers.flatMap(({ outcomes }) => outcomes))].join();
      if (got !== outcome) tally.deviations.push(`${what}: got ${got}, expected ${outcome}`);
    },
    async expectRecovery(milliseconds, demands) {
      await world.neighbours.heal();
      instance.failSink('none');
      world.clock.start();
      const deviations = async (asking: readonly Caller[]) =>
        deviationsOf(world, await ask(asking), every('served'), demands);
      // One of each kind is enough to see when; all, to see whether.
      const isBack = async () => (await deviations(callers.slice(0, 4))).length === 0;
      tally.recoveredMilliseconds = await until(isBack, milliseconds);
      if (tally.recoveredMilliseconds === undefined)
        tally.deviations.push(
          `not recovered within ${milliseconds} ms`,
          ...(await deviations(callers.slice(0, 4))),
        );
      else
        tally.deviations.push(...(await deviations(callers)).map((deviation) => `recovered: ${deviation}`));
    },
  };
  return { stage, tally };
}

/** Each answer that is another than expected, once a kind of caller. */
function deviationsOf(
  world: World,
  { answers, regions }: Volley,
  expectation: Expectation,
  { quick = Number.POSITIVE_INFINITY, from }: Demands = {},
): readonly string[] {
  const deviations = new Set<string>();
  const known = answers.filter(({ kind }) => kind !== 'forbidden');
  for (const { kind, outcomes } of known) {
    const expected = [expectation[kind as keyof Expectation]].flat();
    if (!isAsExpected(outcomes, expected, USED[kind]))
      deviations.add(`${kind}: got ${outcomes}, expected ${expected}`);
  }
  const region = from && world.neighbours.regionOf(from);
  if (region !== undefined && [...regions].join() !== region)
    deviations.add(`credentials from ${[...regions]}, expected ${region}`);
  // Not how long: in each of several runs it is something else.
  if (known.some((each) => took(each) > quick)) deviations.add(`took longer than ${quick} ms`);
  return [...deviations];
}

function isAsExpected(
  outcomes: readonly Outcome[],
  expected: readonly Outcome[],
  used: Outcome | undefined,
): boolean {
  const areAll = (allowed: readonly Outcome[]) => outcomes.every((outcome) => allowed.includes(outcome));
  if (used === undefined) return areAll(expected);
  // One of the two; the other may be refused as used, whatever came of the first.
  return outcomes.some((outcome) => expected.includes(outcome)) && areAll([...expected, used]);
}
