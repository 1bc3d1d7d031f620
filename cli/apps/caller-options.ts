import type { Argv } from 'yargs';

/** Which API a tenant's command asks, and with which token; as typed. */
export interface CallerOptions {
  readonly apiUrl?: string | undefined;
  readonly login?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Adds which API is asked, and with which token. */
export function withCaller<O>(yargs: Argv<O>) {
  return withApi(yargs)
    .option('token-file', {
      type: 'string',
      requiresArg: true,
      describe: 'a file with the JWT, read again when another is needed',
    })
    .conflicts('token-file', 'login');
}

/** Adds which API is meant, and which of its logins. */
export function withApi<O>(yargs: Argv<O>) {
  return yargs
    .option('api-url', {
      type: 'string',
      requiresArg: true,
      describe: "the tenants' API; else LATCHKEY_API_URL, or that of the only login",
    })
    .option('login', {
      type: 'string',
      requiresArg: true,
      describe: 'name of a login, where an API has several; else the one without a name',
    });
}

/** Where a token comes from, for the help of tenants' commands. */
export const TOKEN_ORDER = `The token comes from the first of these that is there:
  --token-file or --login, LATCHKEY_TOKEN_FILE, LATCHKEY_TOKEN, the API's login`;
