import {
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';

/** Somebody who signs. */
export interface Signer {
  readonly alg: 'EdDSA' | 'ES256' | 'RS256' | 'HS256' | 'none';
  /** Of its public key; undefined for who has none. */
  readonly jwk: JsonWebKey | undefined;
  sign(input: string): string;
}

/** RFC 8410, 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key that is the same for the same seed, and so are its signatures. */
export function createEdSigner(seed: string): Signer {
  const key = Buffer.concat([ED25519_HEAD, digest(seed)]);
  return asymmetric('EdDSA', createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

/** A P-256 key that is the same for the same seed. */
export function createEcSigner(seed: string): Signer {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(digest(seed));
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const d = digest(seed).toString('base64url');
  return asymmetric(
    'ES256',
    createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d } as JsonWebKey, format: 'jwk' }),
  );
}

/** An RSA key; another each time. */
export function createRsaSigner(): Signer {
  return asymmetric('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

/** Who has only a public key, and takes it for the secret of an HMAC (RFC 8725, 2.1). */
export function createHmacSigner(secret: string): Signer {
  return {
    alg: 'HS256',
    jwk: undefined,
    sign: (input) => createHmac('sha256', secret).update(input).digest('base64url'),
  };
}

/** Who leaves the signature away. */
export const UNSIGNED: Signer = { alg: 'none', jwk: undefined, sign: () => '' };

function asymmetric(alg: 'EdDSA' | 'ES256' | 'RS256', key: KeyObject): Signer {
  const hash = alg === 'EdDSA' ? null : 'sha256';
  return {
    alg,
    jwk: createPublicKey(key).export({ format: 'jwk' }),
    sign: (input) => sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
