import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Answer, Fault, NeighbourKind } from './fault.ts';
import { FAULTY_ANSWERS, send } from './faulty-answers.ts';

/** What befalls the next request, with this body; undefined: nothing. */
export type FaultPlan = (body: string) => Fault | undefined;

/** What stands between the app and its neighbours, and hands on what it is asked until it is told to fail. */
export interface FaultProxy {
  readonly url: string;
  /** How often each neighbour was asked. */
  readonly asked: ReadonlyMap<string, number>;
  /** From the next request to this neighbour on; undefined: as if it were not there. */
  plan(neighbour: string, plan: FaultPlan | undefined): void;
  /** Nobody listens any more, and who is connected is cut off. */
  refuse(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  readonly upstream: string;
  readonly kind: NeighbourKind;
  /** Which neighbour a request is for: one address may serve several. */
  readonly neighbourOf: (request: IncomingMessage, body: string) => string;
  /** Told everything that the app sends it, but for its headers: SigV4 needs the session token there. */
  readonly onBody: (body: string) => void;
}

/** Below those that systems give to outgoing connections: nobody else takes it while it is refused. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Starts one in front of a neighbour, or of several at one address. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { upstream, kind, neighbourOf, onBody } = options;
  const plans = new Map<string, FaultPlan>();
  const asked = new Map<string, number>();
  const earlier = new Map<string, Answer>();
  // Not kept alive: a connection that ends as it is used again would be a fault that nobody planned.
  const agent = new Agent({ keepAlive: false });
  const underWay = new Set<Promise<void>>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    onBody(body.toString());
    const neighbour = neighbourOf(request, body.toString());
    asked.set(neighbour, (asked.get(neighbour) ?? 0) + 1);
    const operation = `${neighbour} ${kind.operationOf({ headers: request.headers, body: body.toString() })}`;
    const forward = () => ask(new URL(request.url ?? '/', upstream), request, body, agent);
    const fault = plans.get(neighbour)?.(body.toString());
    if (fault !== undefined) {
      await FAULTY_ANSWERS[fault]({
        kind,
        socket: request.socket,
        response,
        forward,
        earlier: earlier.get(operation),
      });
      return;
    }
    const answer = await forward();
    if (answer.status === 200 && !earlier.has(operation)) earlier.set(operation, answer);
    send(response, answer);
  }

  const server = createServer((request, response) => {
    // Who is asked in vain, or for nobody any more, has nothing to say.
    request.socket.on('error', () => {});
    response.on('error', () => {});
    const work = serve(request, response)
      .catch(() => void request.socket.destroy())
      .finally(() => underWay.delete(work));
    underWay.add(work);
  });
  const listenAt = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server.off('error', reject) && undefined));
    });
  const refuse = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const port = await takePort(listenAt);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    plan: (neighbour, plan) => void (plan ? plans.set(neighbour, plan) : plans.delete(neighbour)),
    refuse,
    listen: async () => (server.listening ? undefined : listenAt(port)),
    async close() {
      if (server.listening) await refuse();
      // The neighbour itself may still be at work.
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

async function takePort(listenAt: (port: number) => Promise<void>): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    try {
      await listenAt(port);
      return port;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

/** The very same request, Host header and all: it is signed. */
function ask(url: URL, { method, rawHeaders }: IncomingMessage, body: Buffer, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: method ?? 'GET', headers: rawHeaders as never, agent };
    const request = httpRequest(url, options, (response) => {
      const { 'transfer-encoding': _, connection: __, ...headers } = response.headers;
      read(response).then(
        (whole) =>
          resolve({ status: response.statusCode ?? 0, headers: headers as Answer['headers'], body: whole }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
