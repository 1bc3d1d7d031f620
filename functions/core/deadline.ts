import { VendingError } from './errors.ts';

/** How long one request may take in all. */
export interface Deadline {
  /** Aborted when it has passed. */
  readonly signal: AbortSignal;
  /** 0 when it has passed. */
  remainingMilliseconds(): number;
}

/** A deadline from now on. By a clock that nobody can set: the wall clock may jump meanwhile. */
export function startDeadline(milliseconds: number): Deadline {
  const endsAt = performance.now() + milliseconds;
  return {
    signal: AbortSignal.timeout(milliseconds),
    remainingMilliseconds: () => Math.max(0, endsAt - performance.now()),
  };
}

/** What the work comes to, or `deadline_exceeded` if that takes longer. The work itself is not stopped: it watches the signal. */
export async function within<T>({ signal }: Deadline, work: Promise<T>): Promise<T> {
  const { promise: passed, reject } = Promise.withResolvers<never>();
  const pass = () => reject(new VendingError('deadline_exceeded', { retryAfterSeconds: 1 }));
  if (signal.aborted) pass();
  signal.addEventListener('abort', pass, { once: true });
  try {
    return await Promise.race([work, passed]);
  } finally {
    signal.removeEventListener('abort', pass);
    // Whichever of the two comes too late is nobody's failure.
    passed.catch(() => {});
    work.catch(() => {});
  }
}
