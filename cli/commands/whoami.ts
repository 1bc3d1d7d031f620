import { TOKEN_ORDER, withCaller } from '../apps/caller-options.ts';
import { renderWhoami } from '../apps/render-whoami.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';

/** `latchkey whoami` */
export const whoami = defineCommand({
  command: 'whoami',
  describe: 'Show what Latchkey knows of the caller, and which profiles there are',
  options: (yargs) =>
    withCaller(yargs).epilogue(
      `${TOKEN_ORDER}\n\nExample:\n  latchkey whoami --json | jq -r '.profiles[].name'`,
    ),
  run: async ({ apiUrl, login, tokenFile }, context) => {
    const session = await context.session({ apiUrl, login, tokenFile });
    const answer = await session.whoami();
    printAnswer(context, JSON.stringify(answer), () => renderWhoami(answer));
    return EXIT.done;
  },
});
