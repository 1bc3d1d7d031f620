import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Administration } from '../core/administration/administration.ts';
import { VendingError } from '../core/errors.ts';
import { plainProblem } from '../core/problem.ts';
import { addIssuerRoutes } from './issuer-routes.ts';
import openapi from './openapi.json' with { type: 'json' };
import { readQuery } from './query.ts';
import type { OperatorsApp, OperatorsEnv } from './request.ts';
import { addTenantRoutes } from './tenant-routes.ts';

/**
 * The operators' API: routes that read requests and present what came of them, and decide nothing. Whoever comes without
 * an identity that IAM has authorised is refused, so an API that was deployed without authorisation serves nobody.
 */
export function createTenantsApp(administration: Administration): OperatorsApp {
  const app = new Hono<OperatorsEnv>();

  app.use(async (c, next) => {
    const { extendedRequestId, identity } = c.env?.requestContext ?? {};
    const actor = identity?.userArn ?? '';
    // API Gateway's own id where there is one: see functions/vend/app.ts.
    c.set('act', { requestId: extendedRequestId ?? randomUUID(), actor });
    c.header('Cache-Control', 'no-store');
    if (actor === '') throw new VendingError('not_authorized');
    // hono would run the GET and drop its answer.
    if (c.req.method === 'HEAD') throw new VendingError('method_not_allowed');
    assertPathAsAuthorised(new URL(c.req.url).pathname, c.env?.event?.path);
    await next();
  });

  addTenantRoutes(app, administration);
  addIssuerRoutes(app, administration);
  app.get('/openapi.json', (c) => {
    readQuery(c.req.url, []);
    return c.json(openapi);
  });

  for (const [path, routes] of Map.groupBy(app.routes, (route) => route.path)) {
    if (path === '/*') continue;
    app.all(path, (c) => {
      const response = plainProblem(new VendingError('method_not_allowed'), c.get('act').requestId);
      response.headers.set('Allow', routes.map(({ method }) => method).join(', '));
      return response;
    });
  }
  app.all('*', () => {
    throw new VendingError('not_found');
  });

  app.onError((error, c) => {
    const failure =
      error instanceof VendingError ? error : new VendingError('internal_error', { cause: error });
    return plainProblem(failure, c.get('act').requestId);
  });

  return app;
}

/**
 * IAM has authorised the path as it was sent; a URL that is parsed from it may be another one (`\\` and dot segments fold, tabs
 * go). Nothing in our paths needs an escape or anything else that could be read in two ways. Throws `not_found`.
 */
function assertPathAsAuthorised(pathname: string, sent: string = pathname): void {
  if (sent !== pathname || !/^[\w./-]+$/.test(sent)) throw new VendingError('not_found');
}
