import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UnreachableError } from '../failure.ts';
import { writePrivateFile } from './private-file.ts';

const TIMEOUT_SECONDS = 60;

/** How a link is opened. */
export interface OpenOnceOptions {
  /** A folder of this user's own. */
  readonly folder: string;
  readonly openBrowser: (url: string) => Promise<void>;
}

/**
 * Opens a link that is a secret. A browser gets what it opens as an argument, which all users of a machine can read: so it is given a
 * file that only this user can, whose page leads to an address on loopback, and that one to the link, once. Throws
 * `UnreachableError` when nobody came.
 */
export async function openOnce(link: string, { folder, openBrowser }: OpenOnceOptions): Promise<void> {
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
  const page = join(folder, `open-${randomUUID()}.html`);
  try {
    await writePrivateFile(page, leadTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`));
    await openBrowser(pathToFileURL(page).href).catch((cause: unknown) => {
      throw new UnreachableError('no browser could be opened; run it without --open', { cause });
    });
    await fetched;
  } finally {
    clearTimeout(timer);
    await rm(page, { force: true });
    server.close();
    server.closeIdleConnections();
  }
}

/** The address is our own, of digits and letters: nothing in it means anything to HTML. */
function leadTo(url: string): string {
  return `<!doctype html><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}">\n`;
}
