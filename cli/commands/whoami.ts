import type { Argv } from 'yargs';
import { TOKEN_ORDER, withCaller } from '../apps/caller-options.ts';
import { renderWhoami } from '../apps/render-whoami.ts';
import { type CommonOptions, defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';

/** `latchkey whoami` */
export const whoami = defineCommand({
  command: 'whoami',
  describe: 'Show what Latchkey knows of the caller, and which profiles there are',
  options,
  run: async ({ apiUrl, login, tokenFile, verify, profile }, context) => {
    if (profile !== undefined && !verify)
      throw new UsageError('--profile: got one without --verify, expected both: it is what is verified');
    const session = await context.session({ apiUrl, login, tokenFile, profile });
    const answer = await session.whoami({ verify });
    printAnswer(context, JSON.stringify(answer), () => renderWhoami(answer));
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withCaller(yargs)
    .option('verify', {
      type: 'boolean',
      default: false,
      describe: 'vend credentials, and ask AWS STS whose they are',
    })
    .option('profile', {
      type: 'string',
      requiresArg: true,
      describe: "with --verify: what to vend; else the tenant's default profile",
    })
    .epilogue(`${TOKEN_ORDER}

Examples:
  latchkey whoami --json | jq -r '.profiles[].name'
  latchkey whoami --verify --profile read-only`);
}
