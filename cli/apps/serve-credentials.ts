import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { UsageError } from '../failure.ts';
import {
  type ContainerEndpointOptions,
  CREDENTIALS_PATH,
  createContainerEndpoint,
} from './container-endpoint.ts';

/** A container endpoint that listens. */
export interface ServedCredentials {
  /** With which any AWS SDK uses it. */
  readonly variables: {
    readonly AWS_CONTAINER_CREDENTIALS_FULL_URI: string;
    readonly AWS_CONTAINER_AUTHORIZATION_TOKEN: string;
  };
  readonly close: () => Promise<void>;
}

/** What is served, and where; port 0 is any free one. */
export interface ServeOptions extends Omit<ContainerEndpointOptions, 'token' | 'host'> {
  readonly port: number;
}

/** Serves credentials on 127.0.0.1, to who has a token that is made here. Throws `UsageError` when somebody else has the port. */
export async function serveCredentials({ port, ...options }: ServeOptions): Promise<ServedCredentials> {
  const token = randomBytes(32).toString('base64url');
  let host = '';
  const app = createContainerEndpoint({ ...options, token, host: () => host });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await listen(server, port);
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${host}${CREDENTIALS_PATH}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = ['EADDRINUSE', 'EACCES'].includes(cause.code ?? '');
      const message = `--port: got ${port}, which is not to be had (${cause.code}), expected a free one; 0 finds one`;
      reject(taken ? new UsageError(message, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
