import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Surroundings } from '../../client/src/options.ts';

/** A clock that a test moves, and sleepers that wake as it passes them. What is real meanwhile (a request to the local server) takes no time. */
export interface VirtualTime extends Pick<Surroundings, 'now' | 'sleep'> {
  /** Lets so much time pass, and all that it sets off come to rest. */
  advance(milliseconds: number): Promise<void>;
  /** Moves the time until this settles, and gives its outcome. */
  until<T>(work: Promise<T>): Promise<T>;
  /** The same promise; time stands still until it settles. */
  real<T>(work: Promise<T>): Promise<T>;
  /** How many sleep. */
  sleepers(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Starts at a time; `onMove` is told of each new one. */
export function createVirtualTime(start: number, onMove: (now: number) => void = () => {}): VirtualTime {
  let now = start;
  let outstanding = 0;
  const sleepers = new Set<Sleeper>();

  async function rest(): Promise<void> {
    do await nextTurn();
    while (outstanding > 0);
  }

  function earliest(): Sleeper | undefined {
    let found: Sleeper | undefined;
    for (const sleeper of sleepers) if (found === undefined || sleeper.at < found.at) found = sleeper;
    return found;
  }

  function move(to: number): void {
    now = Math.max(now, to);
    onMove(now);
  }

  async function wakeNext(until: number): Promise<boolean> {
    const sleeper = earliest();
    if (sleeper === undefined || sleeper.at > until) return false;
    move(sleeper.at);
    sleeper.wake();
    await rest();
    return true;
  }

  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const settle = (outcome: () => void) => () => {
          sleepers.delete(sleeper);
          outcome();
        };
        const sleeper = { at: now + milliseconds, wake: settle(resolve) };
        sleepers.add(sleeper);
        signal?.addEventListener(
          'abort',
          settle(() => reject(signal.reason)),
          { once: true },
        );
      }),
    async advance(milliseconds) {
      const target = now + milliseconds;
      await rest();
      while (await wakeNext(target));
      move(target);
      await rest();
    },
    async until(work) {
      let settled = false;
      const done = work.finally(() => {
        settled = true;
      });
      done.catch(() => {});
      await rest();
      while (!settled && (await wakeNext(Number.POSITIVE_INFINITY)));
      return done;
    },
    real(work) {
      outstanding += 1;
      return work.finally(() => {
        outstanding -= 1;
      });
    },
    sleepers: () => sleepers.size,
  };
}
