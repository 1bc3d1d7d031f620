import type { Ledger, ShareStore } from '../functions/core/limits/share-store.ts';

/** Numbers from 0 to less than 1, the same for the same seed: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Time that passes when it is told to, and what happens in it, in order. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Does something at that time. */
  readonly at: (time: number, work: () => void) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Until nothing more is to happen. */
  readonly run: () => Promise<void>;
}

interface Happening {
  readonly time: number;
  readonly work: () => void;
}

/** A world in which it is `start`, in milliseconds since 1970. */
export function createWorld(start: number): World {
  let time = start;
  // A binary heap: there are some hundred thousand happenings.
  const heap: Happening[] = [];

  function push(happening: Happening): void {
    let index = heap.push(happening) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (timeAt(parent) <= happening.time) break;
      swap(parent, index);
      index = parent;
    }
  }

  function pop(): Happening | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const least = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
      if (timeAt(least) >= last.time) return first;
      swap(least, index);
      index = least;
    }
  }

  const timeAt = (index: number) => heap[index]?.time ?? Number.POSITIVE_INFINITY;
  function swap(one: number, other: number): void {
    [heap[one], heap[other]] = [heap[other] as Happening, heap[one] as Happening];
  }

  const at = (when: number, work: () => void) => push({ time: Math.max(when, time), work });
  return {
    now: () => time,
    at,
    sleep: (milliseconds) => new Promise((resolve) => at(time + milliseconds, resolve)),
    async run() {
      for (let next = pop(); next !== undefined; next = pop()) {
        time = next.time;
        next.work();
        // Everything that follows from it at once happens before anything later does.
        await new Promise(setImmediate);
      }
    },
  };
}

/** The time of this machine. */
export function createRealWorld(): World {
  let open = 0;
  let done = Promise.withResolvers<void>();
  const at: World['at'] = (time, work) => {
    open += 1;
    setTimeout(
      () => {
        work();
        open -= 1;
        if (open === 0) done.resolve();
      },
      Math.max(0, time - Date.now()),
    );
  };
  return {
    now: Date.now,
    at,
    sleep: (milliseconds) => new Promise((resolve) => at(Date.now() + milliseconds, resolve)),
    async run() {
      if (open === 0) return;
      done = Promise.withResolvers();
      await done.promise;
    },
  };
}

/** A table in memory that is as atomic as DynamoDB, and counts what it is asked. */
export interface SimulatedTable {
  readonly shares: ShareStore;
  readonly writes: () => number;
  readonly reads: () => number;
}

/** What an answer takes, and when there is none. */
export interface TableOptions {
  readonly world: World;
  /** Milliseconds there and back. */
  readonly latency: () => number;
  /** Then a call hangs until its own timeout. */
  readonly isDown?: (time: number) => boolean;
}

const TIMEOUT_MILLISECONDS = 500;

/** A table that does its work half-way through its latency. */
export function createTable({ world, latency, isDown = () => false }: TableOptions): SimulatedTable {
  const counters = new Map<string, number>();
  const ledgers = new Map<number, { unasked: number; asked: Map<string, number> }>();
  const calls = { writes: 0, reads: 0 };

  async function answer<T>(kind: keyof typeof calls, work: () => T): Promise<T> {
    if (isDown(world.now())) {
      await world.sleep(TIMEOUT_MILLISECONDS);
      throw Object.assign(new Error('the table is down'), { name: 'TimeoutError' });
    }
    calls[kind] += 1;
    const half = latency() / 2;
    await world.sleep(half);
    const result = work();
    await world.sleep(half);
    return result;
  }

  function ledgerOf(window: number) {
    const ledger = ledgers.get(window) ?? { unasked: 0, asked: new Map() };
    ledgers.set(window, ledger);
    return ledger;
  }
  const copy = (ledger: Ledger): Ledger => ({ ...ledger, asked: new Map(ledger.asked) });

  return {
    writes: () => calls.writes,
    reads: () => calls.reads,
    shares: {
      take: (key, window, vends) =>
        answer('writes', () => {
          const count = (counters.get(`${key}#${window}`) ?? 0) + vends;
          counters.set(`${key}#${window}`, count);
          return count;
        }),
      enter: (window, { unasked = 0, asked }) =>
        answer('writes', () => {
          const ledger = ledgerOf(window);
          ledger.unasked += unasked;
          if (asked) ledger.asked.set(asked.tenantId, (ledger.asked.get(asked.tenantId) ?? 0) + asked.vends);
          return copy(ledger);
        }),
      readLedger: (window) => answer('reads', () => copy(ledgerOf(window))),
    },
  };
}
