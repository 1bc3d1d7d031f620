/** A request as its signer saw it. `url` is the request target exactly as sent, percent-encoding and dot segments included. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The part of `@hono/node-server`'s bindings (a Hono app's `c.env`, a fetch function's second argument) that is needed here. */
export interface WireBindings {
  readonly incoming: { readonly url?: string | undefined };
}

/**
 * Reads a request whole, with its target taken from the socket: `Request.url` has dot segments resolved, and a signature covers the
 * path before that, as does an S3 key.
 */
export async function readWireRequest(request: Request, { incoming }: WireBindings): Promise<WireRequest> {
  return {
    method: request.method,
    url: incoming.url ?? '/',
    headers: request.headers,
    body: new Uint8Array(await request.arrayBuffer()),
  };
}

/** A request target taken apart: the path as sent, and the query decoded, in the order sent. */
export interface RequestTarget {
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * Takes a request target apart. Doors route by this and signatures are checked over this, so what was signed is what is done.
 * Throws URIError on a broken percent escape.
 */
export function parseTarget(url: string): RequestTarget {
  const questionMark = url.indexOf('?');
  if (questionMark < 0) return { path: url, query: [] };
  const pairs = url.slice(questionMark + 1).split('&');
  return {
    path: url.slice(0, questionMark),
    query: pairs.filter((pair) => pair !== '').map(decodePair),
  };
}

function decodePair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 0) return [decodeQueryPart(pair), ''];
  return [decodeQueryPart(pair.slice(0, equals)), decodeQueryPart(pair.slice(equals + 1))];
}

function decodeQueryPart(part: string): string {
  return decodeURIComponent(part.replaceAll('+', ' '));
}
