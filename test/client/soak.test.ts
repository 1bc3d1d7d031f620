import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../client/src/connect.ts';
import { LatchkeyError } from '../../client/src/error.ts';
import type { LatchkeyEvent } from '../../client/src/options.ts';
import type { Refresher } from '../../client/src/refresher.ts';
import { createVendApp } from '../../functions/vend/app.ts';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';
import { createFaultyFetch, type FaultyFetch } from './faulty-fetch.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

const USES = 10_000;
const HOUR = 3600 * 1000;
/** Between bursts, of four uses in the mean: a day in all. */
const MEAN_GAP = 36_000;
/** Well within the windows: who sleeps over the end of credentials has none to go on with. */
const LONGEST_GAP = 100_000;
/** From the beginning, in hours: one that credentials of an hour outlast, and two that they do not. */
const OUTAGES = [
  { from: 3, to: 3.2 },
  { from: 9, to: 10.5 },
  { from: 17, to: 18.2 },
];
/** Until the pauses that an outage has led to are over, and a refresh has got through. */
const RECOVERY = HOUR / 10;
/** A second of the Date header's grain, and the longest that one try may take. */
const MOST_GIVEN_AWAY = 1000 + 5000;

let latchkey: TestLatchkey;

/** Node's own Date header does not know of the test's clock, and the AWS SDKs in the server would correct theirs by it. */
const REQUESTS = 'http.server.request.start';
const setDate = (message: unknown) =>
  (message as { readonly response: ServerResponse }).response.setHeader('Date', new Date().toUTCString());

beforeAll(async () => {
  // The clock alone: timers and sockets stay real, so that the server, its AWS and the SDKs in them run as they are.
  vi.useFakeTimers({ toFake: ['Date'] });
  subscribe(REQUESTS, setDate);
  latchkey = await startTestLatchkey();
});

afterAll(async () => {
  await latchkey.close();
  unsubscribe(REQUESTS, setDate);
  vi.useRealTimers();
});

/** One that lasts for five minutes, signed anew after four, as an app would keep it. */
function createToken({ now, real }: VirtualTime): () => Promise<string> {
  let signedAt = Number.NEGATIVE_INFINITY;
  let token = '';
  return async () => {
    if (now() - signedAt < 4 * 60_000) return token;
    signedAt = now();
    token = await real(latchkey.issuer.sign());
    return token;
  };
}

/** A use: what is wrong with its outcome, if anything is, and whether it went without credentials. */
async function use(
  refresher: Refresher,
  network: FaultyFetch,
  { now }: VirtualTime,
  skew: number,
): Promise<{ readonly wrong?: string; readonly failed: boolean }> {
  const hadValidOnes = !refresher.isExpired();
  try {
    const { accessKeyId, expiration } = await refresher.credentials();
    const end = network.endOf(accessKeyId) ?? 0;
    const stated = expiration.getTime() - skew;
    if (now() >= end) return { wrong: `got credentials that ended ${now() - end} ms ago`, failed: false };
    if (stated > end) return { wrong: `got an end that is ${stated - end} ms late`, failed: false };
    if (stated < end - MOST_GIVEN_AWAY)
      return { wrong: `got an end that is ${end - stated} ms early`, failed: false };
    return { failed: false };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) return { wrong: `got ${error}`, failed: true };
    if (hadValidOnes || !refresher.isExpired())
      return { wrong: 'failed with valid credentials', failed: true };
    return { failed: true };
  }
}

test.each([
  { skewMinutes: -7, durationSeconds: 900, seed: 1 },
  { skewMinutes: 7, durationSeconds: 3600, seed: 2 },
])(
  'a day of 10,000 uses over a faulty network: clock $skewMinutes minutes off, credentials of $durationSeconds s',
  async ({ skewMinutes, durationSeconds, seed }) => {
    const skew = skewMinutes * 60_000;
    const random = createSeededRandom(seed);
    const time = createVirtualTime(Date.now(), (now) => vi.setSystemTime(now));
    const start = time.now();
    const outages = OUTAGES.map(({ from, to }) => ({ from: start + from * HOUR, to: start + to * HOUR }));
    const app = createVendApp(latchkey.functions.vending);
    const network = createFaultyFetch({
      time,
      random,
      app: async (request) => app.fetch(request, {}),
      outages,
    });
    const events: LatchkeyEvent[] = [];
    const { refresher } = connect(
      {
        endpoint: 'https://latchkey.example',
        token: createToken(time),
        durationSeconds,
        onEvent: (event) => events.push(event),
      },
      { fetch: network.fetch, now: () => time.now() + skew, sleep: time.sleep, random },
    );

    const wrong: string[] = [];
    let settled = 0;
    let failures = 0;
    let unexplained = 0;
    const runUse = async () => {
      const outcome = await use(refresher, network, time, skew);
      settled += 1;
      if (outcome.wrong !== undefined) wrong.push(outcome.wrong);
      if (!outcome.failed) return;
      failures += 1;
      const explained = outages.some(({ from, to }) => time.now() >= from && time.now() < to + RECOVERY);
      // None has ever come through: the first use of the day.
      if (!explained && refresher.current() !== undefined) unexplained += 1;
    };
    for (let uses = 0; uses < USES; ) {
      const burst = Math.min(USES - uses, random() < 0.3 ? 1 + Math.floor(random() * 20) : 1);
      for (let each = 0; each < burst; each += 1) void runUse();
      uses += burst;
      await time.advance(Math.min(-Math.log(1 - random()) * MEAN_GAP, LONGEST_GAP));
    }
    await time.advance(HOUR / 60);

    const { requests, faults, mostInFlight } = network.seen();
    const count = (type: LatchkeyEvent['type']) => events.filter((event) => event.type === type).length;
    const injected = Object.values(faults).reduce((sum, each) => sum + each, 0);
    console.info(
      `soak: ${settled} uses in ${((time.now() - start) / HOUR).toFixed(1)} h, clock ${skewMinutes} min off, credentials of ${durationSeconds} s: ` +
        `${requests} fetches, ${count('refreshed')} of them refreshes; faults injected: ${injected} and ${OUTAGES.length} outages; ` +
        `failures: ${count('refresh-failed')} in the background, ${failures} uses without credentials, ${unexplained} of them outside outages`,
    );
    expect(wrong).toEqual([]);
    expect(settled).toBe(USES);
    expect(mostInFlight).toBe(1);
    expect(unexplained).toBe(0);
    // It was no fair-weather day.
    expect(injected).toBeGreaterThan(20);
    expect(count('refresh-failed')).toBeGreaterThan(0);
    expect(count('expired')).toBeGreaterThanOrEqual(2);
  },
  60_000,
);
