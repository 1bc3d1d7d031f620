/** Longer than this nobody else's request may wait for one input. */
export const STALL_MILLISECONDS = 50;
/** A noisy machine is no stall: the least of so many measurements counts. */
const MEASUREMENTS = 4;

/** Looks at what no input may move: the process itself. */
export interface Watch {
  /** What the work comes to; throws when it takes over 50 ms each time that it is done; what is slow is done again. */
  timed<T>(work: () => T | Promise<T>): Promise<T>;
  /** Throws for a prototype that was written to, and for a rejection that nobody handled. */
  assertUntouched(): void;
  slowestMilliseconds(): number;
  /** Forgets the slowest. */
  restart(): void;
  close(): void;
}

const PROTOTYPES = [Object, Array, String, Number, Boolean, Function, RegExp, Map, Promise].map(
  ({ prototype }) => prototype as object,
);

/** Begins to watch this process. */
export function createWatch(): Watch {
  const before = PROTOTYPES.map(membersOf);
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  let slowest = 0;
  return {
    async timed(work) {
      const [result, first] = await measure(work);
      let least = first;
      // Slower than anything before: that would be said of it.
      for (let again = 1; again < MEASUREMENTS && least > slowest; again += 1)
        least = Math.min(least, (await measure(work))[1]);
      slowest = Math.max(slowest, least);
      if (least <= STALL_MILLISECONDS) return result;
      throw new Error(`stall: got ${least.toFixed(1)} ms, expected at most ${STALL_MILLISECONDS}`);
    },
    assertUntouched() {
      for (const [index, prototype] of PROTOTYPES.entries())
        if (!isSame(before[index] ?? [], membersOf(prototype)))
          throw new Error('pollution: a prototype was changed');
      if (rejections.length > 0) throw new Error(`rejection: nobody handled ${String(rejections[0])}`);
    },
    slowestMilliseconds: () => slowest,
    restart() {
      slowest = 0;
    },
    close: () => void process.off('unhandledRejection', onRejection),
  };
}

/**
 * How long a synchronous step took, by the clock. Of work with pauses, the CPU time of this thread over everything that it
 * does: an upper bound on each of its steps, and none of other processes' doing.
 */
async function measure<T>(work: () => T | Promise<T>): Promise<[result: T, milliseconds: number]> {
  const [start, startCpu] = [performance.now(), process.threadCpuUsage()];
  const result = work();
  if (!(result instanceof Promise)) return [result, performance.now() - start];
  const awaited = await result;
  const { user, system } = process.threadCpuUsage(startCpu);
  return [awaited, (user + system) / 1000];
}

type Members = readonly (readonly [key: PropertyKey, value: unknown])[];

function membersOf(prototype: object): Members {
  return Reflect.ownKeys(prototype).map((key) => [
    key,
    Reflect.getOwnPropertyDescriptor(prototype, key)?.value,
  ]);
}

function isSame(some: Members, others: Members): boolean {
  return (
    some.length === others.length &&
    some.every(([key, value], index) => key === others[index]?.[0] && Object.is(value, others[index]?.[1]))
  );
}
