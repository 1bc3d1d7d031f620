import type { Secret } from '../../core/secret.ts';

/** So many characters of a token in a row are a part of it, and no coincidence. */
const PART_CHARACTERS = 16;
/** AWS's own messages are shorter; a longer one quotes something. */
const MESSAGE_MAX_CHARACTERS = 2048;

/**
 * An error of the SDK as it may be a cause where a request held secrets: a new one, since the SDK's own holds the exchange, and
 * without a message that repeats a part of one, as AWS's validation errors do (`Value '…' at 'webIdentityToken' failed to satisfy constraint`).
 */
export function withoutSecrets(cause: unknown, secrets: readonly Secret[]): Error {
  const { name, message, code, $metadata } = Object(cause) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : '';
  const isClean =
    text.length <= MESSAGE_MAX_CHARACTERS && !secrets.some((each) => repeatsPart(text, each.reveal()));
  return Object.assign(new Error(isClean ? text : 'left out: it repeats a part of a secret'), {
    name: typeof name === 'string' ? name : 'Error',
    ...(typeof code === 'string' ? { code } : {}),
    ...($metadata === undefined ? {} : { $metadata }),
  });
}

function repeatsPart(text: string, value: string): boolean {
  const characters = Math.min(PART_CHARACTERS, value.length);
  for (let at = 0; at + characters <= text.length; at += 1) {
    if (value.includes(text.slice(at, at + characters))) return true;
  }
  return false;
}
