import { serializationError, validationError } from './errors.ts';

/** A JSON object out of a request: nothing is known of its members yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** 32 levels of lists and maps are DynamoDB's limit; each is two of JSON, and a few stand around them. */
const MAX_JSON_DEPTH = 72;

/**
 * Parses a body once; what is authorised and what is forwarded are both this value, so a member given twice can't be read in two ways.
 * Throws SerializationException.
 */
export function parseRequestBody(body: Uint8Array): JsonObject {
  const value = parseJson(body);
  if (!isJsonObject(value)) throw serializationError('the body must be a JSON object');
  if (!isWithinDepth(value, MAX_JSON_DEPTH)) {
    throw validationError('Nesting Levels have exceeded supported limits');
  }
  return value;
}

/** A member of a parsed body that must be an object; undefined when it is not there. */
export function objectMember(object: JsonObject, name: string): JsonObject | undefined {
  const value = ownMember(object, name);
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw serializationError(`${name} must be a JSON object`);
  return value;
}

/** A member of a parsed body that must be a string; undefined when it is not there. */
export function stringMember(object: JsonObject, name: string): string | undefined {
  const value = ownMember(object, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw serializationError(`${name} must be a string`);
  return value;
}

/** A member of a parsed body that must be a list of objects, and be there. */
export function objectListMember(object: JsonObject, name: string): readonly JsonObject[] {
  const value = ownMember(object, name);
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw serializationError(`${name} must be a list of JSON objects`);
  }
  return value;
}

/** Own members only: a prototype's `constructor` is not a key that somebody sent. */
export function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), refuseAmbiguous);
  } catch {
    throw serializationError('the body must be JSON in UTF-8, without null, __proto__ and lone surrogates');
  }
}

/**
 * `__proto__` becomes a prototype when a member is copied, a lone surrogate another character when it is stored, and null is nothing
 * in one place and stops dynalite in another. No SDK sends any of them.
 */
function refuseAmbiguous(name: string, value: unknown): unknown {
  if (name === '__proto__' || !name.isWellFormed()) throw new SyntaxError('ambiguous member name');
  if (value === null) throw new SyntaxError('ambiguous null');
  if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError('ambiguous string');
  return value;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isWithinDepth(member, depth - 1));
}
