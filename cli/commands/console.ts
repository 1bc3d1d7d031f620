import type { Argv } from 'yargs';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import { requestConsoleLink } from '../apps/console-link.ts';
import { homeFolder } from '../apps/home.ts';
import { openOnce } from '../apps/open-once.ts';
import { withVend } from '../apps/vend-options.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { parseSeconds } from '../options.ts';
import { printable } from '../terminal.ts';

/** `latchkey console` */
export const consoleCommand = defineCommand({
  command: 'console',
  describe: 'Print a link that signs in to the AWS console as the tenant, or open it',
  options,
  run: async (typed, { session, terminal, json, env, logins, openBrowser }) => {
    const { sessionDuration, destination } = typed;
    const sessionDurationSeconds =
      sessionDuration === undefined ? undefined : parseSeconds('--session-duration', sessionDuration);
    // New ones: a console session ends with its credentials.
    const credentials = await (await session(typed)).credentials();
    const request = { credentials, destination, sessionDurationSeconds };
    const link = await requestConsoleLink(
      { ...request, signInUrl: env['AWS_ENDPOINT_URL_SIGNIN'] },
      logins.fetch,
    );
    if (typed.open) {
      await openOnce(link, { folder: homeFolder(env), openBrowser });
      terminal.stderr.write(
        printable(`opened: the AWS console as ${credentials.assumedRoleArn}`).concat('\n'),
      );
    } else terminal.stdout.write(json ? `${JSON.stringify({ url: link })}\n` : `${link}\n`);
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withVend(yargs)
    .option('open', { type: 'boolean', default: false, describe: 'open it in a browser; prints no link' })
    .option('destination', {
      type: 'string',
      requiresArg: true,
      describe: 'the page of the AWS console to show',
    })
    .option('session-duration', {
      type: 'string',
      requiresArg: true,
      describe: 'in seconds; AWS refuses it with role chaining, which is how Latchkey vends',
    })
    .epilogue(`The link is a secret for 15 minutes: whoever has it is signed in. The console session ends
with the credentials.

${TOKEN_ORDER}

Example:
  latchkey console --profile read-only --open \\
    --destination https://eu-central-1.console.aws.amazon.com/s3/home`);
}
