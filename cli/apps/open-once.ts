import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnreachableError } from '../failure.ts';

const TIMEOUT_SECONDS = 60;

/**
 * Opens a link that is a secret. A browser gets what it opens as an argument, which all users of a machine can read for as long
 * as it runs: so it is given an address on loopback that leads to the link once. Throws `UnreachableError` when nobody came.
 */
export async function openOnce(link: string, openBrowser: (url: string) => Promise<void>): Promise<void> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const { promise: fetched, resolve, reject } = Promise.withResolvers<void>();
  let used = false;
  const server = createServer(({ method, url, headers }, response) => {
    const own = headers.host === `127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (!own || method !== 'GET' || url !== path || used) {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    used = true;
    const secret = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', connection: 'close' };
    response.writeHead(303, { location: link, ...secret }).end(() => resolve());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const late = () =>
    reject(new UnreachableError(`no browser came within ${TIMEOUT_SECONDS} s; run it without --open`));
  const timer = setTimeout(late, TIMEOUT_SECONDS * 1000);
  try {
    await openBrowser(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`).catch(
      (cause: unknown) => {
        throw new UnreachableError('no browser could be opened; run it without --open', { cause });
      },
    );
    await fetched;
  } finally {
    clearTimeout(timer);
    server.close();
    server.closeIdleConnections();
  }
}
