import type { Hono } from 'hono';
import { answer, createFrame, type Env, type FrameOptions, presentedToken } from '../api/frame.ts';
import { presentVend } from '../api/present.ts';
import { parseVendRequest } from '../api/vend-request.ts';
import { ROUTES } from '../core/routes.ts';
import type { Vending } from '../core/vending.ts';

/** The route of the function that asks as IAM users: it takes and answers what `POST /credentials` does, for other profiles. */
export function createIamUserApp(vending: Vending, options: FrameOptions = {}): Hono<Env> {
  return createFrame(options, (app) => {
    app.post(ROUTES['iam-user'], async (c) => {
      const presentation = await vending.vend({
        vendId: c.get('vendId'),
        token: () => presentedToken(c, []),
        request: async () => parseVendRequest(await c.req.text(), c.req.header('Content-Type')),
        present: (vend) => presentVend(vend, vend.request.format ?? 'sdk'),
      });
      return answer(c, presentation);
    });
  });
}
