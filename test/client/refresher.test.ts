import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { LatchkeyCredentials } from '../../client/src/credentials.ts';
import { LatchkeyError } from '../../client/src/error.ts';
import type { LatchkeyEvent } from '../../client/src/options.ts';
import { createRefresher, type RefreshPurpose } from '../../client/src/refresher.ts';
import { createVirtualTime } from './virtual-time.ts';

const MINUTE = 60_000;
/** Of a fetch. */
const FETCH_MILLISECONDS = 200;

/** A refresher over a fetch that the test steers: with the defaults, and no chance. */
function start({ lifeSeconds = 3600, advisoryRefreshSeconds = 900, mandatoryRefreshSeconds = 300 } = {}) {
  const time = createVirtualTime(Date.parse('2026-11-21T12:00:00Z'));
  let clockOff = 0;
  const now = () => time.now() + clockOff;
  const purposes: RefreshPurpose[] = [];
  const events: LatchkeyEvent[] = [];
  let fault: LatchkeyError | undefined;
  let life = lifeSeconds;
  let duration = FETCH_MILLISECONDS;
  const refresher = createRefresher({
    advisoryRefreshSeconds,
    mandatoryRefreshSeconds,
    fetchCredentials: async (purpose) => {
      purposes.push(purpose);
      const thisFault = fault;
      await time.sleep(duration);
      if (thisFault !== undefined) throw thisFault;
      return credentialsOf(`key-${purposes.length}`, now() + life * 1000);
    },
    onEvent: (event) => events.push(event),
    surroundings: { now, sleep: time.sleep, random: () => 0 },
  });
  return {
    time,
    refresher,
    purposes,
    eventTypes: () => events.map(({ type }) => type),
    events,
    fail: (next: LatchkeyError | undefined) => {
      fault = next;
    },
    give: (seconds: number) => {
      life = seconds;
    },
    take: (milliseconds: number) => {
      duration = milliseconds;
    },
    putClock: (milliseconds: number) => {
      clockOff = milliseconds;
    },
    /** The key that a use gets, or the code of its error, when it has it. */
    use: () => time.until(outcomeOf(refresher.credentials())),
    /** What a use gets without time passing; 'waits' if it does not. */
    useAtOnce: async () => {
      let got = 'waits';
      const done = outcomeOf(refresher.credentials()).then((outcome) => {
        got = outcome;
      });
      await time.advance(0);
      return { got, done };
    },
  };
}

const outcomeOf = (use: Promise<LatchkeyCredentials>) =>
  use.then(
    ({ accessKeyId }) => accessKeyId,
    (error) => String((error as LatchkeyError).code),
  );

const credentialsOf = (accessKeyId: string, expiration: number): LatchkeyCredentials => ({
  accessKeyId,
  secretAccessKey: 'the-secret',
  sessionToken: 'the-session-token',
  expiration: new Date(expiration),
  accountId: '111122223333',
  vendId: 'vend-1',
  tenantId: 'acme',
  profile: 'app',
  sessionArn: 'arn:aws:sts::111122223333:assumed-role/tenant/acme.x',
});

const UNAVAILABLE = new LatchkeyError('sts_unavailable', 'try again', { status: 503 });
const SUSPENDED = new LatchkeyError('tenant_inactive', 'suspended', { status: 403 });
const throttled = (retryAfterSeconds: number) =>
  new LatchkeyError('tenant_throttled', 'try again', { status: 429, retryAfterSeconds });

