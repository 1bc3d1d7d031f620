import { LatchkeyError } from './error.ts';
import type { Surroundings } from './options.ts';
import { within } from './within.ts';

/** A request to Latchkey, ready to be sent. */
export interface ExchangeRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly token: string;
  /** JSON; left out: no body. */
  readonly body?: string | undefined;
  /** For all tries together, as the caller wrote it: what is told when there is no answer. */
  readonly askedMilliseconds: number;
}

/** An answer, read to its end. */
export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Milliseconds since 1970 by this machine's clock, no later than the request left it. */
  readonly sentAt: number;
}

/** Ours are a few kilobytes, most of it the session token. */
const LONGEST_BODY = 64 * 1024;

/**
 * One request and its answer, body included, in so many milliseconds. Throws `unreachable` without an answer, and `answer_invalid` for one
 * that redirects (the token is for this endpoint alone) or has over 64 KiB.
 */
export async function exchange(
  { url, method, token, body, askedMilliseconds }: ExchangeRequest,
  { fetch, now, sleep }: Pick<Surroundings, 'fetch' | 'now' | 'sleep'>,
  milliseconds: number,
): Promise<Exchange> {
  const before = now();
  const work = async (signal: AbortSignal) => {
    const response = await fetch(url, {
      method,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    // A clock that was put back meanwhile: the earlier of the two is the safe one.
    const sentAt = Math.min(before, now());
    const { status, headers } = response;
    refuseRedirect(status, url);
    return { status, headers, text: await readCapped(response), sentAt };
  };
  const late = () => {
    throw new LatchkeyError('unreachable', `got no answer from ${url.origin} within ${askedMilliseconds} ms`);
  };
  try {
    return await within(milliseconds, { work, late, sleep });
  } catch (cause) {
    if (cause instanceof LatchkeyError) throw cause;
    throw new LatchkeyError('unreachable', `got no answer from ${url.origin}${reasonOf(cause)}`, { cause });
  }
}

/** Browsers hide where a redirect leads, and say 0. */
function refuseRedirect(status: number, { origin }: URL): void {
  if (status !== 0 && (status < 300 || status > 399)) return;
  const message = `got a redirect from ${origin}, expected an answer of the stack's output ApiUrl`;
  throw new LatchkeyError('answer_invalid', message, { status });
}

async function readCapped({ body, status }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  // A reader: Safari's streams cannot be iterated.
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length <= LONGEST_BODY) continue;
    await reader.cancel();
    throw new LatchkeyError('answer_invalid', `got over ${LONGEST_BODY} characters, expected an answer`, {
      status,
    });
  }
}

/** `: ECONNREFUSED`, if that is all there is to say: texts of errors can hold what was sent. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown };
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? `: ${code}` : '';
}
