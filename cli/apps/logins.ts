import { readFile } from 'node:fs/promises';
import { UsageError } from '../failure.ts';
import { connectOAuth, type IssuedTokens, type OAuth, type OAuthClient } from './oauth.ts';
import { expiryOf } from './token-form.ts';
import { type Login, loginId, type TokenStore } from './token-store.ts';

/** What logins are kept and renewed with. */
export interface LoginSurroundings {
  readonly store: TokenStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A token that ends sooner is replaced before it is used. */
const NEAR_END_MILLISECONDS = 60_000;

/** A login's client, with the secret read where it is kept; throws `UsageError`. */
export async function clientOf(
  login: Omit<Login, 'accessToken'>,
  env: LoginSurroundings['env'],
): Promise<OAuthClient> {
  const { issuer, clientId, clientAuth, resource, audience, scope } = login;
  const clientSecret = clientAuth === undefined ? undefined : await readSecret(login, env);
  return { issuer, clientId, clientAuth, resource, audience, scope, clientSecret };
}

async function readSecret(
  { clientSecretFile, clientId }: Omit<Login, 'accessToken'>,
  env: LoginSurroundings['env'],
): Promise<string> {
  const secret =
    clientSecretFile === undefined
      ? env['LATCHKEY_CLIENT_SECRET']
      : await readFile(clientSecretFile, 'utf8').catch((cause: NodeJS.ErrnoException) => {
          throw new UsageError(`${clientSecretFile}: got ${cause.code}, expected the secret of ${clientId}`);
        });
  if (secret?.trim()) return secret.trim();
  throw new UsageError(
    `got no secret of the client ${clientId}, expected it in ${clientSecretFile ?? 'LATCHKEY_CLIENT_SECRET; a file is remembered: --client-secret-file'}`,
  );
}

/** A login with tokens that have just been issued. */
export function withTokens<T extends Omit<Login, 'accessToken'>>(
  login: T,
  { access_token: accessToken, expires_in, refresh_token: refreshToken = login.refreshToken }: IssuedTokens,
  now: number,
): T & Login {
  // What the issuer says of its own clock is of no use on a machine whose clock is wrong; a span is.
  const expiresAt = expires_in === undefined ? expiryOf(accessToken) : now + expires_in * 1000;
  const { expiresAt: _, ...rest } = login;
  return {
    ...(rest as T),
    accessToken,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

/**
 * A login's token, renewed when it is near its end: by its refresh token, or its client's secret. While the old one is good, a
 * renewal that fails is of no matter. Throws `UsageError` when somebody has to sign in again, and what `connectOAuth` throws.
 */
export async function currentToken(id: string, surroundings: LoginSurroundings): Promise<string> {
  const { store, now } = surroundings;
  const read = async () => (await store.read(id)) ?? demandLogin();
  const found = await read();
  if (!endsWithin(found, NEAR_END_MILLISECONDS, now())) return found.accessToken;
  try {
    return await store.locked(id, async () => {
      const login = await read();
      // Another process has been quicker.
      if (!endsWithin(login, NEAR_END_MILLISECONDS, now())) return login.accessToken;
      const startedAt = now();
      const renewed = withTokens(login, await renew(login, surroundings), startedAt);
      await store.write(renewed);
      return renewed.accessToken;
    });
  } catch (error) {
    if (endsWithin(found, 0, now())) throw error;
    return found.accessToken;
  }
}

function endsWithin({ expiresAt }: Login, milliseconds: number, now: number): boolean {
  return expiresAt !== undefined && expiresAt - milliseconds <= now;
}

async function renew(login: Login, { env, fetch }: LoginSurroundings): Promise<IssuedTokens> {
  const { refreshToken, clientAuth } = login;
  const connect = async (): Promise<OAuth> => connectOAuth(await clientOf(login, env), fetch);
  if (clientAuth !== undefined) return (await connect()).identify();
  if (refreshToken !== undefined) return (await connect()).refresh(refreshToken);
  throw new UsageError(`the login has ended; run: ${commandOf(login)}`);
}

function demandLogin(): never {
  throw new UsageError('the login is gone; run latchkey login again');
}

/** What signs in again as before. */
function commandOf({ apiUrl, name, issuer, clientId, resource, audience, scope }: Login): string {
  const options = [
    ['--api-url', apiUrl],
    ['--login', name],
    ['--issuer', issuer],
    ['--client-id', clientId],
    ['--resource', resource],
    ['--audience', audience],
    ...(scope ?? '').split(' ').map((each) => ['--scope', each || undefined]),
  ];
  const typed = options.filter(([, value]) => value !== undefined).map((pair) => pair.join(' '));
  return `latchkey login ${typed.join(' ')}`;
}

/** Which login is meant; undefined for none. */
export async function findLogin(
  { name, apiUrl }: { readonly name: string | undefined; readonly apiUrl: string | undefined },
  store: TokenStore,
): Promise<Login | undefined> {
  if (name !== undefined || apiUrl !== undefined) {
    const login = await store.read(
      loginId({ apiUrl: apiUrl ?? '', ...(name === undefined ? {} : { name }) }),
    );
    if (login === undefined || apiUrl === undefined || login.apiUrl === apiUrl) return login;
    throw new UsageError(`the login ${name} is for ${login.apiUrl}, and its token for nobody else`);
  }
  const logins = await store.list();
  if (logins.length < 2) return logins[0];
  throw new UsageError(`which of the logins? give --api-url or --login: ${nameLogins(logins)}`);
}

/** Logins as they can be asked for: by name, else by API. */
export function nameLogins(logins: readonly Login[]): string {
  const names = logins.map(({ name, apiUrl }) => (name === undefined ? apiUrl : `${name} (${apiUrl})`));
  return names.sort().join(', ');
}
