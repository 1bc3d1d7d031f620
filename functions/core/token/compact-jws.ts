import { parseStrictJsonObject } from '../strict-json.ts';

/** A signed object in compact form (RFC 7515, 7.1), read and not verified. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A real token or proof has one or two kilobytes; what is far larger is meant to cost us something. */
const MAX_CHARACTERS = 8192;

const SEGMENTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * What a compact JWS of at most 8 KiB says. Throws `SyntaxError` unless it is exactly three segments of canonical base64url, the
 * first two JSON objects in UTF-8 that say everything once: nothing can then be read out of its bytes that is not read
 * here, by whatever library verifies them. The message repeats nothing of it.
 */
export function parseCompactJws(jws: string): CompactJws {
  // In characters: those of the alphabet are a byte each.
  if (jws.length > MAX_CHARACTERS) throw new SyntaxError('longer than 8 KiB');
  // `$` matches at the very end alone, without the flag m.
  const [, header = '', payload = '', signature = ''] = SEGMENTS.exec(jws) ?? [];
  if (signature === '') throw new SyntaxError('not three segments of base64url');
  decode(signature);
  return { header: parseSegment(header), payload: parseSegment(payload) };
}

/** With its first bytes, if they are a mark of their order: to JSON they are a mistake. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseSegment(segment: string): Readonly<Record<string, unknown>> {
  const bytes = decode(segment);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new SyntaxError('not UTF-8');
  }
  return parseStrictJsonObject(text);
}

/** One text for the same bytes, and not four: spare bits of the last character must be zero (RFC 4648, 3.5). */
function decode(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  if (bytes.toString('base64url') !== segment) throw new SyntaxError('not canonical base64url');
  return bytes;
}

const KEY_ID = /^[ -~]{1,256}$/;

/**
 * What keeps a header (RFC 7515, 4.1) from being taken; undefined if nothing does. It must have an `alg`, and may have what
 * is allowed beside `alg`, `typ` and `kid`. So whatever changes how the rest is read (crit, b64, zip, cty) is refused, and so
 * are keys and links to keys that it brings along (jwk, jku, x5u, x5c). The sentence repeats nothing of it.
 */
export function headerFault(
  { alg, typ, kid, ...others }: CompactJws['header'],
  allowed: readonly string[],
): string | undefined {
  if (typeof alg !== 'string') return 'alg is not a string';
  if (typ !== undefined && typeof typ !== 'string') return 'typ is not a string';
  if (kid !== undefined && !(typeof kid === 'string' && KEY_ID.test(kid)))
    return 'kid is not a string of 1 to 256 printable characters';
  const isStray = Object.keys(others).some((parameter) => !allowed.includes(parameter));
  return isStray ? 'the header holds a parameter that is not taken' : undefined;
}
