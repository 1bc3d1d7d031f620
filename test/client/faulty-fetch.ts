import type { Surroundings } from '../../client/src/options.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the network does to requests: each reaches the app, late, in part or not at all. */
export interface FaultyFetch {
  readonly fetch: Surroundings['fetch'];
  /** When the server says that these credentials end, in milliseconds since 1970 by its own clock. */
  endOf(accessKeyId: string | undefined): number | undefined;
  seen(): {
    readonly requests: number;
    readonly mostInFlight: number;
    readonly faults: Readonly<Record<Fault, number>>;
  };
}

export interface FaultyFetchOptions {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly app: (request: Request) => Promise<Response>;
  /** When nothing answers at all. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
}

const FAULTS = [
  'internal error',
  'bad gateway',
  'unavailable',
  'throttled',
  'reset',
  'reset after',
  'timeout',
  'slow',
  'cut off',
  'garbage',
  'blank',
  'redirect',
] as const;
type Fault = (typeof FAULTS)[number];

/** Of requests. */
const FAULT_RATE = 0.5;

/** A `fetch` into an app, with faults; the Date of its answers is the app's time, as Node's server sets it. */
export function createFaultyFetch({ time, random, app, outages }: FaultyFetchOptions): FaultyFetch {
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  const ends = new Map<string, number>();
  let requests = 0;
  let inFlight = 0;
  let mostInFlight = 0;

  async function ask(request: Request): Promise<Response> {
    const response = await time.real(app(request));
    const text = await time.real(response.text());
    response.headers.set('Date', new Date(time.now()).toUTCString());
    if (response.ok) {
      const { accessKeyId, expiration } = JSON.parse(text).credentials;
      ends.set(accessKeyId, Date.parse(expiration));
    }
    return new Response(text, response);
  }

  /** Nobody answers; whoever asks gives up. */
  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  const answers: Record<Fault, (request: Request) => Promise<Response>> = {
    'internal error': async () => problem(500, 'internal_error'),
    'bad gateway': async () => new Response('<html>bad gateway</html>', { status: 502 }),
    unavailable: async () => problem(503, 'sts_unavailable'),
    throttled: async () =>
      problem(429, 'tenant_throttled', { 'Retry-After': String(1 + Math.floor(random() * 30)) }),
    reset: async () => {
      throw reset();
    },
    'reset after': async (request) => {
      await ask(request);
      throw reset();
    },
    timeout: ({ signal }) => never(signal),
    slow: async (request) => {
      await time.sleep(random() * 8000, request.signal);
      return ask(request);
    },
    'cut off': async (request) => cutOff(await ask(request)),
    garbage: async () => new Response('<html>log in to the airport</html>'),
    blank: async (request) =>
      new Response(
        (await (await ask(request)).text()).replace(/"sessionToken":"[^"]*"/, '"sessionToken":""'),
      ),
    redirect: async () => new Response(null, { status: 302, headers: { Location: 'https://evil.example/' } }),
  };

  async function answer(request: Request): Promise<Response> {
    const now = time.now();
    if (outages.some(({ from, to }) => now >= from && now < to))
      return random() < 0.5 ? answers.unavailable(request) : never(request.signal);
    const fault = random() < FAULT_RATE ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    if (fault === undefined) {
      await time.sleep(20 + random() * 300, request.signal);
      return ask(request);
    }
    faults[fault] += 1;
    return answers[fault](request);
  }

  return {
    async fetch(input, init) {
      requests += 1;
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      try {
        return await answer(new Request(input, init));
      } finally {
        inFlight -= 1;
      }
    },
    endOf: (accessKeyId) => (accessKeyId === undefined ? undefined : ends.get(accessKeyId)),
    seen: () => ({ requests, mostInFlight, faults }),
  };
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, code, detail: 'try again', vendId: 'vend-1' }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });
}

/** As undici has it. */
function reset(): TypeError {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  });
}

/** The first half of a body, and then the end of the connection. */
async function cutOff(response: Response): Promise<Response> {
  const text = await response.text();
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls += 1;
      if (pulls === 1) controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
      else controller.error(reset());
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
