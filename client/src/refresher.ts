import { concealSecrets } from './conceal-secrets.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import { LatchkeyError } from './error.ts';
import type { LatchkeyEvent, Surroundings } from './options.ts';
import { type RefreshMoments, refreshMoments } from './refresh-moments.ts';
import { createRefreshPause } from './refresh-pause.ts';
import { within } from './within.ts';

/**
 * Why credentials are fetched. `first`: there are none. `advisory`: valid ones are used meanwhile. `mandatory`: a use waits,
 * those there are end soon or have ended. `forced`: somebody asks for new ones, whatever there is; nothing remembered will do.
 */
export type RefreshPurpose = 'first' | 'advisory' | 'mandatory' | 'forced';

/** What a refresher is made of. */
export interface RefresherOptions {
  /** Fetches them: a vend, or a cache in front of one. Never called again before it has settled. */
  readonly fetchCredentials: (purpose: RefreshPurpose) => Promise<LatchkeyCredentials>;
  /** No shorter than the mandatory window. */
  readonly advisoryRefreshSeconds: number;
  readonly mandatoryRefreshSeconds: number;
  /** What it throws is thrown again outside, as an uncaught error of its own. */
  readonly onEvent: (event: LatchkeyEvent) => void;
  readonly surroundings: Pick<Surroundings, 'now' | 'sleep' | 'random'>;
}

/** Credentials that renew themselves as they are used. No timer of its own: what is not used is not refreshed. */
export interface Refresher {
  /**
   * Valid credentials for one use; refreshes them if it is time. Rejects with the `LatchkeyError` of the fetch, and only when
   * there are no valid ones.
   */
  credentials(): Promise<LatchkeyCredentials>;
  /**
   * Asks for new ones, whatever there is, unless the server has asked to be left alone for a while. When there are none to be
   * had, those that are still valid are given; rejects only without.
   */
  refresh(): Promise<LatchkeyCredentials>;
  /** The last ones, valid or expired; undefined before the first. Fetches nothing. */
  current(): LatchkeyCredentials | undefined;
  /** Whether there are none, or they end within so many seconds from now (0 if left out). Fetches nothing. */
  isExpired(offsetSeconds?: number): boolean;
}

/** Credentials, and when they end and are to be replaced. */
interface Held extends RefreshMoments {
  readonly credentials: LatchkeyCredentials;
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

/** One refresh in flight for all callers. Credentials that come already expired count as a failed fetch, `answer_invalid`. */
export function createRefresher({
  fetchCredentials,
  onEvent,
  surroundings: { now, sleep, random },
  ...windows
}: RefresherOptions): Refresher {
  const pause = createRefreshPause({ now, random });
  let held: Held | undefined;
  let inFlight: { readonly purpose: RefreshPurpose; readonly done: Promise<LatchkeyCredentials> } | undefined;
  let endReported = false;

  function hold(credentials: LatchkeyCredentials): void {
    const obtainedAt = now();
    const expiresAt = credentials.expiration.getTime();
    // Not <=: of an invalid date, every comparison is false.
    if (!(expiresAt > obtainedAt)) {
      throw new LatchkeyError('answer_invalid', 'got credentials that have expired, expected ones that last');
    }
    const moments = refreshMoments({ obtainedAt, expiresAt, chance: random(), ...windows });
    held = { credentials: concealSecrets(credentials), obtainedAt, expiresAt, ...moments };
    endReported = false;
  }

  function valid(): Held | undefined {
    return held !== undefined && now() < held.expiresAt ? held : undefined;
  }

  /** The old ones if they are valid; else throws the reason why there are no new ones. */
  function fallBack(error: unknown): LatchkeyCredentials {
    const usable = valid();
    if (usable !== undefined) return usable.credentials;
    if (held !== undefined && !endReported) {
      endReported = true;
      report({ type: 'expired', expiration: new Date(held.expiresAt) });
    }
    throw error;
  }

  /** A listener's fault is its own: it must not make a failure of a refresh that went well. */
  function report(event: LatchkeyEvent): void {
    try {
      onEvent(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async function fetchAndHold(purpose: RefreshPurpose): Promise<LatchkeyCredentials> {
    try {
      const credentials = await fetchCredentials(purpose);
      hold(credentials);
      pause.end();
      report({ type: 'refreshed', credentials });
      return credentials;
    } catch (cause) {
      const error = asLatchkeyError(cause);
      const usable = valid();
      pause.begin(error, usable?.expiresAt);
      if (usable !== undefined) report({ type: 'refresh-failed', error });
      throw error;
    }
  }

  /** Joins the refresh in flight, or starts one unless it is too early for another. */
  function start(purpose: RefreshPurpose): Promise<LatchkeyCredentials> {
    if (inFlight !== undefined) return inFlight.done;
    const tooEarly = pause.reason(purpose === 'forced' || valid() === undefined ? 'demanded' : 'any');
    if (tooEarly !== undefined) return Promise.reject(tooEarly);
    const done = fetchAndHold(purpose).finally(() => {
      inFlight = undefined;
    });
    inFlight = { purpose, done };
    return done;
  }

  /** Waits, but not until the old ones have ended: a use that comes with valid credentials in hand does not go without. */
  async function startAndWait(expiresAt: number): Promise<LatchkeyCredentials> {
    const refreshed = start('mandatory');
    const done = refreshed.then(NOTHING, NOTHING);
    await within((expiresAt - now()) / 2, { work: () => done, late: NOTHING, sleep });
    return valid()?.credentials ?? refreshed.catch(fallBack);
  }

  return {
    async credentials() {
      const usable = valid();
      if (usable === undefined) return start(held === undefined ? 'first' : 'mandatory').catch(fallBack);
      const { credentials, obtainedAt, expiresAt, advisoryAt, mandatoryAt } = usable;
      // A clock that was put back says nothing of when they end.
      if (now() >= mandatoryAt || now() < obtainedAt) return startAndWait(expiresAt);
      // Reported by now, and nobody waits for it.
      if (now() >= advisoryAt) start('advisory').catch(NOTHING);
      return credentials;
    },
    async refresh() {
      while (inFlight !== undefined && inFlight.purpose !== 'forced') await inFlight.done.catch(NOTHING);
      return start('forced').catch(fallBack);
    },
    current: () => held?.credentials,
    isExpired: (offsetSeconds = 0) => held === undefined || now() >= held.expiresAt - offsetSeconds * 1000,
  };
}

const NOTHING = () => {};

function asLatchkeyError(error: unknown): LatchkeyError {
  if (error instanceof LatchkeyError) return error;
  return new LatchkeyError('unreachable', 'got an error, expected credentials; its cause says why', {
    cause: error,
  });
}
