import { constants, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import { signDigestP384 } from './ecdsa.ts';
import type { KeySpec } from './keys.ts';

/** How a signing algorithm of KMS signs. https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
interface Signer {
  readonly keySpec: KeySpec;
  readonly digestBytes: number;
  readonly signMessage: (message: Buffer, key: KeyObject) => Buffer;
  /** node:crypto hashes whatever it signs, so a digest is signed beside it. */
  readonly signDigest: (digest: Buffer, key: KeyObject) => Buffer;
}

/** DigestInfo of a SHA-256 digest, up to the digest. https://www.rfc-editor.org/rfc/rfc8017#page-47 */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** The names of the signing algorithms that are played, of those that AWS has. */
export const SIGNING_ALGORITHMS = ['RSASSA_PKCS1_V1_5_SHA_256', 'ECDSA_SHA_384'] as const;

/** Every one of them. */
export const SIGNERS: Readonly<Record<(typeof SIGNING_ALGORITHMS)[number], Signer>> = {
  RSASSA_PKCS1_V1_5_SHA_256: {
    keySpec: 'RSA_2048',
    digestBytes: 32,
    signMessage: (message, key) => sign('sha256', message, key),
    signDigest: (digest, key) =>
      privateEncrypt(
        { key, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([SHA256_DIGEST_INFO, digest]),
      ),
  },
  ECDSA_SHA_384: {
    keySpec: 'ECC_NIST_P384',
    digestBytes: 48,
    signMessage: (message, key) => sign('sha384', message, key),
    signDigest: signDigestP384,
  },
};

/** The algorithms that a key signs with. */
export function algorithmsOf(keySpec: KeySpec): readonly string[] {
  return SIGNING_ALGORITHMS.filter((name) => SIGNERS[name].keySpec === keySpec);
}
