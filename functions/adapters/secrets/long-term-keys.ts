import { VendingError } from '../../core/errors.ts';
import type { LongTermKeys } from '../../core/ports.ts';
import { secret } from '../../core/secret.ts';
import { parseStrictJsonObject } from '../../core/strict-json.ts';

/**
 * Temporary credentials begin with ASIA, and would be of nobody knows whom.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
const ACCESS_KEY_ID = /^AKIA[A-Z0-9]{12,124}$/;
/** AWS says nothing of it; those that there are have 40 characters of base64. */
const SECRET_ACCESS_KEY = /^[\w/+=-]{16,128}$/;

/**
 * The keys in a secret, `{ "accessKeyId", "secretAccessKey" }` and nothing else. Throws `user_keys_unavailable`, and nothing of what it got
 * is said.
 */
export function parseLongTermKeys(text: string): LongTermKeys {
  const { accessKeyId, secretAccessKey, ...others } = readObject(text);
  if (typeof accessKeyId !== 'string' || !ACCESS_KEY_ID.test(accessKeyId)) throw malformed();
  if (typeof secretAccessKey !== 'string' || !SECRET_ACCESS_KEY.test(secretAccessKey)) throw malformed();
  if (Object.keys(others).length > 0) throw malformed();
  return { accessKeyId, secretAccessKey: secret(secretAccessKey) };
}

/** Whether AWS cannot tell one from the other. */
export function isSameKey(one: LongTermKeys, other: LongTermKeys): boolean {
  return (
    one.accessKeyId === other.accessKeyId && one.secretAccessKey.reveal() === other.secretAccessKey.reveal()
  );
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseStrictJsonObject(text);
  } catch {
    throw malformed();
  }
}

function malformed(): VendingError {
  return keysUnavailable(
    'the secret of the IAM user is not { "accessKeyId": "AKIA…", "secretAccessKey" } and nothing else',
  );
}

/** The failure for keys that there are not; the cause is for the log. */
export function keysUnavailable(cause: unknown): VendingError {
  return new VendingError('user_keys_unavailable', { cause, retryAfterSeconds: 1 });
}
