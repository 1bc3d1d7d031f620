import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { PublicKey } from '../../core/ports.ts';
import { SIGNING_ALGORITHM } from '../../core/self-issued/issuer-documents.ts';

/** A public RSA key, as KMS gives it (DER, SubjectPublicKeyInfo), as a JWK whose `kid` is its thumbprint (RFC 7638). Throws for another kind of key. */
export async function publicJwk(der: Uint8Array): Promise<PublicKey> {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { kty, n, e } = key.export({ format: 'jwk' });
  // Of all kinds, RSA keys alone have these.
  if (n === undefined || e === undefined) throw new Error(`got a key of type ${kty}, expected RSA`);
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e });
  return { kty: 'RSA', n, e, alg: SIGNING_ALGORITHM, use: 'sig', kid };
}
