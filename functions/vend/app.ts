import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { VendingError } from '../core/errors.ts';
import type { PresentedToken } from '../core/token/presented-token.ts';
import type { Vending } from '../core/vending.ts';
import openapi from './openapi.json' with { type: 'json' };
import { type Presentation, presentIdentity, presentVend } from './present.ts';
import { readPresentedToken } from './presented-token.ts';
import { type Challenged, problemResponse } from './problem.ts';
import { PROTECTED_RESOURCE_PATH, protectedResource } from './protected-resource.ts';
import { apiUrl, type RequestContext, urlAsWritten } from './request-context.ts';
import { parseVendRequest } from './vend-request.ts';

/** Behind API Gateway, hono's adapter for Lambda puts the event's context here. */
type Env = {
  Bindings: { requestContext?: RequestContext };
  /** `proofNonce`: what the caller's next DPoP proof must hold. */
  Variables: { vendId: string; proofNonce?: string };
};

/** What a deployment chooses of the app. */
export interface VendAppOptions {
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

/** The routes of the vend function: they read requests and present outcomes, and decide nothing. */
export function createVendApp(vending: Vending, { allowedOrigins = [] }: VendAppOptions = {}): Hono<Env> {
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

  app.post('/credentials', async (c) => {
    const presentation = await vending.vend({
      vendId: c.get('vendId'),
      token: () => presentedToken(c, []),
      request: async () => parseVendRequest(await c.req.text(), c.req.header('Content-Type')),
      present: (vend) => presentVend(vend, vend.request.format ?? 'sdk'),
    });
    return answer(c, presentation);
  });

  app.get('/credentials/container', async (c) => {
    const presentation = await vending.vend({
      vendId: c.get('vendId'),
      token: () => presentedToken(c, ['profile']),
      request: async () => ({ profile: c.req.query('profile') }),
      present: (vend) => presentVend(vend, 'container'),
    });
    return answer(c, presentation);
  });

  app.get('/whoami', async (c) => {
    const presentation = await vending.whoami({
      vendId: c.get('vendId'),
      token: () => presentedToken(c, []),
      present: presentIdentity,
    });
    return answer(c, presentation);
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/openapi.json', (c) => c.json(openapi));
  app.get(PROTECTED_RESOURCE_PATH, (c) => {
    const resource = apiUrl(asWritten(c), c.req.path);
    if (resource === undefined) throw new VendingError('not_found');
    return c.json(protectedResource(resource, certificateOf(c) !== undefined));
  });

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

function asWritten(c: Context<Env>): string {
  return urlAsWritten(c.req.url, c.env.requestContext);
}

/** PEM. */
function certificateOf(c: Context<Env>): string | undefined {
  return c.env.requestContext?.identity?.clientCert?.clientCertPem;
}

function challenged(c: Context<Env>): Challenged {
  const isDpop = /^dpop\b/i.test(c.req.header('Authorization') ?? '');
  return { scheme: isDpop ? 'DPoP' : 'Bearer', apiUrl: apiUrl(asWritten(c), c.req.path) };
}

/** The token, from the one place where it may be. */
function presentedToken(c: Context<Env>, queryMembers: readonly string[]): PresentedToken {
  assertQuery(c.req.queries(), queryMembers);
  const presented = readPresentedToken({
    authorization: c.req.header('Authorization'),
    proof: c.req.header('DPoP'),
    request: { method: c.req.method, url: asWritten(c) },
    certificate: certificateOf(c),
  });
  return { ...presented, offerNonce: (nonce) => c.set('proofNonce', nonce) };
}

/** By name, so that a token in the query (RFC 6750, 2.3) is refused, and so are a misspelled parameter and one that comes twice. */
function assertQuery(query: Readonly<Record<string, readonly string[]>>, members: readonly string[]): void {
  if (Object.entries(query).every(([name, values]) => members.includes(name) && values.length === 1)) return;
  const detail = `the query may hold ${members.join(', ') || 'nothing'} here, and that once`;
  throw new VendingError('request_invalid', { detail });
}

function answer(c: Context<Env>, { contentType, body }: Presentation): Response {
  return c.body(body, 200, { 'Content-Type': contentType });
}
