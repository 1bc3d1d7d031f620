import { parseEndpoint } from '../../client/src/endpoint.ts';
import {
  LatchkeyError,
  type LatchkeyOptions,
  LatchkeySession,
  type TokenSource,
} from '../../client/src/index.ts';
import type { OpenSession } from '../command.ts';
import { UsageError } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { CallerOptions } from './caller-options.ts';
import { credentialsCache } from './home.ts';
import { currentToken, findLogin, type LoginSurroundings } from './logins.ts';
import { loginId } from './token-store.ts';
import { parseVendOptions } from './vend-options.ts';

/** Opens sessions with what is outside. No token is read until one is needed. */
export function createSessionOpener(surroundings: LoginSurroundings, terminal: Terminal): OpenSession {
  const { env, fetch, now } = surroundings;
  return async (typed, { cache = false, ...more } = {}) => {
    const options = { ...parseVendOptions(typed, terminal), ...(await resolveCaller(typed, surroundings)) };
    const shared = cache ? { cache: credentialsCache(env) } : {};
    return new LatchkeySession({ ...options, ...shared, ...more }, { fetch, now });
  };
}

/** Which API is asked with which token, in the order of `TOKEN_ORDER`. Throws `UsageError` that says what to do. */
async function resolveCaller(
  options: CallerOptions,
  surroundings: LoginSurroundings,
): Promise<Pick<LatchkeyOptions, 'endpoint' | 'token'>> {
  const apiUrl = readApiUrl(options, surroundings.env);
  const given = givenToken(options, surroundings.env);
  if (given !== undefined) {
    if (apiUrl === undefined)
      throw new UsageError('no API: give it as --api-url or LATCHKEY_API_URL; a token is sent nowhere else');
    return { endpoint: apiUrl, token: given };
  }
  const login = await findLogin({ name: options.login, apiUrl }, surroundings.store);
  if (login === undefined) throw new UsageError(noLogin(options, apiUrl));
  return { endpoint: login.apiUrl, token: () => currentToken(loginId(login), surroundings) };
}

/** The API that was named, in one way of writing it; undefined for none. Throws `UsageError`. */
export function readApiUrl(
  { apiUrl }: Pick<CallerOptions, 'apiUrl'>,
  env: LoginSurroundings['env'],
): string | undefined {
  const text = apiUrl ?? (env['LATCHKEY_API_URL'] || undefined);
  if (text === undefined) return undefined;
  try {
    return parseEndpoint(text).href;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    throw new UsageError(`--api-url or LATCHKEY_API_URL: ${error.message}`);
  }
}

/** A token that is no login's. What was typed comes before what the environment says. */
function givenToken(
  { tokenFile, login }: CallerOptions,
  env: LoginSurroundings['env'],
): TokenSource | undefined {
  if (tokenFile !== undefined) return { file: tokenFile };
  if (login !== undefined) return undefined;
  if (env['LATCHKEY_TOKEN_FILE']) return { file: env['LATCHKEY_TOKEN_FILE'] };
  return env['LATCHKEY_TOKEN'] || undefined;
}

function noLogin({ login }: CallerOptions, apiUrl: string | undefined): string {
  const whose = login === undefined ? (apiUrl === undefined ? '' : ` for ${apiUrl}`) : ` named ${login}`;
  const name = login === undefined ? '' : ` --login ${login}`;
  return `no token and no login${whose}; run: latchkey login --api-url ${apiUrl ?? '<url>'}${name} --issuer <url> --client-id <id>, or give --token-file`;
}
