import { withApi } from '../apps/caller-options.ts';
import { clientOf, findLogin, nameLogins } from '../apps/logins.ts';
import { connectOAuth } from '../apps/oauth.ts';
import { readApiUrl } from '../apps/tenant-session.ts';
import { type Login, loginId, type TokenStore } from '../apps/token-store.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { asFailure, RefusedError, UnreachableError, UsageError } from '../failure.ts';
import { printable } from '../terminal.ts';

/** `latchkey logout` */
export const logout = defineCommand({
  command: 'logout',
  describe: 'Forget a login, and end its refresh token at the issuer',
  options: (yargs) =>
    withApi(yargs)
      .option('all', { type: 'boolean', describe: 'every login that there is' })
      .conflicts('all', ['api-url', 'login'])
      .epilogue(
        `Credentials that were vended live on until they end, an hour at most; an operator can cut them off.

Examples:
  latchkey logout          of LATCHKEY_API_URL, or the only one
  latchkey logout --all`,
      ),
  run: async (typed, context) => {
    const { store, env } = context.logins;
    const named = { name: typed.login, apiUrl: readApiUrl(typed, env) };
    const found = typed.all ? await store.list() : [await findLogin(named, store)];
    const logins = found.filter((login) => login !== undefined);
    if (logins.length === 0) throw new UsageError(await describeNone(named, store));
    for (const login of logins) await forget(login, context);
    return EXIT.done;
  },
});

/** Why there is nothing to forget: what was named is not there, or nothing is. */
async function describeNone(
  { name, apiUrl }: { readonly name: string | undefined; readonly apiUrl: string | undefined },
  store: TokenStore,
): Promise<string> {
  const others = await store.list();
  if (others.length === 0) return 'got no login to forget; there is none';
  return `got no login ${name ?? `for ${apiUrl}`}, expected one of: ${nameLogins(others)}`;
}

/** First here: whatever the issuer says, nothing of it stays on this machine. */
async function forget(login: Login, { logins, terminal, json }: CommandContext): Promise<void> {
  const { name, apiUrl, refreshToken } = login;
  await logins.store.remove(loginId(login));
  if (refreshToken !== undefined) {
    try {
      const oauth = await connectOAuth(await clientOf(login, logins.env), logins.fetch);
      await oauth.revoke(refreshToken);
    } catch (thrown) {
      const error = asFailure(thrown);
      const known = [RefusedError, UnreachableError, UsageError].some((kind) => error instanceof kind);
      if (!known) throw thrown;
      const why = printable((error as Error).message);
      terminal.stderr.write(`the refresh token is forgotten here, and not ended at the issuer: ${why}\n`);
    }
  }
  const told = printable(`forgotten: the login ${name === undefined ? '' : `${name} `}for ${apiUrl}`);
  if (json) terminal.stdout.write(`${JSON.stringify({ apiUrl, name })}\n`);
  else terminal.stdout.write(`${told}\n`);
}