describe('of credentials of an hour', () => {
  it.each([
    [0, 'key-1', 1],
    [44, 'key-1', 1],
    // In the advisory window the old ones are given at once, and new ones come in the background.
    [46, 'key-1', 2],
    [54, 'key-1', 2],
    // In the mandatory window a use waits.
    [56, 'waits', 2],
    [61, 'waits', 2],
  ])('a use %d minutes later gets %s, after %d fetches', async (minutes, expected, fetches) => {
    const { time, use, useAtOnce, purposes } = start();
    await use();
    await time.advance(minutes * MINUTE);
    const { got, done } = await useAtOnce();
    expect(got).toBe(expected);
    await time.until(done);
    await time.advance(MINUTE);
    expect(purposes).toHaveLength(fetches);
    expect((await useAtOnce()).got).toBe(`key-${fetches}`);
  });

  it('shares one fetch among all callers, in every phase', async () => {
    const { time, refresher, purposes, eventTypes } = start();
    for (const minutes of [0, 46, 56, 61]) {
      await time.advance(minutes * MINUTE);
      await time.until(Promise.all(Array.from({ length: 50 }, () => refresher.credentials())));
      await time.advance(MINUTE);
    }
    expect(purposes).toEqual(['first', 'advisory', 'mandatory', 'mandatory']);
    expect(eventTypes()).toEqual(['refreshed', 'refreshed', 'refreshed', 'refreshed']);
  });

  it('does not fetch while nobody asks', async () => {
    const { time, use, purposes } = start();
    await use();
    await time.advance(24 * 60 * MINUTE);
    expect(purposes).toHaveLength(1);
    expect(time.sleepers()).toBe(0);
  });
});

describe('when refreshes fail', () => {
  it('uses what is valid, reports, pauses, and throws only after the end, once reported', async () => {
    const { time, fail, use, purposes, eventTypes } = start();
    await use();
    fail(SUSPENDED);
    const outcomes = new Set<string>();
    await time.advance(45 * MINUTE);
    // 15 minutes of a use each second.
    for (let second = 0; second < 895; second += 1) {
      outcomes.add(await use());
      await time.advance(800);
    }
    expect([...outcomes]).toEqual(['key-1']);
    expect(purposes.length).toBeGreaterThan(15);
    expect(purposes.length).toBeLessThan(60);
    expect(new Set(eventTypes().slice(1))).toEqual(new Set(['refresh-failed']));

    await time.advance(5 * MINUTE);
    const before = eventTypes().length;
    expect([await use(), await use()]).toEqual(['tenant_inactive', 'tenant_inactive']);
    expect(eventTypes().slice(before)).toEqual(['expired']);
    fail(undefined);
    expect(await use()).toMatch(/^key-/);
  });

  it('does not report what it throws', async () => {
    const { fail, use, eventTypes } = start();
    fail(UNAVAILABLE);
    expect(await use()).toBe('sts_unavailable');
    expect(eventTypes()).toEqual([]);
  });

  it.each([
    ['as long as the server asks, with valid credentials', 46, 100, 1],
    ['as long as the server asks, without', 61, 100, 1],
    ['a few seconds by itself, with valid credentials', 46, undefined, 4],
    ['not by itself, without', 61, undefined, 20],
  ])('pauses %s', async (_, minutes, retryAfterSeconds, most) => {
    const { time, fail, use, purposes } = start();
    await use();
    await time.advance(minutes * MINUTE);
    fail(retryAfterSeconds === undefined ? UNAVAILABLE : throttled(retryAfterSeconds));
    // Over 20 seconds.
    for (let each = 0; each < 20; each += 1) {
      await use();
      await time.advance(1000 - FETCH_MILLISECONDS);
    }
    const tries = purposes.length - 1;
    expect(tries).toBeGreaterThanOrEqual(most === 20 ? 20 : 1);
    expect(tries).toBeLessThanOrEqual(most);
    fail(undefined);
    await time.advance(2 * MINUTE);
    await use();
    await time.advance(MINUTE);
    expect(await use()).toBe(`key-${tries + 2}`);
  });

  it('begins with short pauses again after one that went well', async () => {
    const { time, refresher, use, fail, purposes } = start();
    await use();
    await time.advance(46 * MINUTE);
    const failFor = async (seconds: number) => {
      fail(UNAVAILABLE);
      const before = purposes.length;
      for (let each = 0; each < seconds; each += 1) {
        await use();
        await time.advance(1000);
      }
      fail(undefined);
      return purposes.length - before;
    };
    const tries = await failFor(20);
    await failFor(200);
    await time.until(refresher.refresh());
    await time.advance(46 * MINUTE);
    expect(await failFor(20)).toBe(tries);
  });

  it('lets a use wait for half of what is left, and no longer', async () => {
    const { time, use, useAtOnce, take } = start();
    await use();
    await time.advance(60 * MINUTE - 10_000);
    take(MINUTE);
    const { got, done } = await useAtOnce();
    expect(got).toBe('waits');
    await time.advance(5000);
    await done;
    expect((await useAtOnce()).got).toBe('waits');
  });

  it('does not give what has ended while it waited', async () => {
    const { time, refresher, use, take, putClock } = start();
    await use();
    await time.advance(60 * MINUTE - 10_000);
    take(MINUTE);
    const waiting = outcomeOf(refresher.credentials());
    // The machine sleeps, and its timers with it.
    await time.advance(1000);
    putClock(30 * MINUTE);
    expect(await time.until(waiting)).toBe('key-2');
  });

  it('counts credentials that come expired as a failure', async () => {
    const { give, use, time, eventTypes } = start();
    give(-1);
    expect(await use()).toBe('answer_invalid');
    give(3600);
    expect(await use()).toBe('key-2');
    give(0);
    await time.advance(56 * MINUTE);
    expect(await use()).toBe('key-2');
    expect(eventTypes()).toEqual(['refreshed', 'refresh-failed']);
  });

  it('makes a LatchkeyError of any other', async () => {
    const refresher = createRefresher({
      advisoryRefreshSeconds: 900,
      mandatoryRefreshSeconds: 300,
      // Not async: thrown, not rejected.
      fetchCredentials: () => {
        throw new TypeError('boom');
      },
      onEvent: () => {},
      surroundings: { now: Date.now, sleep: async () => {}, random: Math.random },
    });
    for (let each = 0; each < 2; each += 1)
      await expect(refresher.credentials()).rejects.toMatchObject({
        name: 'LatchkeyError',
        code: 'unreachable',
        cause: { message: 'boom' },
      });
  });
});

