import type { Clock } from '../../core/clock.ts';
import { type Deadline, within } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';

/** A key set that counts as fresh is not asked for again. A key that its issuer takes away counts no longer than this. */
export const FRESH_MILLISECONDS = 10 * 60 * 1000;
/** While it cannot be had anew, what is held counts for this long since it was asked for. */
export const STALE_MILLISECONDS = 60 * 60 * 1000;
/** At most one fetch in this time with a set in hand: for key ids that are not in it, which an attacker makes up, or for a fresh one. */
export const COOLDOWN_MILLISECONDS = 10 * 1000;
/** And without one: an unsigned token is enough to ask. */
export const FAILURE_MILLISECONDS = 1000;

/** One issuer's key set, kept up to date. */
export interface FetchedKeySet<Keys> {
  /** The set in force. Throws `keys_unavailable` without one, `deadline_exceeded` when it takes too long. */
  current(deadline: Deadline): Promise<Keys>;
  /** The set in force after one more look, if one may be had already: for a key that is not in it. Throws as `current`. */
  renewed(deadline: Deadline): Promise<Keys>;
  /** Whether this set is in force, and need not be asked for again. */
  isCurrent(keys: Keys): boolean;
}

/** How a set is had, and whether one is the other. */
export interface FetchedKeySetOptions<Keys> {
  readonly fetch: () => Promise<Keys>;
  readonly isSame: (one: Keys, other: Keys) => boolean;
  readonly clock: Clock;
}

/** Remembers a set. A fetch is shared by all who wait for it, and none of them can end it: another's time may be longer. */
export function createFetchedKeySet<Keys>({
  fetch,
  isSame,
  clock,
}: FetchedKeySetOptions<Keys>): FetchedKeySet<Keys> {
  let held: { readonly keys: Keys; readonly askedAt: number } | undefined;
  let failure: unknown;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** When the last one was over: one that takes its whole time is no pause. */
  let endedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let asking: Promise<void> | undefined;

  const now = () => clock().getTime();
  // A clock that was put back has gone on in truth: what is from its future may be of any age.
  const isWithin = (milliseconds: number, since: number) => now() >= since && now() - since < milliseconds;
  const isFresh = () => held !== undefined && isWithin(FRESH_MILLISECONDS, held.askedAt);
  const inForce = () => (held !== undefined && now() - held.askedAt < STALE_MILLISECONDS ? held : undefined);
  const pause = () =>
    inForce() === undefined
      ? Math.min(COOLDOWN_MILLISECONDS, FAILURE_MILLISECONDS * 2 ** Math.max(0, failures - 1))
      : COOLDOWN_MILLISECONDS;
  const mayAsk = () => asking !== undefined || !isWithin(pause(), endedAt);

  async function ask(): Promise<void> {
    askedAt = now();
    try {
      const keys = await fetch();
      // The very same, if nothing has changed: what was made of it stays good.
      held = { keys: held !== undefined && isSame(held.keys, keys) ? held.keys : keys, askedAt };
      failure = undefined;
      failures = 0;
    } catch (cause) {
      failure = cause;
      failures += 1;
    }
    endedAt = now();
  }

  function shareAsking(deadline: Deadline): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return within(deadline, asking);
  }

  function unavailable(): VendingError {
    const milliseconds = Math.max(0, endedAt + pause() - now());
    const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1000));
    return new VendingError('keys_unavailable', { cause: failure, retryAfterSeconds });
  }

  return {
    async current(deadline) {
      if (!isFresh() && mayAsk()) await shareAsking(deadline);
      const { keys } = inForce() ?? {};
      if (keys === undefined) throw unavailable();
      return keys;
    },
    async renewed(deadline) {
      if (mayAsk()) await shareAsking(deadline);
      const { keys } = inForce() ?? {};
      // Whether the key is in a newer set cannot be told.
      if (keys === undefined || failure !== undefined) throw unavailable();
      return keys;
    },
    isCurrent: (keys) => inForce()?.keys === keys && (isFresh() || !mayAsk()),
  };
}
