import type { Context, Hono } from 'hono';
import { answer, type Env, presentedToken } from '../api/frame.ts';
import { type Presentation, presentIdentity } from '../api/present.ts';
import type { Deadline } from '../core/deadline.ts';
import { VendingError } from '../core/errors.ts';
import type { CallerIdentifier } from '../core/ports.ts';
import { ROUTES } from '../core/routes.ts';
import type { PresentedToken } from '../core/token/presented-token.ts';
import type { Vend } from '../core/vending.ts';
import { assertOwnSession } from '../core/verified-session.ts';
import type { VendService } from './vend-service.ts';

/** Adds the route that says who the caller is: as Latchkey knows it, or, with `verify=true`, as AWS STS says of vended credentials. */
export function addWhoamiRoute(app: Hono<Env>, { whoami, vend, identifier }: VendService): void {
  app.get(ROUTES.whoami, async (c) => {
    const vendId = c.get('vendId');
    const presentation =
      c.req.query('verify') === 'true'
        ? await vend({
            vendId,
            operation: 'whoami',
            token: () => presentedToken(c, ['verify', 'profile']),
            request: async () => ({ profile: c.req.query('profile') }),
            present: (vended, deadline) => presentVerified(vended, identifier, deadline),
          })
        : await whoami({
            vendId,
            token: () => unverifiedToken(c),
            present: (identity) => presentIdentity(identity),
          });
    return answer(c, presentation);
  });
}

/** Another value must not look as if it had been verified, nor a profile as if it had been tried. */
function unverifiedToken(c: Context<Env>): PresentedToken {
  if (c.req.query('verify') === undefined && c.req.query('profile') === undefined)
    return presentedToken(c, []);
  throw new VendingError('request_invalid', {
    detail: 'the query may hold verify=true, and with it a profile',
  });
}

async function presentVerified(
  vended: Vend,
  identifier: CallerIdentifier,
  deadline: Deadline,
): Promise<Presentation> {
  const identity = await identifier.identify(vended.credentials, deadline);
  assertOwnSession(vended, identity);
  return presentIdentity(vended, { profile: vended.grant.profile, ...identity });
}
