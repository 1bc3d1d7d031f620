import { createECDH, type KeyObject } from 'node:crypto';

/** Of the group of P-384. https://doi.org/10.6028/NIST.SP.800-186 */
const ORDER = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);
const COORDINATE_BYTES = 48;

/**
 * The ECDSA signature, DER-encoded, of a SHA-384 digest by a key on P-384 (FIPS 186-5, 6.4.1). For keys of this machine alone: its time
 * depends on the key. That r or s is zero, upon which one would begin again, happens once in 2^384 times.
 */
export function signDigestP384(digest: Buffer, key: KeyObject): Buffer {
  const secret = toInteger(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const once = createECDH('secp384r1');
  const [, ...point] = once.generateKeys();
  const r = toInteger(Buffer.from(point.slice(0, COORDINATE_BYTES))) % ORDER;
  const s = (invert(toInteger(once.getPrivateKey())) * (toInteger(digest) + r * secret)) % ORDER;
  const integers = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
}

function toInteger(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** By Fermat: value^(ORDER − 2). */
function invert(value: bigint): bigint {
  let result = 1n;
  for (let power = value, exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * power) % ORDER;
    power = (power * power) % ORDER;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // With its first bit set it would be negative.
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}
