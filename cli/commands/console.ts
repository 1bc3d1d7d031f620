import type { Argv } from 'yargs';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import { homeFolder } from '../apps/home.ts';
import { openOnce } from '../apps/open-once.ts';
import { withProfile } from '../apps/vend-options.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { parseSeconds } from '../options.ts';
import { printable } from '../terminal.ts';

/** `latchkey console` */
export const consoleCommand = defineCommand({
  command: 'console',
  describe: 'Print a link that signs in to the AWS console as the tenant, or open it',
  options,
  run: async (typed, { session, terminal, json, env, openBrowser }) => {
    const { sessionDuration, destination, issuer } = typed;
    const sessionDurationSeconds =
      sessionDuration === undefined ? undefined : parseSeconds('--session-duration', sessionDuration);
    const opened = await session(typed);
    const link = await opened.consoleSession({ destination, issuer, sessionDurationSeconds });
    if (typed.open) {
      await openOnce(link.url, { folder: homeFolder(env), openBrowser });
      const who = link.assumedRoleUser?.arn ?? link.tenantId;
      terminal.stderr.write(printable(`opened: the AWS console as ${who}`).concat('\n'));
    } else terminal.stdout.write(json ? `${JSON.stringify(link)}\n` : `${link.url}\n`);
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withProfile(yargs)
    .option('open', { type: 'boolean', default: false, describe: 'open it in a browser; prints no link' })
    .option('destination', {
      type: 'string',
      requiresArg: true,
      describe: 'the page of the AWS console to show',
    })
    .option('issuer', {
      type: 'string',
      requiresArg: true,
      describe: 'https URL of the page where AWS sends you when the session has ended',
    })
    .option('session-duration', {
      type: 'string',
      requiresArg: true,
      describe: 'in seconds; AWS takes none with role chaining, which is how the method assumeRole vends',
    })
    .epilogue(`The link is a secret for 15 minutes: whoever has it is signed in. The console session ends
with the credentials.

${TOKEN_ORDER}

Example:
  latchkey console --profile read-only --open \\
    --destination https://eu-central-1.console.aws.amazon.com/s3/home`);
}
