import type { Surroundings } from './options.ts';

/**
 * What `work` comes to, or what `late` gives if it takes longer than that. The work's signal is aborted in the end; one that
 * does not listen to it is left behind.
 */
export async function within<T>(
  milliseconds: number,
  {
    work,
    late,
    sleep,
  }: {
    readonly work: (signal: AbortSignal) => Promise<T>;
    /** Gives the outcome, or throws. */
    readonly late: () => T;
    readonly sleep: Surroundings['sleep'];
  },
): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([work(over.signal), sleep(milliseconds, over.signal).then(late)]);
  } finally {
    over.abort();
  }
}
