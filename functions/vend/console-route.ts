import type { Hono } from 'hono';
import { answer, type Env, presentedToken } from '../api/frame.ts';
import { presentConsoleSession } from '../api/present.ts';
import { ROUTES } from '../core/routes.ts';
import { parseConsoleRequest } from './console-request.ts';
import type { VendService } from './vend-service.ts';

/** Adds the route that turns vended credentials into a sign-in link. */
export function addConsoleRoute(app: Hono<Env>, { vend, consoleSessions }: VendService): void {
  app.post(ROUTES.consoleSession, async (c) => {
    const presentation = await vend({
      vendId: c.get('vendId'),
      operation: 'console_session',
      token: () => presentedToken(c, []),
      request: async () => parseConsoleRequest(await c.req.text(), c.req.header('Content-Type')),
      accept: (granted) => consoleSessions.accept(granted),
      present: async (vended, deadline) =>
        presentConsoleSession(vended, await consoleSessions.open(vended, deadline)),
    });
    return answer(c, presentation);
  });
}
