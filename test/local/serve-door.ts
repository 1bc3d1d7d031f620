import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Door } from '../../local/aws/door.ts';

export interface ServedDoor {
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** Serves a door over real HTTP on loopback, since signatures cover what stands on the wire. */
export async function serveDoor(door: Door): Promise<ServedDoor> {
  const server = createAdaptorServer({ fetch: door });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
