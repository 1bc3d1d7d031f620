import { FAULTS } from '../fault.ts';
import { NEIGHBOURS } from '../neighbours.ts';
import type { Row } from '../row.ts';
import type { Stage } from '../stage.ts';

/** How often things happen in a storm: parts of 1. */
const CHANCES = { neighbourFails: 0.4, sinkFails: 0.1, clockJumps: 0.3, isLongJump: 0.2 };
const HOUR = 3600;

/**
 * Any of all faults in any neighbours, for parts of their requests, anew each moment, with a clock that jumps: whoever is
 * refused then, what must never be must not be, no answer is late, and no failure is one of the app's own.
 */
export function storm(seed: number, seconds: number, random: () => number): Row {
  const isTime = (chance: number) => random() < chance;
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

  function strike({ world, instance }: Stage): boolean {
    for (const neighbour of NEIGHBOURS) {
      const part = random();
      const fault = oneOf(FAULTS);
      const fails = isTime(CHANCES.neighbourFails);
      world.neighbours.plan(neighbour, fails ? () => (isTime(part) ? fault : undefined) : undefined);
    }
    const sinkFails = isTime(CHANCES.sinkFails);
    instance.failSink(sinkFails ? oneOf(['all', 'granted'] as const) : 'none');
    const furthest = isTime(CHANCES.isLongJump) ? HOUR : 5;
    if (isTime(CHANCES.clockJumps)) world.clock.jump((2 * random() - 1) * furthest);
    return sinkFails;
  }

  return {
    title: `storm of ${seconds} s, seed ${seed}`,
    async play(stage) {
      const end = performance.now() + seconds * 1000;
      while (performance.now() < end) {
        const sinkFails = strike(stage);
        const { answers } = await stage.fire(stage.callers);
        const isOurs = answers.some(({ outcomes }) => outcomes.includes('internal_error'));
        if (isOurs && !sinkFails) stage.deviate('got internal_error, expected a failure that is known');
      }
      // Past everything that is remembered of failures.
      stage.world.clock.jump(2 * HOUR);
      await stage.expectRecovery(3000);
    },
  };
}
