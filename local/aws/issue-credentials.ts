import { randomBytes } from 'node:crypto';
import type { SessionCredentials } from './session.ts';

const CREDENTIAL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCESS_KEY_CHARACTERS = 16;

/** Makes temporary credentials that work for so long. */
export function issueCredentials(issuedAt: Date, durationSeconds: number): SessionCredentials {
  const expiration = new Date(issuedAt.getTime() + durationSeconds * 1000);
  // AWS tells whole seconds; what stops working must not have been said to work longer.
  expiration.setMilliseconds(0);
  const key = [...randomBytes(ACCESS_KEY_CHARACTERS)].map((byte) => CREDENTIAL_ALPHABET[byte % 32]).join('');
  return {
    accessKeyId: `ASIA${key}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(180).toString('base64'),
    expiration,
  };
}
