import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { preconditionHeaders, withIfMatch, withIssuerUrl } from '../options.ts';
import { printable } from '../terminal.ts';

/** `latchkey issuer delete` */
export const issuerDelete = defineCommand({
  command: 'delete <url>',
  describe: 'Take no more tokens of a shared issuer; refused while a tenant is bound to it',
  options: (yargs) => withIfMatch(withIssuerUrl(yargs)),
  run: async (typed, context) => {
    const { url } = typed;
    const headers = preconditionHeaders(typed);
    const { text } = await context.api({ method: 'DELETE', path: ['issuers'], query: { url }, headers });
    printAnswer(context, text, () => `deleted: issuer ${printable(url)}\n`);
    return EXIT.done;
  },
});