describe('windows', () => {
  it.each([
    [900, 3600],
    [900, 900],
    [960, 900],
  ])(
    'of credentials of %d s and an advisory window of %d s leave their first half alone',
    async (lifeSeconds, advisoryRefreshSeconds) => {
      const { time, use, purposes } = start({ lifeSeconds, advisoryRefreshSeconds });
      await use();
      for (let each = 0; each < 10; each += 1) {
        await time.advance((lifeSeconds * 1000) / 21);
        await use();
      }
      expect(purposes).toHaveLength(1);
      await time.advance((lifeSeconds * 1000) / 21);
      await use();
      await time.advance(1000);
      expect(purposes).toEqual(['first', 'advisory']);
    },
  );

  it('shrink together: of 900 s, the last 150 are the mandatory ones', async () => {
    for (const [left, expected] of [
      [155, 'key-1'],
      [145, 'waits'],
    ] as const) {
      const { time, use, useAtOnce } = start({ lifeSeconds: 900 });
      await use();
      await time.advance((900 - left) * 1000);
      expect((await useAtOnce()).got).toBe(expected);
    }
  });

  it('of no length fetch only after the end', async () => {
    const { time, use, purposes } = start({ advisoryRefreshSeconds: 0, mandatoryRefreshSeconds: 0 });
    await use();
    await time.advance(59.9 * MINUTE);
    await use();
    expect(purposes).toHaveLength(1);
    await time.advance(MINUTE);
    expect(await use()).toBe('key-2');
  });
});

describe('refresh', () => {
  it('fetches whatever there is, once for all who ask, after what is in flight', async () => {
    const { time, refresher, use, purposes } = start();
    await use();
    await time.advance(46 * MINUTE);
    await refresher.credentials();
    const forced = Promise.all([refresher.refresh(), refresher.refresh(), refresher.refresh()]);
    const keys = (await time.until(forced)).map(({ accessKeyId }) => accessKeyId);
    expect(keys).toEqual(['key-3', 'key-3', 'key-3']);
    expect(purposes).toEqual(['first', 'advisory', 'forced']);
  });

  it('falls back to what is valid, and throws without', async () => {
    const { time, refresher, use, fail, eventTypes } = start();
    await use();
    fail(UNAVAILABLE);
    expect(await time.until(outcomeOf(refresher.refresh()))).toBe('key-1');
    expect(eventTypes()).toEqual(['refreshed', 'refresh-failed']);
    await time.advance(61 * MINUTE);
    expect(await time.until(outcomeOf(refresher.refresh()))).toBe('sts_unavailable');
  });

  it('does not wait for a pause of our own, but for one that the server demands', async () => {
    const { time, refresher, use, fail, purposes } = start();
    await use();
    fail(UNAVAILABLE);
    await time.until(refresher.refresh());
    fail(throttled(60));
    await time.until(refresher.refresh());
    await time.until(refresher.refresh());
    expect(purposes).toEqual(['first', 'forced', 'forced']);
  });
});

