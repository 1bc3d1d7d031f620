import { createApi } from '../../client/src/api.ts';
import { LatchkeyError } from '../../client/src/error.ts';
import { createVend, type VendOptions } from '../../client/src/vend.ts';
import { createVirtualTime } from './virtual-time.ts';

export type Fetch = typeof fetch;
/** Instead of the real one, for one request; undefined: the real one. */
export type Step = ((...request: Parameters<Fetch>) => Promise<Response>) | undefined;

/** What happens to a vend. */
export interface VendSteps extends Omit<VendOptions, 'api'> {
  readonly steps?: readonly Step[];
  /** One after the other, the last one for ever. */
  readonly tokens: readonly (string | Promise<string>)[];
}

/** A vend from the real server, with a time of its own and what happens to the first requests. */
export function startVend(endpoint: string, { steps = [], tokens, ...options }: VendSteps) {
  const time = createVirtualTime(Date.now());
  const requests: { readonly url: string; readonly init: RequestInit | undefined; readonly at: number }[] =
    [];
  const began = time.now();
  let tokensRead = 0;
  const api = createApi({
    endpoint: new URL(`${endpoint}/`),
    readToken: async () => {
      tokensRead += 1;
      return await (tokens[Math.min(tokensRead, tokens.length) - 1] as string);
    },
    timeoutMilliseconds: 10_000,
    surroundings: {
      now: time.now,
      sleep: time.sleep,
      random: () => 0.5,
      fetch: (input, init) => {
        const step = steps[requests.length];
        requests.push({ url: String(input), init, at: time.now() - began });
        return step === undefined ? time.real(fetch(input, init)) : step(input, init);
      },
    },
  });
  const vend = createVend({ api, ...options });
  const work = () => time.until(vend());
  return {
    time,
    requests,
    tokensRead: () => tokensRead,
    vend: work,
    failure: async () => {
      const error = await work().catch((caught: unknown) => caught);
      if (!(error instanceof LatchkeyError)) throw new Error('got no LatchkeyError', { cause: error });
      return error;
    },
    elapsed: () => time.now() - began,
  };
}

/** An answer of something. */
export const answer =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): Step =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
/** An answer to a failure, as the server gives it. */
export const problem = (status: number, code: string, headers: Record<string, string> = {}): Step =>
  answer(status, { code, detail: `${code}, in words`, vendId: 'vend-9' }, headers);
