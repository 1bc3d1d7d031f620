import { LatchkeyError } from './error.ts';
import { nodeModule } from './node-modules.ts';
import type { Surroundings, TokenSource } from './options.ts';
import { within } from './within.ts';

/** Of Latchkey's own limit for a token, which is all ASCII. */
const LONGEST_TOKEN = 8192;
/** Of a file: a token, `Bearer ` before it, and line breaks around it. */
const LONGEST_FILE = LONGEST_TOKEN + 64;

/** What RFC 6750, 2.1 calls b64token. Anything else would end up in the error that `fetch` throws for a header. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The token as it is now, without the `Bearer ` that token files of the AWS SDKs begin with, and without the white space around
 * a file's content. Throws `token_unreadable`, which never holds what was read, and `options_invalid` for a file where there are none.
 */
export async function readToken(source: TokenSource): Promise<string> {
  if (typeof source === 'string') return parseToken(source, 'the given token');
  if (typeof source === 'function') return parseToken(await ask(source), 'the token function');
  return parseToken((await readTokenFile(source.file)).trim(), `the token file ${source.file}`);
}

/** How long a token may take. */
export interface TokenPatience {
  readonly milliseconds: number;
  /** What an error tells, where the caller asked for more and some of it had passed. */
  readonly askedMilliseconds: number;
  readonly sleep: Surroundings['sleep'];
}

/** A token in time, or `token_unreadable`: who gives tokens may never answer, and everybody waits for this one. */
export function readTokenWithin(
  read: () => Promise<string>,
  { milliseconds, askedMilliseconds, sleep }: TokenPatience,
): Promise<string> {
  const late = () => {
    throw unreadable(`got no token within ${askedMilliseconds} ms`);
  };
  return within(milliseconds, { work: read, late, sleep });
}

function parseToken(text: unknown, origin: string): string {
  const expected = 'expected a JWT in compact form';
  if (typeof text !== 'string') throw unreadable(`got ${typeof text} from ${origin}, ${expected}`);
  const token = text.replace(/^bearer +/i, '');
  if (token === '') throw unreadable(`got nothing from ${origin}, ${expected}`);
  if (token.length > LONGEST_TOKEN)
    throw unreadable(`got more than ${LONGEST_TOKEN} characters from ${origin}, ${expected}`);
  if (!TOKEN.test(token))
    throw unreadable(`got characters from ${origin} that no token may hold, ${expected}`);
  return token;
}

async function ask(source: () => Promise<string>): Promise<unknown> {
  try {
    return await source();
  } catch (cause) {
    throw unreadable('got an error from the token function, expected a JWT; its cause says why', cause);
  }
}

/** No more of it than a token can be: a path may lead to anything. */
async function readTokenFile(path: string): Promise<string> {
  const { open } = nodeModule('node:fs/promises', 'a token file');
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(LONGEST_FILE + 1), 0, LONGEST_FILE + 1);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = 'an error' } = cause as { readonly code?: string };
    throw unreadable(
      `got ${code} from the token file ${path}, expected a file with the JWT that this user can read`,
      cause,
    );
  }
}

function unreadable(message: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('token_unreadable', message, { cause });
}
