import { type Fault, VendingError } from '../core/errors.ts';

/** A tenant with ten profiles of its own has room in this, in bytes. */
const BODY_MAX_BYTES = 64 * 1024;

/** Far deeper than any policy in a profile. */
const DEPTH_MAX = 32;

/**
 * The JSON object in a request's body. Throws `media_type_unsupported`, `request_too_large`, and `request_invalid` for
 * what is no JSON object, and for one that has a member twice, of which two readers could each take another one.
 */
export async function readJsonObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get('Content-Type') ?? ''))
    throw new VendingError('media_type_unsupported');
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > BODY_MAX_BYTES) throw new VendingError('request_too_large');
  const { value, text } = parseJson(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new VendingError('request_invalid', { detail: 'the body is not a JSON object' });
  const fault = findAmbiguity(text);
  if (fault !== undefined)
    throw new VendingError('request_invalid', { detail: fault.message, faults: [fault] });
  return value as Readonly<Record<string, unknown>>;
}

/** Throws `request_invalid` for a request with a body, where none has a meaning. */
export async function refuseBody(request: Request): Promise<void> {
  if ((await request.arrayBuffer()).byteLength === 0) return;
  throw new VendingError('request_invalid', { detail: 'the route takes no body' });
}

function parseJson(bytes: ArrayBuffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    // V8 quotes what it could not read.
    throw new VendingError('request_invalid', { detail: 'the body is not JSON in UTF-8' });
  }
}

/** An object or list that has been opened, and where in it we are. */
interface Level {
  /** Of an object: the members so far. */
  readonly names: Set<string> | undefined;
  at: string | number;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** The first place in JSON, known to be JSON, that JSON.parse passes over without a word. */
function findAmbiguity(json: string): Fault | undefined {
  const open: Level[] = [];
  let before = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const level = open.at(-1);
    if (token === '{') open.push({ names: new Set(), at: '' });
    else if (token === '[') open.push({ names: undefined, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof level?.at === 'number') level.at += 1;
    else if (token === ':' && level?.names !== undefined) {
      const name = JSON.parse(before) as string;
      level.at = name;
      const path = open.map(({ at }) => at);
      if (level.names.has(name)) return { path, message: 'got the member twice, expected it once' };
      if (name === '__proto__') return { path, message: 'got a member __proto__' };
      level.names.add(name);
    }
    if (open.length > DEPTH_MAX)
      return { path: [], message: `got values nested deeper than ${DEPTH_MAX}, expected less` };
    before = token;
  }
  return undefined;
}
