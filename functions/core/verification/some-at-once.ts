/** The work, of which no more than `atOnce` goes on at a time: what comes later waits, in the order that it came in. */
export function someAtOnce<Q, A>(atOnce: number, work: (item: Q) => Promise<A>): (item: Q) => Promise<A> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (item) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work(item);
    } finally {
      const next = waiting.shift();
      // Its place goes to the next one, never for a moment to somebody else.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
