import { parseTarget, type WireRequest } from '../wire-request.ts';

/** What the signer chose: which headers it signed, how it stated its payload, and how its service encodes a path. */
export interface Canonicalisation {
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  /** S3 signs the path encoded once, every other service twice. */
  readonly encodesPathTwice: boolean;
}

/**
 * The canonical request of Signature Version 4. Throws URIError on a broken percent escape.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(
  { method, url, headers }: WireRequest,
  { signedHeaders, payloadHash, encodesPathTwice }: Canonicalisation,
): string {
  const { path, query } = parseTarget(url);
  return [
    method,
    encodePath(encodesPathTwice ? path : decodeURIComponent(path)),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(headers.get(name))}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** Percent-encodes all but RFC 3986's unreserved characters, as AWS does; `encodeURIComponent` leaves out `!'()*`. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function encodePath(path: string): string {
  return path.split('/').map(uriEncode).join('/');
}

function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function canonicalHeader(value: string | null): string {
  return (value ?? '').trim().replace(/ +/g, ' ');
}
