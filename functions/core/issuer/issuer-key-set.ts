import * as z from 'zod/mini';
import { isSecretKey, type PublicKey, publicKey } from './issuer-public-keys.ts';

/** What an issuer that publishes its keys (RFC 7517, 5) signs with. */
export interface KeySet {
  /** Only keys that a signature may be checked with; their names, where they have some, are one key's alone. */
  readonly keys: readonly PublicKey[];
  /** The set holds a private or symmetric key: none of its keys counts, since its owner keeps none of them. */
  readonly isCompromised: boolean;
}

/** Each costs time to read; real sets have two or three. */
const MAX_KEYS = 100;

/**
 * The keys in a published set. Those that are weak, for something else, of an unknown kind or no keys at all are passed over
 * (RFC 7517, 5), and so are those of one name: which of them a token means cannot be told. Throws `SyntaxError` for what is
 * no set of at most 100 keys.
 */
export function parseKeySet(json: unknown): KeySet {
  const published = (json as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(published) || published.length > MAX_KEYS)
    throw new SyntaxError('not a set of at most 100 keys');
  const entries = published.filter((entry) => typeof entry === 'object' && entry !== null);
  if (entries.some((entry) => entry.kty === 'oct' || isSecretKey(entry)))
    return { keys: [], isCompromised: true };
  const keys = entries.flatMap((entry) => {
    const read = z.safeParse(publicKey, entry);
    return read.success ? [withoutRest(read.data)] : [];
  });
  const names = keys.map(({ kid }) => kid);
  const isNamesake = ({ kid }: PublicKey) =>
    kid !== undefined && names.indexOf(kid) !== names.lastIndexOf(kid);
  return { keys: keys.filter((key) => !isNamesake(key)), isCompromised: false };
}

/** The numbers, the name and the algorithm: nothing else of it is for a library to interpret. */
function withoutRest(key: z.output<typeof publicKey>): PublicKey {
  const { kid, alg } = key;
  const named = { ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
  switch (key.kty) {
    case 'RSA':
      return { kty: key.kty, ...named, n: key.n, e: key.e };
    case 'EC':
      return { kty: key.kty, ...named, crv: key.crv, x: key.x, y: key.y };
    case 'OKP':
      return { kty: key.kty, ...named, crv: key.crv, x: key.x };
  }
}
