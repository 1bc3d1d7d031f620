import type { Context, Hono } from 'hono';
import { answer, assertQuery, createFrame, type Env, type FrameOptions } from '../api/frame.ts';
import { presentVend } from '../api/present.ts';
import { VendingError } from '../core/errors.ts';
import { ROUTES } from '../core/routes.ts';
import type { PresentedAssertion } from '../core/saml/presented-assertion.ts';
import type { Vending } from '../core/vending.ts';
import { parseSamlRequest, type SamlSubmission } from './saml-request.ts';

/**
 * The route of the function that takes SAML assertions. An identity provider that begins by itself has the user's browser post its
 * form right here; the answer is JSON then, too, and shows what was vended to who has signed in.
 */
export function createSamlApp(vending: Vending<PresentedAssertion>, options: FrameOptions = {}): Hono<Env> {
  return createFrame(options, (app) => {
    app.post(ROUTES.saml, async (c) => {
      // The one body says who asks and what for; it is read within the attempt, and once.
      let read: Promise<SamlSubmission> | undefined;
      const submission = () => {
        read ??= readSubmission(c);
        return read;
      };
      const presentation = await vending.vend({
        vendId: c.get('vendId'),
        token: async () => (await submission()).presented,
        request: async () => (await submission()).request,
        present: (vend) => presentVend(vend, vend.request.format ?? 'sdk'),
      });
      return answer(c, presentation);
    });
  });
}

async function readSubmission(c: Context<Env>): Promise<SamlSubmission> {
  assertQuery(c, []);
  assertAlone(c);
  return parseSamlRequest(await c.req.text(), c.req.header('Content-Type'));
}

/** Who comes with a token as well could be either of two, and which one was meant is not ours to guess. */
function assertAlone(c: Context<Env>): void {
  if (c.req.header('Authorization') === undefined && c.req.header('DPoP') === undefined) return;
  throw new VendingError('request_invalid', {
    detail: 'the SAML response says who asks: there must be no Authorization and no DPoP header here',
  });
}
