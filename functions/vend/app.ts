import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { VendingError } from '../core/errors.ts';
import type { Vending } from '../core/vending.ts';
import { readBearerToken } from './bearer-token.ts';
import openapi from './openapi.json' with { type: 'json' };
import { type Presentation, presentIdentity, presentVend } from './present.ts';
import { problemResponse } from './problem.ts';
import { parseVendRequest } from './vend-request.ts';

/** Behind API Gateway, hono's adapter for Lambda puts the event's context here. */
type Env = {
  Bindings: { requestContext?: { requestId?: string } };
  Variables: { vendId: string };
};

/** The routes of the vend function: they read requests and present outcomes, and decide nothing. */
export function createVendApp(vending: Vending): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    // API Gateway's own id where there is one: it then joins the answer and the audit event with the access log.
    c.set('vendId', c.env.requestContext?.requestId ?? randomUUID());
    c.header('Cache-Control', 'no-store');
    await next();
  });

  app.post('/credentials', async (c) => {
    const vend = await vending.vend({
      vendId: c.get('vendId'),
      token: () => bearerToken(c, []),
      request: async () => parseVendRequest(await c.req.text(), c.req.header('Content-Type')),
    });
    return answer(c, presentVend(vend, vend.request.format ?? 'sdk'));
  });

  app.get('/credentials/container', async (c) => {
    const vend = await vending.vend({
      vendId: c.get('vendId'),
      token: () => bearerToken(c, ['profile']),
      request: async () => ({ profile: c.req.query('profile') }),
    });
    return answer(c, presentVend(vend, 'container'));
  });

  app.get('/whoami', async (c) => {
    const identity = await vending.whoami({ vendId: c.get('vendId'), token: () => bearerToken(c, []) });
    return answer(c, presentIdentity(identity));
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

function bearerToken(c: Context<Env>, queryMembers: readonly string[]): string {
  // By name, so that a token in the query (RFC 6750, 2.3) is refused, and so is a misspelled parameter.
  const unknown = Object.keys(c.req.queries()).find((name) => !queryMembers.includes(name));
  if (unknown !== undefined) {
    throw new VendingError('request_invalid', {
      detail: `the query may hold ${queryMembers.join(', ') || 'nothing'} here`,
    });
  }
  return readBearerToken(c.req.header('Authorization'));
}

function answer(c: Context<Env>, { contentType, body }: Presentation): Response {
  return c.body(body, 200, { 'Content-Type': contentType });
}