it('asks again when the clock has been put back to before they came', async () => {
  const { time, use, putClock, purposes } = start();
  await use();
  await time.advance(30 * MINUTE);
  putClock(-120 * MINUTE);
  expect(await use()).toBe('key-2');
  expect(purposes).toEqual(['first', 'mandatory']);
});

it('is not stopped by a pause from before the clock was put back', async () => {
  const { time, use, fail, putClock, purposes } = start();
  fail(throttled(60));
  await use();
  fail(undefined);
  putClock(-120 * MINUTE);
  expect(await use()).toBe('key-2');
  expect(purposes).toHaveLength(2);
  expect(time.sleepers()).toBe(0);
});

it('says what it has, and for how long', async () => {
  const { time, refresher, use, purposes } = start();
  expect([refresher.current(), refresher.isExpired()]).toEqual([undefined, true]);
  await use();
  expect(refresher.current()?.accessKeyId).toBe('key-1');
  expect([refresher.isExpired(), refresher.isExpired(3599), refresher.isExpired(3600)]).toEqual([
    false,
    false,
    true,
  ]);
  await time.advance(60 * MINUTE);
  expect([refresher.isExpired(), refresher.isExpired(-1)]).toEqual([true, false]);
  expect(refresher.current()?.accessKeyId).toBe('key-1');
  expect(purposes).toHaveLength(1);
});

it('delays the advisory moment by chance, so that a fleet does not refresh together', async () => {
  const moments = await Promise.all(
    [0, 0.5, 0.999].map(async (chance) => {
      const time = createVirtualTime(0);
      let fetches = 0;
      const refresher = createRefresher({
        advisoryRefreshSeconds: 900,
        mandatoryRefreshSeconds: 300,
        fetchCredentials: async () => {
          fetches += 1;
          return credentialsOf(`key-${fetches}`, time.now() + 60 * MINUTE);
        },
        onEvent: () => {},
        surroundings: { now: time.now, sleep: time.sleep, random: () => chance },
      });
      await refresher.credentials();
      while (fetches === 1) {
        await time.advance(10_000);
        await refresher.credentials();
      }
      return time.now() / MINUTE;
    }),
  );
  expect(moments).toEqual([45, 47.5, 50]);
});

it('keeps secrets from whoever logs its events', async () => {
  const { use, events, refresher } = start();
  await use();
  for (const shown of [inspect(events, { depth: 9 }), inspect(refresher.current(), { showHidden: true })]) {
    expect(shown).toContain('key-1');
    expect(shown).not.toMatch(/the-secret|the-session-token/);
  }
  expect(JSON.stringify(refresher.current())).toContain('the-secret');
  expect({ ...refresher.current() }).toMatchObject({ secretAccessKey: 'the-secret' });
});

it('is not upset by a listener that throws', async () => {
  const thrownOutside: unknown[] = [];
  const catchUncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      thrownOutside.push(error);
    }
  });
  const refresher = createRefresher({
    advisoryRefreshSeconds: 900,
    mandatoryRefreshSeconds: 300,
    fetchCredentials: async () => credentialsOf('key-1', Date.now() + 60 * MINUTE),
    onEvent: () => {
      throw new Error('listener');
    },
    surroundings: { now: Date.now, sleep: async () => {}, random: Math.random },
  });
  expect((await refresher.credentials()).accessKeyId).toBe('key-1');
  catchUncaught.mockRestore();
  expect(thrownOutside).toEqual([new Error('listener')]);
});
