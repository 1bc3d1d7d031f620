import { resolve } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { clientOf, withTokens } from '../apps/logins.ts';
import { connectOAuth, type DevicePrompt } from '../apps/oauth.ts';
import { renderLogin } from '../apps/render-login.ts';
import { readApiUrl } from '../apps/tenant-session.ts';
import { describeTokenFault } from '../apps/token-form.ts';
import type { Login } from '../apps/token-store.ts';
import { type CommandContext, type CommonOptions, defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { printable } from '../terminal.ts';

/** `latchkey login` */
export const login = defineCommand({
  command: 'login',
  describe: 'Sign in for an API: as a person in a browser, or as a machine with its secret',
  options,
  run: async (typed, context) => {
    const { logins, terminal } = context;
    const request = requestOf(typed, logins.env);
    const oauth = await connectOAuth(await clientOf(request, logins.env), logins.fetch);
    const startedAt = logins.now();
    const tokens =
      request.clientAuth === undefined
        ? await oauth.signIn((prompt) => showPrompt(prompt, typed.open, context))
        : await oauth.identify();
    // A code may take minutes to be typed in; the token is from the end of them.
    const issuedAt = request.clientAuth === undefined ? logins.now() : startedAt;
    const signedIn = withTokens<typeof request>(request, tokens, issuedAt);
    await logins.store.write(signedIn);
    const fault = describeTokenFault(signedIn.accessToken, request.resource ?? request.audience);
    if (fault !== undefined) terminal.stderr.write(printable(`warning: ${fault}`).concat('\n'));
    const { accessToken: _, refreshToken, ...told } = signedIn;
    const answer = JSON.stringify({ ...told, refreshes: refreshToken !== undefined || isMachine(told) });
    printAnswer(context, answer, () => renderLogin(signedIn));
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return yargs
    .option('api-url', { ...text, describe: "the tenants' API that it is for; else LATCHKEY_API_URL" })
    .option('login', { ...text, describe: 'a name for it, where an API has several' })
    .option('issuer', { ...text, demandOption: true, describe: 'the OpenID provider: its URL' })
    .option('client-id', { ...text, demandOption: true, describe: 'as the issuer has it' })
    .option('client-secret-file', {
      ...text,
      describe: "a machine's secret, read again for each token; else LATCHKEY_CLIENT_SECRET",
    })
    .option('client-auth', {
      choices: ['post', 'basic'] as const,
      requiresArg: true,
      default: 'post' as const,
      describe: 'how the secret is sent: in the body or as HTTP Basic',
    })
    .option('resource', { ...text, describe: 'what the token is for (RFC 8707): the audience of the API' })
    .option('audience', { ...text, describe: 'the same, for issuers that call it so (Auth0)' })
    .option('scope', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'a scope to ask for; may be repeated',
    })
    .option('open', { type: 'boolean', default: false, describe: 'open the page in a browser' })
    .epilogue(EPILOGUE);
}

const text = { type: 'string', requiresArg: true } as const;

const EPILOGUE = `Without a secret, a person signs in on the issuer's page (RFC 8628). Tokens are kept for
this user alone, in LATCHKEY_HOME, else ~/.config/latchkey, and refreshed by themselves where
the issuer gives refresh tokens.

Examples:
  export LATCHKEY_API_URL=https://….execute-api.eu-central-1.amazonaws.com/v1
  latchkey login --issuer https://idp.example.com --client-id latchkey-cli \\
    --resource https://latchkey.example.com --scope vend
  latchkey login … --client-id nightly-job --client-secret-file /run/secrets/nightly-job`;

type Typed = ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>;

function requestOf(typed: Typed, env: CommandContext['env']): Omit<Login, 'accessToken'> {
  const { issuer, clientId, clientAuth, clientSecretFile, resource, audience, login: name } = typed;
  const apiUrl = readApiUrl(typed, env);
  if (apiUrl === undefined)
    throw new UsageError('which API is the login for? got none, expected --api-url or LATCHKEY_API_URL');
  const scope = typed.scope?.join(' ');
  const hasSecret = clientSecretFile !== undefined || Boolean(env['LATCHKEY_CLIENT_SECRET']);
  return {
    apiUrl,
    issuer,
    clientId,
    ...(hasSecret ? { clientAuth } : {}),
    ...(clientSecretFile === undefined ? {} : { clientSecretFile: resolve(clientSecretFile) }),
    ...(name === undefined ? {} : { name }),
    ...(resource === undefined ? {} : { resource }),
    ...(audience === undefined ? {} : { audience }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function isMachine({ clientAuth }: Pick<Login, 'clientAuth'>): boolean {
  return clientAuth !== undefined;
}

async function showPrompt(
  { userCode, url, urlWithCode = url }: DevicePrompt,
  open: boolean,
  { terminal: { stderr }, openBrowser }: CommandContext,
): Promise<void> {
  const lines = ['to sign in, open', `  ${urlWithCode}`, `and check that it shows the code ${userCode}`];
  stderr.write(lines.map((line) => `${printable(line)}\n`).join(''));
  if (!open) return;
  // The page can be opened by hand as well: on a machine without a browser, on another one.
  await openBrowser(urlWithCode).catch(() => stderr.write('no browser could be opened: open it by hand\n'));
}
