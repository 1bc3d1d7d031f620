import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { type LatchkeyCredentials, LatchkeyError } from '../../client/src/index.ts';
import { problemBody } from '../../functions/core/problem.ts';
import { asFailure } from '../failure.ts';
import { renderCredentials } from './render-credentials.ts';

/** Where credentials are, the only path that there is. */
export const CREDENTIALS_PATH = '/credentials';

/** What an endpoint is made of. */
export interface ContainerEndpointOptions {
  /** Credentials for one use; rejects when there are no valid ones. */
  readonly credentials: () => Promise<LatchkeyCredentials>;
  /** What a client must send as `Authorization`, to the letter. */
  readonly token: string;
  /** Name and port, as clients must send them in `Host`. */
  readonly host: () => string;
  /** Told why there were no credentials for a request. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The AWS SDKs' HTTP container protocol (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html)
 * for programs on this machine. Answers 200 with valid credentials alone; 5xx when there are none to be had.
 */
export function createContainerEndpoint({
  credentials,
  token,
  host,
  onFailure,
  now,
}: ContainerEndpointOptions): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    return refusal(c, { host: host(), token }) ?? next();
  });
  app.get(CREDENTIALS_PATH, async (c) => {
    const current = await credentials();
    if (!isUsable(current, now()))
      throw new LatchkeyError('expired', 'there are no credentials that are valid now');
    return c.body(renderCredentials(current, 'container'), 200, { 'Content-Type': 'application/json' });
  });
  app.onError((error, c) => {
    onFailure(error);
    return failure(c, error);
  });
  return app;
}

/** Who is no client of ours: in the order in which least is told. */
function refusal(c: Context, { host, token }: { readonly host: string; readonly token: string }) {
  // A web page whose name was made to lead here (DNS rebinding) sends its own name; one that asks across origins, its origin.
  if (c.req.header('Host') !== host) return problem(c, 403, 'host_refused', `expected the Host ${host}`);
  if (c.req.header('Origin') !== undefined)
    return problem(c, 403, 'origin_refused', 'expected no Origin: this is for programs, not for web pages');
  const { pathname, search } = new URL(c.req.url);
  if (pathname + search !== CREDENTIALS_PATH)
    return problem(c, 404, 'not_found', `expected ${CREDENTIALS_PATH}`);
  if (c.req.method !== 'GET') {
    c.header('Allow', 'GET');
    return problem(c, 405, 'method_not_allowed', 'expected GET');
  }
  if (!isSame(c.req.header('Authorization') ?? '', token))
    return problem(c, 401, 'token_invalid', 'expected AWS_CONTAINER_AUTHORIZATION_TOKEN as latchkey gave it');
  return undefined;
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** What is blank or over would make an SDK sign with it, or fall back to who knows what. */
function isUsable(credentials: LatchkeyCredentials, now: number): boolean {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return [accessKeyId, secretAccessKey, sessionToken].every(Boolean) && expiration.getTime() > now;
}

/** Always 5xx: to an SDK, a 4xx would be about what it has sent. */
function failure(c: Context, error: unknown) {
  if (!(error instanceof LatchkeyError)) return problem(c, 500, 'internal_error', 'a fault of latchkey');
  const { status, code, vendId, retryAfterSeconds } = error;
  // Of a login that has ended, what we have said of it ourselves.
  const { message } = asFailure(error) as Error;
  if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds));
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 429;
  return problem(c, isRefused ? 502 : 503, code, message, vendId);
}

/** As Latchkey's own, without a vend id where there has been no vend. */
function problem(
  c: Context,
  status: 401 | 403 | 404 | 405 | 500 | 502 | 503,
  code: string,
  detail: string,
  vendId?: string,
) {
  const body = { ...problemBody({ status, code, detail, vendId: vendId ?? '' }), vendId };
  return c.json(body, status, { 'Content-Type': 'application/problem+json' });
}
