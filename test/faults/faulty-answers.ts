import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, EMPTY, type Fault, HTML, type NeighbourKind } from './fault.ts';

/** A request, and what can be done with it. */
export interface Exchange {
  readonly kind: NeighbourKind;
  readonly socket: Socket;
  readonly response: ServerResponse;
  /** Has it done, and gives what was answered. */
  readonly forward: () => Promise<Answer>;
  /** What was answered to the first who asked for the same. */
  readonly earlier: Answer | undefined;
}

const DRIP_MILLISECONDS = 40;

const half = ({ body }: Answer) => body.subarray(0, Math.ceil(body.length / 2));

/** What each fault does with a request. */
export const FAULTY_ANSWERS: Readonly<Record<Fault, (exchange: Exchange) => Promise<unknown> | undefined>> = {
  async slow({ kind, forward, response }) {
    await sleep(kind.slowMilliseconds);
    send(response, await forward());
  },
  async slower({ kind, forward, response }) {
    await sleep(kind.slowerMilliseconds);
    send(response, await forward());
  },
  async late({ kind, forward, response }) {
    const answer = await forward();
    await sleep(kind.lateMilliseconds);
    send(response, answer);
  },
  hang: () => undefined,
  reset: async ({ socket }) => socket.resetAndDestroy(),
  async 'reset after'({ forward, socket }) {
    await forward();
    socket.resetAndDestroy();
  },
  async cut({ forward, response, socket }) {
    const answer = await forward();
    head(response, answer).write(half(answer), () => socket.destroy());
  },
  async stall({ forward, response }) {
    const answer = await forward();
    head(response, answer).write(half(answer));
  },
  async drip({ forward, response }) {
    const answer = await forward();
    head(response, answer);
    for (const byte of answer.body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await sleep(DRIP_MILLISECONDS);
    }
    response.end();
  },
  html: async ({ response }) => send(response, HTML),
  empty: async ({ response }) => send(response, EMPTY),
  foreign: async ({ kind, response }) => send(response, kind.answers.foreign),
  swapped: async ({ earlier, forward, response }) => send(response, earlier ?? (await forward())),
  '500': async ({ kind, response }) => send(response, kind.answers['500']),
  '503': async ({ kind, response }) => send(response, kind.answers['503']),
  throttled: async ({ kind, response }) => send(response, kind.answers.throttled),
};

function head(response: ServerResponse, { status, headers, body }: Answer): ServerResponse {
  return response.writeHead(status, { ...headers, 'content-length': body.length });
}

/** The whole answer. */
export function send(response: ServerResponse, answer: Answer): void {
  head(response, answer).end(answer.body);
}
