import http from 'node:http';
import https from 'node:https';
import { VendingError } from '../../core/errors.ts';
import { revealed } from '../../core/grant/credentials.ts';
import type { SignIn, SignInRequest } from '../../core/ports.ts';
import { type Secret, secret } from '../../core/secret.ts';
import { parseStrictJsonObject } from '../../core/strict-json.ts';

/** One exchange to the end of its answer. */
const EXCHANGE_MILLISECONDS = 1200;
/** A token has 1 to 2 KiB. */
const ANSWER_MAX_BYTES = 16 * 1024;

/** What was answered. */
interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** AWS Sign-In's federation endpoint. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html */
export function createSignIn(): SignIn {
  return {
    async token(request, { signal }) {
      const url = new URL('/federation', request.endpoint);
      const within = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MILLISECONDS)]);
      const { status, text } = await exchange(url, bodyOf(request), within).catch((cause) => {
        throw unavailable(cause);
      });
      if (status !== 200) throw refusalOf(status);
      return parseToken(text);
    },
  };
}

/** In the body: addresses are written into logs on the way. */
function bodyOf({ credentials, durationSeconds }: SignInRequest): string {
  const { accessKeyId: sessionId, secretAccessKey: sessionKey, sessionToken } = revealed(credentials);
  return `${new URLSearchParams({
    Action: 'getSigninToken',
    ...(durationSeconds === undefined ? {} : { SessionDuration: `${durationSeconds}` }),
    Session: JSON.stringify({ sessionId, sessionKey, sessionToken }),
  })}`;
}

/** A redirect is an answer like any other that is not 200: credentials go nowhere else. Over `node:https`, as in fetch-json.ts. */
function exchange(url: URL, body: string, signal: AbortSignal): Promise<Answer> {
  const { request: open } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    };
    // Said, since a variable of the process (NODE_TLS_REJECT_UNAUTHORIZED) could say otherwise.
    const options = { method: 'POST', headers, signal, rejectUnauthorized: true };
    const request = open(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > ANSWER_MAX_BYTES) response.destroy(new Error(`got more than ${ANSWER_MAX_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Of what AWS answers, the status alone: an answer may repeat what it was asked. */
function refusalOf(status: number | undefined): VendingError {
  const cause = `AWS Sign-In answered with status ${status}`;
  return status === undefined || status >= 500 || status === 429
    ? unavailable(cause)
    : new VendingError('sign_in_refused', { cause });
}

function parseToken(text: string): Secret {
  let token: unknown;
  try {
    ({ SigninToken: token } = parseStrictJsonObject(text));
  } catch {
    throw unavailable('AWS Sign-In answered with something else than JSON');
  }
  if (typeof token === 'string' && token !== '') return secret(token);
  throw unavailable('AWS Sign-In answered without a token');
}

function unavailable(cause: unknown): VendingError {
  return new VendingError('sign_in_unavailable', { cause, retryAfterSeconds: 1 });
}
