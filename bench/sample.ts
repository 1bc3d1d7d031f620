/** Rounds that count for nothing, as a share of those that count: until JIT, file cache and connections are warm. */
const WARM_UP = 1 / 4;

/** How many rounds are run for so many that count. */
export function roundsInAll(rounds: number): number {
  return rounds + Math.ceil(rounds * WARM_UP);
}

/**
 * The median of every measure over `rounds` rounds. Each round takes all measures in turn (A B A B), so that a noisy
 * neighbour slows them alike, and their ratios hold where their values do not.
 */
export async function medians<Name extends string>(
  rounds: number,
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries<() => Promise<number>>(measures);
  const samples = entries.map((): number[] => []);
  for (let round = rounds - roundsInAll(rounds); round < rounds; round += 1) {
    for (const [index, [, measure]] of entries.entries()) {
      const sample = await measure();
      if (round >= 0) samples[index]?.push(sample);
    }
  }
  return Object.fromEntries(entries.map(([name], index) => [name, median(samples[index] ?? [])])) as Readonly<
    Record<Name, number>
  >;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(sorted.length / 2) - 1);
  return sorted.length % 2 === 1 ? low : (low + high) / 2;
}

/**
 * CPU microseconds per call, calls one after another. Of the whole process: garbage collection and the thread pool
 * count, waiting for an answer does not, and neither does a peer in another process.
 */
export async function cpuMicrosecondsPerCall(calls: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let made = 0; made < calls; made += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
