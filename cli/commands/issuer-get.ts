import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { type IssuerAnswer, renderIssuer } from '../operators/render-issuer.ts';
import { withIssuerUrl } from '../options.ts';

/** `latchkey issuer get` */
export const issuerGet = defineCommand({
  command: 'get <url>',
  describe: 'Show an issuer that tenants share',
  options: (yargs) => withIssuerUrl(yargs),
  run: async ({ url }, context) => {
    const { document, text } = await context.api({ method: 'GET', path: ['issuers'], query: { url } });
    printAnswer(context, text, () => renderIssuer(document as IssuerAnswer));
    return EXIT.done;
  },
});
