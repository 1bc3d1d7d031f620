import type { LatchkeyCredentials } from './credentials.ts';
import { asObject, parseJsonObject } from './json-object.ts';
import { parseSessionArn, SESSION_KINDS } from './session-arn.ts';

/** Credentials as a cache keeps them. */
export interface CacheEntry {
  /** Milliseconds since 1970. */
  readonly obtainedAt: number;
  readonly credentials: LatchkeyCredentials;
}

const WORDS = [
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'vendId',
  'tenantId',
  'profile',
  'sessionArn',
] as const;

/** No blank in any of them, as in the answer that they came with. */
const WORD = /^[\x21-\x7e]+$/;

/** An entry as JSON. It holds its own key, so that a file under another's name opens nothing. */
export function renderCacheEntry(key: string, { obtainedAt, credentials }: CacheEntry): string {
  const words = WORDS.map((name) => [name, credentials[name]]);
  const expiresAt = credentials.expiration.getTime();
  return JSON.stringify({ key, obtainedAt, expiresAt, credentials: Object.fromEntries(words) });
}

/** The entry of that key; undefined for what is damaged, another's, or from a future that a clock has since gone back from. */
export function parseCacheEntry(text: string, key: string, now: number): CacheEntry | undefined {
  const { key: own, obtainedAt, expiresAt, credentials } = parseJsonObject(text) ?? {};
  const words = asObject(credentials) ?? {};
  const complete = WORDS.every((name) => typeof words[name] === 'string' && WORD.test(words[name]));
  const arns = SESSION_KINDS.map((kind) => parseSessionArn(words['sessionArn'], kind)).find(Boolean);
  if (
    own !== key ||
    !complete ||
    arns === undefined ||
    !isInstant(obtainedAt) ||
    !isInstant(expiresAt) ||
    obtainedAt > now
  )
    return undefined;
  const known = Object.fromEntries(WORDS.map((name) => [name, words[name]]));
  return {
    obtainedAt,
    credentials: { ...known, ...arns, expiration: new Date(expiresAt) } as unknown as LatchkeyCredentials,
  };
}

function isInstant(value: unknown): value is number {
  return Number.isFinite(value);
}
