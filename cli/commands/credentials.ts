import type { Argv } from 'yargs';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import { FORMATS, renderCredentials } from '../apps/render-credentials.ts';
import { withVend } from '../apps/vend-options.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';

/** `latchkey credentials` */
export const credentials = defineCommand({
  command: 'credentials',
  describe: "Print the tenant's AWS credentials, for a credential_process, a shell or a program",
  options,
  run: async (typed, { session, terminal, json }) => {
    const { credentials: provide } = await session(typed, { cache: true });
    const vended = await provide({ forceRefresh: typed.fresh });
    // Only now: a failure prints nothing at all on stdout.
    terminal.stdout.write(renderCredentials(vended, typed.format ?? (json ? 'json' : 'process')));
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withVend(yargs)
    .option('format', { choices: FORMATS, requiresArg: true, describe: 'default: process; json with --json' })
    .option('fresh', {
      type: 'boolean',
      default: false,
      describe: 'vend new ones, whatever another process of this program has got',
    })
    .epilogue(`${TOKEN_ORDER}

Examples:
  latchkey credentials --format env          for eval "$(…)" in a shell
  latchkey credentials --profile read-only --duration 900 --scope folder=reports/
  credential_process = latchkey credentials  in ~/.aws/config; latchkey configure writes it`);
}
