import type { Hono } from 'hono';
import { answer, createFrame, type Env, type FrameOptions, presentedToken } from '../api/frame.ts';
import { presentDecoded } from '../api/present.ts';
import type { Decoding } from '../core/decoding.ts';
import { ROUTES } from '../core/routes.ts';
import { parseDecodeRequest } from './decode-request.ts';

/** The route of the function that decodes AWS's messages: it reads requests and presents outcomes, and decides nothing. */
export function createDecodeApp(decoding: Decoding, options: FrameOptions = {}): Hono<Env> {
  return createFrame(options, (app) => {
    app.post(ROUTES.decode, async (c) => {
      const presentation = await decoding.decode({
        vendId: c.get('vendId'),
        token: () => presentedToken(c, []),
        encodedMessage: async () => parseDecodeRequest(await c.req.text(), c.req.header('Content-Type')),
        present: presentDecoded,
      });
      return answer(c, presentation);
    });
  });
}
