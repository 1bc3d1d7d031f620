/** Lets work through together, or alone: what is done alone sees nothing of other work half done, and is not seen half done. */
export interface Gate {
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A gate that keeps the order in which work came. */
export function createGate(): Gate {
  let lastAlone: Promise<unknown> = Promise.resolve();
  /** What came since, under way or waiting for it. */
  let sinceThen = new Set<Promise<unknown>>();
  return {
    together(work) {
      const run = lastAlone.then(work);
      const group = sinceThen;
      const settled = run.then(
        () => void group.delete(settled),
        () => void group.delete(settled),
      );
      group.add(settled);
      return run;
    },
    alone(work) {
      const run = Promise.all([lastAlone, ...sinceThen]).then(work);
      lastAlone = run.catch(() => {});
      sinceThen = new Set();
      return run;
    },
  };
}
