import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '../functions/core/errors.ts';

/** A server that listens on loopback. */
export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Listens on a port of 127.0.0.1 (0: any free one); throws `ConfigurationError` when somebody else has it. */
export async function listen(server: Server, port: number, name: string): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        taken
          ? new ConfigurationError(`port ${port} for ${name} is taken; --port moves all of them`, { cause })
          : cause,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
