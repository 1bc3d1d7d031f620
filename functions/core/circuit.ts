/** What watches over calls to one outside thing, so that nobody waits for what has just failed several times. */
export interface Circuit {
  /** Whether a call may be made. While the circuit is open, one call in each period is let through to see whether the thing is back. */
  isClosed(): boolean;
  succeeded(): void;
  failed(): void;
}

/** When a circuit opens, and for how long. */
export interface CircuitOptions {
  /** Failures in a row. */
  readonly failures: number;
  readonly openMilliseconds: number;
  /** Milliseconds; by `performance.now`, which nobody can set, if left out. */
  readonly now?: () => number;
}

/** A circuit that is closed. */
export function createCircuit({
  failures,
  openMilliseconds,
  now = () => performance.now(),
}: CircuitOptions): Circuit {
  let failedInARow = 0;
  let openUntil = 0;
  return {
    isClosed() {
      if (failedInARow < failures) return true;
      // A clock that was set back does not keep it open.
      if (now() < openUntil && now() >= openUntil - openMilliseconds) return false;
      // This call is the one that sees; the others wait for what it finds, or for another period.
      openUntil = now() + openMilliseconds;
      return true;
    },
    succeeded() {
      failedInARow = 0;
    },
    failed() {
      failedInARow += 1;
      openUntil = now() + openMilliseconds;
    },
  };
}
