import { LatchkeyError } from './error.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL leads to this very machine. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return LOOPBACK.test(hostname);
}

/** Whether a secret may be sent there: https, or http to this very machine. */
export function isSafe(url: Pick<URL, 'hostname' | 'protocol'>): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/**
 * The API's URL, as a folder that routes are joined to. A token goes there: https, or http to this very machine, and nothing
 * else. Throws `options_invalid`, which repeats no more than protocol and host.
 */
export function parseEndpoint(endpoint: string | URL): URL {
  const url = parseUrl(String(endpoint));
  const { protocol, hostname, origin } = url;
  if (!isSafe(url)) throw invalid(`got an endpoint at ${protocol}//${hostname}`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalid(`got an endpoint at ${origin} with a user, a query or a fragment`);
  return new URL(`${origin}${url.pathname.replace(/\/*$/, '/')}`);
}

/** Not with `URL.parse`: Node 20 does not have it. The error of `new URL` repeats what it was given. */
function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid('got an endpoint that is no URL');
  }
}

function invalid(got: string): LatchkeyError {
  return new LatchkeyError(
    'options_invalid',
    `${got}, expected the stack's output ApiUrl: https, or http on loopback`,
  );
}
