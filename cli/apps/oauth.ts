import type { Configuration, CustomFetchOptions, TokenEndpointResponse } from 'openid-client';
import { isSafe } from '../../client/src/endpoint.ts';
import { RefusedError, UnreachableError, UsageError } from '../failure.ts';
import type { Login } from './token-store.ts';

/** What an issuer gave: tokens, and for how long the access token is good. */
export type IssuedTokens = Pick<TokenEndpointResponse, 'access_token' | 'expires_in' | 'refresh_token'>;

/** What a person is shown (RFC 8628, 3.3). */
export interface DevicePrompt {
  readonly userCode: string;
  readonly url: string;
  /** With the code in it; undefined where the issuer gives none. */
  readonly urlWithCode: string | undefined;
}

/** Which client asks for which tokens. */
export type OAuthClient = Pick<
  Login,
  'issuer' | 'clientId' | 'clientAuth' | 'resource' | 'audience' | 'scope'
> & {
  /** Undefined for a public client. */
  readonly clientSecret: string | undefined;
};

/**
 * An issuer as one client of it sees it. Throws `RefusedError` for what the issuer refuses, with a code that begins in
 * `oauth_`, `UnreachableError`, and `UsageError` for what it does not have. No error holds a token or the secret.
 */
export interface OAuth {
  /** Device authorization grant (RFC 8628): shows what a person needs and polls until they are done. */
  signIn(show: (prompt: DevicePrompt) => Promise<void>): Promise<IssuedTokens>;
  /** Client credentials grant (RFC 6749, 4.4). */
  identify(): Promise<IssuedTokens>;
  /** Refresh token grant (RFC 6749, 6). */
  refresh(refreshToken: string): Promise<IssuedTokens>;
  /** Ends a refresh token (RFC 7009), where the issuer can. */
  revoke(refreshToken: string): Promise<void>;
}

/** Of one request. */
const TIMEOUT_SECONDS = 10;

/** Finds out where an issuer's endpoints are (OpenID Connect Discovery) and gives what can be done there. */
export async function connectOAuth(client: OAuthClient, send: typeof fetch): Promise<OAuth> {
  const issuer = parseIssuer(client.issuer);
  // Late: most commands find a token that is good.
  const library = await import('openid-client');
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw describeFailure(error, issuer, library);
    });
  const configuration = await attempt(() => discover(client, { issuer, send, library }));
  const metadata = configuration.serverMetadata();
  const { resource, audience } = client;
  const scope = scopeOf(client, metadata.scopes_supported ?? []);
  const target = resource === undefined ? {} : { resource };
  const wanted = {
    ...target,
    ...(audience === undefined ? {} : { audience }),
    ...(scope === '' ? {} : { scope }),
  };
  return {
    async signIn(show) {
      if (metadata.device_authorization_endpoint === undefined)
        throw new UsageError(
          `${issuer.href} has no device authorization endpoint; give --client-secret-file, or a token with --token-file`,
        );
      const response = await attempt(() => library.initiateDeviceAuthorization(configuration, wanted));
      await show(promptOf(response, issuer));
      return attempt(() => library.pollDeviceAuthorizationGrant(configuration, response, target));
    },
    identify: () => attempt(() => library.clientCredentialsGrant(configuration, wanted)),
    refresh: (refreshToken) => attempt(() => library.refreshTokenGrant(configuration, refreshToken, target)),
    async revoke(refreshToken) {
      if (metadata.revocation_endpoint === undefined) return;
      const hint = { token_type_hint: 'refresh_token' };
      await attempt(() => library.tokenRevocation(configuration, refreshToken, hint));
    },
  };
}

type Library = typeof import('openid-client');

