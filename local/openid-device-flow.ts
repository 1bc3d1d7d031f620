import { text } from 'node:stream/consumers';
import { raw } from 'hono/html';
import type Provider from 'oidc-provider';
import { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { codePage, confirmPage, donePage, usersPage } from './openid-pages.ts';
import type { LocalUser } from './openid-provider.ts';

/** Nobody here is to wait for the usual five seconds between two polls (RFC 8628, 3.5). */
const POLL_SECONDS = 1;

/** What a provider's device flow (RFC 8628) is made with. */
export interface DeviceFlowOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
  readonly users: readonly LocalUser[];
}

/** The part of a provider's configuration that lets people sign in on a page of their own. */
export function deviceFlowConfiguration({ issuer, audience, scope, users }: DeviceFlowOptions) {
  const { pathname } = new URL(issuer);
  const policy = interactionPolicy.base();
  // Whoever signs in on that page has approved; what for is put down below.
  policy.remove('consent');
  return {
    findAccount: (_context, userId) => {
      if (!users.some((user) => user.userId === userId)) return undefined;
      return { accountId: userId, claims: () => ({ sub: userId }) };
    },
    // Providers share a host here, and cookies know no ports.
    cookies: { keys: [crypto.randomUUID()], long: { path: pathname }, short: {} },
    interactions: {
      policy,
      url: (_context, { uid }) => `${pathname}/interaction/${uid}`,
    },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        ...(oidc.client === undefined ? {} : { clientId: oidc.client.clientId }),
        ...(oidc.account === undefined ? {} : { accountId: oidc.account.accountId }),
      });
      grant.addOIDCScope('offline_access');
      grant.addResourceScope(audience, scope);
      await grant.save();
      return grant;
    },
    expiresWithSession: () => false,
  } satisfies Configuration;
}

/** The pages of the flow. */
export const DEVICE_FLOW = {
  enabled: true,
  userCodeInputSource: (context: KoaContextWithOIDC, form: string, _out: unknown, error?: Error) => {
    context.body = codePage(raw(form), error !== undefined);
  },
  userCodeConfirmSource: (
    context: KoaContextWithOIDC,
    form: string,
    { clientId }: { readonly clientId: string },
    _device: unknown,
    userCode: string,
  ) => {
    context.body = confirmPage(raw(form), userCode, clientId);
  },
  successSource: async (context: KoaContextWithOIDC) => {
    // The next one who signs in on this machine may be somebody else.
    await context.oidc.session?.destroy();
    context.body = donePage();
  },
} as const;

/** Serves the page where one picks who signs in, and tells how often to poll. */
export function serveDeviceFlow(provider: Provider, users: readonly LocalUser[]): void {
  provider.use(async (context, next) => {
    if (!/^\/interaction\/[\w-]+$/.test(context.path)) {
      await next();
      if ((context as KoaContextWithOIDC).oidc?.route === 'device_authorization' && context.status === 200)
        context.body = { ...(context.body as object), interval: POLL_SECONDS };
      return;
    }
    if (context.method !== 'POST') {
      context.type = 'html';
      context.body = usersPage(users);
      return;
    }
    const picked = new URLSearchParams(await text(context.req)).get('user');
    const user = users.find(({ userId }) => userId === picked);
    const result =
      user === undefined
        ? { error: 'access_denied' }
        : { login: { accountId: user.userId, remember: false } };
    context.respond = false;
    await provider.interactionFinished(context.req, context.res, result, {
      mergeWithLastSubmission: false,
    });
  });
}
