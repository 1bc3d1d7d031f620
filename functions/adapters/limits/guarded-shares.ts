import { createCircuit } from '../../core/circuit.ts';
import type { Clock } from '../../core/clock.ts';
import type { ShareStore } from '../../core/limits/share-store.ts';

/** How long the table is left alone after it has failed. */
export const LEFT_ALONE_SECONDS = 5;
const LEFT_ALONE_MILLISECONDS = LEFT_ALONE_SECONDS * 1000;

/** The table of shares has failed, now or a moment ago. */
export class SharesUnavailable extends Error {
  override readonly name = 'SharesUnavailable';
}

/** Shares that are asked only while they answer. */
export interface GuardedShares extends ShareStore {
  isLeftAlone(): boolean;
  /** The same without the guard, for what may fail unnoticed. */
  readonly unguarded: ShareStore;
}

/**
 * The same shares, which after one failure are not asked for a while, so that a table that hangs holds up one vend of an instance and
 * not each of them. Rejects with `SharesUnavailable` alone.
 */
export function guardShares(shares: ShareStore, clock: Clock): GuardedShares {
  let leftUntil = 0;
  const now = () => clock().getTime();
  const circuit = createCircuit({
    failures: 1,
    openMilliseconds: LEFT_ALONE_MILLISECONDS,
    now,
  });

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (!circuit.isClosed()) throw new SharesUnavailable('the usage table has failed a moment ago');
    try {
      const result = await work();
      circuit.succeeded();
      leftUntil = 0;
      return result;
    } catch (cause) {
      circuit.failed();
      leftUntil = now() + LEFT_ALONE_MILLISECONDS;
      throw new SharesUnavailable(`the usage table fails: ${(cause as Error).name}`);
    }
  }

  return {
    unguarded: shares,
    // A clock that was set back does not make it last.
    isLeftAlone: () => now() < leftUntil && now() >= leftUntil - LEFT_ALONE_MILLISECONDS,
    take: (key, window, vends) => guarded(() => shares.take(key, window, vends)),
    enter: (window, entry) => guarded(() => shares.enter(window, entry)),
    readLedger: (window) => guarded(() => shares.readLedger(window)),
  };
}
