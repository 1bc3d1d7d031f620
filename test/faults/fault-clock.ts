/** The app's clock, which a row moves; everybody else's goes on as ever. */
export interface FaultClock {
  (): Date;
  /** So many seconds forwards, or back. */
  jump(seconds: number): void;
  /** Stands still, but for jumps. */
  stop(): void;
  /** Goes on from where it stands. */
  start(): void;
  /** As everybody's again. */
  reset(): void;
}

export function createFaultClock(): FaultClock {
  let ahead = 0;
  let stoppedAt: number | undefined;
  return Object.assign(() => new Date((stoppedAt ?? Date.now()) + ahead), {
    jump(seconds: number) {
      ahead += seconds * 1000;
    },
    stop() {
      stoppedAt = Date.now();
    },
    start() {
      if (stoppedAt !== undefined) ahead += stoppedAt - Date.now();
      stoppedAt = undefined;
    },
    reset() {
      ahead = 0;
      stoppedAt = undefined;
    },
  });
}
