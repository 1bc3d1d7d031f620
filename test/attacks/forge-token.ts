import { constants, createHmac, type KeyObject, sign } from 'node:crypto';
import { AUDIENCE } from '../test-issuer.ts';

/** Signs what stands before the second dot. */
export type Signer = (input: Buffer) => Buffer;

const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;

/** A signature by one algorithm (RFC 7518, 3.1) and whatever key, whether they fit each other or not. */
export function signerOf(alg: string, key: KeyObject): Signer {
  const hash = `sha${alg.slice(2)}`;
  switch (alg.slice(0, 2)) {
    case 'RS':
      return (input) => sign(hash, input, key);
    case 'PS':
      return (input) => sign(hash, input, { key, padding, saltLength });
    case 'ES':
      return (input) => sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
    default:
      return (input) => sign(null, input, key);
  }
}

/** HMAC with SHA-256: what a public key would be the secret of. */
export const hmacOf =
  (secret: string | Buffer): Signer =>
  (input) =>
    createHmac('sha256', secret).update(input).digest();

/** What is wrong with a token; the rest of it is right. A member that is undefined is left out. */
export interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What is said in JSON as the test writes it: doubled members, bytes that are no text. */
  readonly headerText?: (json: string) => string | Buffer;
  readonly payloadText?: (json: string) => string | Buffer;
  /** The two segments as the test encodes them, before they are signed. */
  readonly segments?: (header: string, payload: string) => readonly [string, string];
  /** Left out: by the issuer's own key, so that nothing but what is forged can be the reason of a refusal. */
  readonly signer?: Signer;
}

/** Stands in everything that a token says and that nobody but its owner is to read. */
export const CANARY = 'canary';

/** Seconds since 1970. */
export const now = (seconds = 0) => Math.floor(Date.now() / 1000) + seconds;

/** A token of RFC 9068 that Latchkey takes, but for what is forged. */
export function forgeToken(iss: string, tenant: string, issuersOwn: Signer, forgery: Forgery = {}): string {
  const { header, claims, signer = issuersOwn } = forgery;
  const { headerText = asItIs, payloadText = asItIs, segments = (...both) => both } = forgery;
  const usual = { iss, aud: AUDIENCE, tenant, iat: now(), exp: now(300), ...PERSONAL };
  const head = headerText(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1', ...header }));
  const payload = payloadText(JSON.stringify({ ...usual, ...claims }));
  const signed = segments(encode(head), encode(payload)).join('.');
  return `${signed}.${signer(Buffer.from(signed)).toString('base64url')}`;
}

const PERSONAL = {
  sub: `${CANARY}-sub`,
  client_id: `${CANARY}-client`,
  jti: `${CANARY}-jti`,
  scope: `${CANARY}-scope`,
  email: `${CANARY}@people.example`,
};

const asItIs = (json: string) => json;

/** base64url without padding. */
export const encode = (text: string | Buffer) => Buffer.from(text as string).toString('base64url');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes in another text: with a bit set that the last character has to spare (RFC 4648, 3.5). */
export function withSpareBits(segment: string): string {
  if (segment.length % 4 === 0) throw new Error('got a segment without spare bits');
  const last = ALPHABET.indexOf(segment.at(-1) ?? '');
  return segment.slice(0, -1) + ALPHABET[last + 1];
}
