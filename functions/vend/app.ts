import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { VendingError } from '../core/errors.ts';
import type { PresentedToken } from '../core/presented-token.ts';
import type { Vending } from '../core/vending.ts';
import openapi from './openapi.json' with { type: 'json' };
import { type Presentation, presentIdentity, presentVend } from './present.ts';
import { readPresentedToken } from './presented-token.ts';
import { problemResponse } from './problem.ts';
import { type RequestContext, urlAsWritten } from './request-context.ts';
import { parseVendRequest } from './vend-request.ts';

/** Behind API Gateway, hono's adapter for Lambda puts the event's context here. */
type Env = {
  Bindings: { requestContext?: RequestContext };
  Variables: { vendId: string };
};

/** The routes of the vend function: they read requests and present outcomes, and decide nothing. */
export function createVendApp(vending: Vending): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    // API Gateway's own id where there is one: it then joins the answer and the audit event with the access log. The
    // extended one, since a caller can choose the other.
    c.set('vendId', c.env.requestContext?.extendedRequestId ?? randomUUID());
    c.header('Cache-Control', 'no-store');
    // hono would run the GET and drop its answer: a vend for nobody.
    if (c.req.method === 'HEAD') throw new VendingError('method_not_allowed');
    await next();
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
    return problemResponse(failure, c.get('vendId'));
  });

  return app;
}

/** The token, from the one place where it may be. */
function presentedToken(c: Context<Env>, queryMembers: readonly string[]): PresentedToken {
  assertQuery(c.req.queries(), queryMembers);
  const { requestContext } = c.env;
  return readPresentedToken({
    authorization: c.req.header('Authorization'),
    proof: c.req.header('DPoP'),
    request: { method: c.req.method, url: urlAsWritten(c.req.url, requestContext) },
    certificate: requestContext?.identity?.clientCert?.clientCertPem,
  });
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
