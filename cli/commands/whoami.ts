import { TOKEN_ORDER, withCaller } from '../caller-options.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderWhoami } from '../render-whoami.ts';

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