function discover(
  { clientId, clientSecret, clientAuth = 'post' }: OAuthClient,
  { issuer, send, library }: { readonly issuer: URL; readonly send: typeof fetch; readonly library: Library },
): Promise<Configuration> {
  const { ClientSecretBasic, ClientSecretPost, None, allowInsecureRequests, customFetch, discovery } =
    library;
  const withSecret = clientAuth === 'basic' ? ClientSecretBasic : ClientSecretPost;
  return discovery(
    issuer,
    clientId,
    undefined,
    clientSecret === undefined ? None() : withSecret(clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      // Its own check of https ends with an issuer on this machine; the one below goes on.
      ...(issuer.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
      [customFetch]: (url: string, options: CustomFetchOptions) => {
        if (!isSafe(new URL(url)))
          throw new UsageError(`${issuer.href} has an endpoint at ${new URL(url).origin}, expected https`);
        return send(url, options as RequestInit);
      },
    },
  );
}

function parseIssuer(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && isSafe(url) && url.search === '' && url.username === '') return url;
  throw new UsageError(`--issuer: got ${text}, expected an https URL; http is for this machine alone`);
}

/** With refresh tokens, where the issuer has them and a person signs in: nobody wants to do that every hour. */
function scopeOf({ scope = '', clientSecret }: OAuthClient, supported: readonly string[]): string {
  const scopes = new Set(scope.split(' ').filter((each) => each !== ''));
  if (clientSecret === undefined && supported.includes('offline_access')) scopes.add('offline_access');
  return [...scopes].join(' ');
}

function promptOf(
  response: Awaited<ReturnType<Library['initiateDeviceAuthorization']>>,
  issuer: URL,
): DevicePrompt {
  const { user_code: userCode, verification_uri: url, verification_uri_complete: urlWithCode } = response;
  // It is opened, and what an issuer says may be anything: a file, another program's link.
  for (const each of [url, urlWithCode ?? url]) {
    const parsed = URL.parse(each);
    if (parsed === null || !isSafe(parsed))
      throw new UsageError(`${issuer.href} sends people to a page that is not https`);
  }
  return { userCode, url, urlWithCode };
}

/** Without the library's own errors as causes: they hold whole answers, and those can hold tokens. */
function describeFailure(
  error: unknown,
  issuer: URL,
  { ResponseBodyError, WWWAuthenticateChallengeError }: Library,
): Error {
  const refusal = (status: number, code: string, description: string) => {
    const said = OUR_WORDS[code] ?? description.slice(0, 300);
    const detail = `${issuer.host} refuses: ${said}`;
    const rest = { vendId: undefined, requestId: undefined, retryAfterSeconds: undefined, faults: [] };
    return new RefusedError({ status, code: `oauth_${code}`, detail, ...rest }, '');
  };
  if (error instanceof UsageError) return error;
  if (error instanceof ResponseBodyError)
    return refusal(error.status, error.error, error.error_description ?? error.error);
  // To a client that came with HTTP Basic (RFC 6749, 5.2).
  if (error instanceof WWWAuthenticateChallengeError)
    return refusal(error.status, 'invalid_client', 'client authentication failed');
  const { cause } = error as Error;
  return cause instanceof UsageError ? cause : describeSilence(error as Error, issuer);
}

/** What issuers say with no more than its code (RFC 8628, 3.5), as a person reads it. */
const OUR_WORDS: Readonly<Record<string, string>> = {
  access_denied: 'the sign-in was denied on its page',
};

/** No answer, or one that says nothing. */
function describeSilence({ name, message, cause }: Error, { href, host }: URL): UnreachableError {
  if (name === 'TimeoutError' || (cause instanceof Error && cause.name === 'TimeoutError'))
    return new UnreachableError(
      `${host}: no answer in time, or nobody signed in; run the same command again`,
    );
  const expected = "expected the issuer's metadata; is it the issuer's URL, as in the iss of its tokens?";
  if (cause instanceof Response) {
    const got = cause.ok ? 'an answer that is not JSON' : `status ${cause.status}`;
    const isMetadata = cause.url === '' || cause.url.includes('/.well-known/');
    const wanted = isMetadata ? expected : "expected the issuer's answer in JSON";
    return new UnreachableError(`got ${got} from ${cause.url || href}, ${wanted}`);
  }
  // What `fetch` throws: why is underneath, and its own text can quote what was sent.
  if (name === 'TypeError') {
    const { code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
    return new UnreachableError(`got no answer from ${host}${code === undefined ? '' : `: ${code}`}`);
  }
  return new UnreachableError(`got "${message}" from ${href}, ${expected}`);
}
