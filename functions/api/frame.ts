import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { VendingError } from '../core/errors.ts';
import type { PresentedToken } from '../core/token/presented-token.ts';
import type { Presentation } from './present.ts';
import { readPresentedToken } from './presented-token.ts';
import { type Challenged, problemResponse } from './problem.ts';
import { apiUrl, type RequestContext, urlAsWritten } from './request-context.ts';

/** Behind API Gateway, hono's adapter for Lambda puts the event's context here. */
export type Env = {
  Bindings: { requestContext?: RequestContext };
  /** `proofNonce`: what the caller's next DPoP proof must hold. */
  Variables: { vendId: string; proofNonce?: string };
};

/** What a deployment chooses of every app. */
export interface FrameOptions {
  /** Web origins whose pages may call the API and read what it answers; none by default. */
  readonly allowedOrigins?: readonly string[];
}

/** What such a page may send, and read: of the date, how far its clock is off. https://fetch.spec.whatwg.org/#http-cors-protocol */
const CORS = {
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['Authorization', 'Content-Type', 'DPoP'],
  exposeHeaders: ['Date', 'DPoP-Nonce', 'Retry-After', 'WWW-Authenticate'],
  maxAge: 600,
};

/** What every app of the tenants' API has around its routes, which `addRoutes` adds. */
export function createFrame(
  { allowedOrigins = [] }: FrameOptions,
  addRoutes: (app: Hono<Env>) => void,
): Hono<Env> {
  const app = new Hono<Env>();
  if (allowedOrigins.length > 0) app.use(cors({ ...CORS, origin: [...allowedOrigins] }));

  app.use(async (c, next) => {
    // API Gateway's own id where there is one: it then joins the answer and the audit event with the access log. The
    // extended one, since a caller can choose the other.
    c.set('vendId', c.env.requestContext?.extendedRequestId ?? randomUUID());
    c.header('Cache-Control', 'no-store');
    // hono would run the GET and drop its answer: a vend for nobody.
    if (c.req.method === 'HEAD') throw new VendingError('method_not_allowed');
    await next();
    // Failures are answers by now.
    const nonce = c.get('proofNonce');
    if (nonce !== undefined) c.res.headers.set('DPoP-Nonce', nonce);
  });

  addRoutes(app);

  app.all('*', (c) => {
    const methods = app.routes.filter(({ path, method }) => path === c.req.path && method !== 'ALL');
    if (methods.length === 0) throw new VendingError('not_found');
    const response = problemResponse(new VendingError('method_not_allowed'), c.get('vendId'));
    response.headers.set('Allow', methods.map(({ method }) => method).join(', '));
    return response;
  });

  app.onError((error, c) => {
    const failure =
      error instanceof VendingError ? error : new VendingError('internal_error', { cause: error });
    return problemResponse(failure, c.get('vendId'), challenged(c));
  });

  return app;
}

/** The URL of the request as the caller wrote it. */
export function asWritten(c: Context<Env>): string {
  return urlAsWritten(c.req.url, c.env.requestContext);
}

/** The client's certificate, PEM. */
export function certificateOf(c: Context<Env>): string | undefined {
  return c.env.requestContext?.identity?.clientCert?.clientCertPem;
}

function challenged(c: Context<Env>): Challenged {
  const isDpop = /^dpop\b/i.test(c.req.header('Authorization') ?? '');
  return { scheme: isDpop ? 'DPoP' : 'Bearer', apiUrl: apiUrl(asWritten(c), c.req.path) };
}

/** The token, from the one place where it may be; throws `request_invalid` for a query with others than these members. */
export function presentedToken(c: Context<Env>, queryMembers: readonly string[]): PresentedToken {
  assertQuery(c, queryMembers);
  const presented = readPresentedToken({
    authorization: c.req.header('Authorization'),
    proof: c.req.header('DPoP'),
    request: { method: c.req.method, url: asWritten(c) },
    certificate: certificateOf(c),
  });
  return { ...presented, offerNonce: (nonce) => c.set('proofNonce', nonce) };
}

/** By name, so that a token in the query (RFC 6750, 2.3) is refused, and so are a misspelled parameter and one that comes twice. */
export function assertQuery(c: Context<Env>, members: readonly string[]): void {
  const query = Object.entries(c.req.queries());
  if (query.every(([name, values]) => members.includes(name) && values.length === 1)) return;
  const detail =
    members.length === 0
      ? 'the query may hold nothing here'
      : `the query may hold each of these once: ${members.join(', ')}`;
  throw new VendingError('request_invalid', { detail });
}

/** What was asked for, as it is presented. */
export function answer(c: Context<Env>, { contentType, body }: Presentation): Response {
  return c.body(body, 200, { 'Content-Type': contentType });
}
