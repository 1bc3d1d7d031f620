import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CredentialScope } from './authorization-header.ts';

/** The key that a secret gives for one scope: the secret itself never signs a request. */
export function deriveSigningKey(
  secretAccessKey: string,
  { date, region, service }: CredentialScope,
): Buffer {
  const parts = [date, region, service, 'aws4_request'];
  return parts.reduce<Buffer>(hmacSha256, Buffer.from(`AWS4${secretAccessKey}`));
}

/** A signature over `stringToSign`, in hex. */
export function sign(signingKey: Buffer, stringToSign: string): string {
  return hmacSha256(signingKey, stringToSign).toString('hex');
}

/** SHA-256 in hex, as canonical requests hold it. Strings are hashed byte for byte as they came off the wire (latin1). */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256')
    .update(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
    .digest('hex');
}

/** Compares two secrets in time that tells nothing of where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  // Hashing first gives both the same length, which timingSafeEqual demands.
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function hmacSha256(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
