import type { Hono } from 'hono';
import {
  answer,
  asWritten,
  certificateOf,
  createFrame,
  type Env,
  type FrameOptions,
  presentedToken,
} from '../api/frame.ts';
import { presentVend } from '../api/present.ts';
import { PROTECTED_RESOURCE_PATH, protectedResource } from '../api/protected-resource.ts';
import { apiUrl } from '../api/request-context.ts';
import { parseVendRequest } from '../api/vend-request.ts';
import { VendingError } from '../core/errors.ts';
import { addConsoleRoute } from './console-route.ts';
import { addIssuerRoutes } from './issuer-routes.ts';
import openapi from './openapi.json' with { type: 'json' };
import type { VendService } from './vend-service.ts';
import { addWhoamiRoute } from './whoami-route.ts';

/** The routes of the vend function: they read requests and present outcomes, and decide nothing. */
export function createVendApp(service: VendService, options: FrameOptions = {}): Hono<Env> {
  return createFrame(options, (app) => {
    app.post('/credentials', async (c) => {
      const presentation = await service.vend({
        vendId: c.get('vendId'),
        token: () => presentedToken(c, []),
        request: async () => parseVendRequest(await c.req.text(), c.req.header('Content-Type')),
        present: (vend) => presentVend(vend, vend.request.format ?? 'sdk'),
      });
      return answer(c, presentation);
    });

    app.get('/credentials/container', async (c) => {
      const presentation = await service.vend({
        vendId: c.get('vendId'),
        token: () => presentedToken(c, ['profile']),
        request: async () => ({ profile: c.req.query('profile') }),
        present: (vend) => presentVend(vend, 'container'),
      });
      return answer(c, presentation);
    });

    addConsoleRoute(app, service);
    addWhoamiRoute(app, service);
    addIssuerRoutes(app, service.tokenIssuer);
    app.get('/health', (c) => c.json({ status: 'ok' }));
    app.get('/openapi.json', (c) => c.json(openapi));
    app.get(PROTECTED_RESOURCE_PATH, (c) => {
      const resource = apiUrl(asWritten(c), c.req.path);
      if (resource === undefined) throw new VendingError('not_found');
      return c.json(protectedResource(resource, certificateOf(c) !== undefined));
    });
  });
}
