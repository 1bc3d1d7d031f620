import { createHash, type KeyObject, sign } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** What a proof is made for, and what a test makes wrong in it. Undefined takes a member away. */
export interface ProofChanges {
  readonly method: string;
  readonly url: string;
  readonly token: string;
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  /** Signs in place of the client's own. */
  readonly key?: CryptoKey;
}

/** A client with a key of its own. */
export interface DpopClient {
  readonly jwk: JWK;
  readonly privateJwk: JWK;
  readonly privateKey: CryptoKey;
  readonly jkt: string;
  prove(changes: ProofChanges): Promise<string>;
}

export async function createDpopClient(alg = 'ES256', options: { modulusLength?: number } = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { ...options, extractable: true });
  const jwk = await exportJWK(publicKey);
  const client: DpopClient = {
    jwk,
    privateJwk: await exportJWK(privateKey),
    privateKey,
    jkt: await calculateJwkThumbprint(jwk),
    prove: ({ key = privateKey, header, ...changes }) =>
      new SignJWT(proofClaims(changes))
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
        .sign(key),
  };
  return client;
}

/** RFC 9449, 4.2. */
export function proofClaims({
  method,
  url,
  token,
  claims,
}: Pick<ProofChanges, 'method' | 'url' | 'token' | 'claims'>) {
  return {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
    ath: digest(token),
    ...claims,
  };
}

export const digest = (token: string) => createHash('sha256').update(token).digest('base64url');

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** A proof of any text, for what no library signs; by ES256. */
export function compact(header: string, payload: string, privateKey: KeyObject): string {
  const signed = `${base64url(header)}.${base64url(payload)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
