import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** The DynamoDB behind the door: it does what it is told by anyone, so its endpoint is for this process only. */
export interface Dynalite {
  readonly endpoint: string;
  /** Runs an operation, as `GetItem`, with a body of JSON text, and gives back the answer untouched. */
  readonly run: (operation: string, body: string) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** dynalite wants a header of this form, and looks no further. */
const UNCHECKED_AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=unchecked';

/** Starts an empty dynalite on a free loopback port. */
export async function startDynalite(): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const running = new Set<Promise<unknown>>();
  let isClosing = false;
  const post = (operation: string, body: string) =>
    fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: UNCHECKED_AUTHORIZATION,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-date': '20261121T000000Z',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body,
    });
  return {
    endpoint,
    run(operation, body) {
      // Of a request whose connection has gone already: a door may still be at it.
      if (isClosing) return Promise.resolve(new Response('{}', { status: 500 }));
      const answer = post(operation, body);
      const done = answer.then(
        () => void running.delete(done),
        () => void running.delete(done),
      );
      running.add(done);
      return answer;
    },
    async close() {
      // dynalite throws into nowhere when its store goes from under an operation.
      isClosing = true;
      await Promise.all(running);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
