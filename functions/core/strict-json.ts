/** Deeper than anything that is said here, and shallow enough for everything that walks over it. */
const DEPTH_MAX = 16;

/** A string of JSON, and whatever stands in it. */
const STRING = /"(?:[^"\\]|\\.)*"/g;

/**
 * What a JSON text says, if it says it once: throws `SyntaxError` for what is no JSON, for an object with two members of one
 * name (of which parsers take the first or the last, as they like), for a member `__proto__`, for a name that is written with
 * an escape, and for more than 16 levels. The message repeats nothing of the text.
 */
export function parseStrictJson(text: string): unknown {
  const value = parse(text);
  // Nobody needs one. And V8 takes an escaped name for another, with a backslash in it, that it has read before in such a
  // place (nodejs/node#63785): anybody's text could change what is read in everybody's, here and in libraries.
  const bare = text.includes('\\') ? text.replaceAll(STRING, markEscape) : text.replaceAll(STRING, '');
  if (/\\\s*:/.test(bare)) throw new SyntaxError('a member name is escaped');
  // Outside of strings, a colon follows the name of each member and stands nowhere else; a member that came twice has been lost.
  if (countMembers(value, 0) !== bare.split(':').length - 1) throw new SyntaxError('a member stands twice');
  return value;
}

/** A backslash stands outside of no string. */
const markEscape = (string: string) => (string.includes('\\') ? '\\' : '');

/** The value as an object; throws `SyntaxError` for anything else. */
export function parseStrictJsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseStrictJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new SyntaxError('not an object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8 quotes what it could not read; it may be part of a secret.
    throw new SyntaxError('not JSON');
  }
}

function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === DEPTH_MAX) throw new SyntaxError('nested too deep');
  if (Object.hasOwn(value, '__proto__')) throw new SyntaxError('a member is called __proto__');
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, each) => sum + countMembers(each, depth + 1), own);
}
