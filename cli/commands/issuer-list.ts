import { defineCommand } from '../command.ts';
import { printList } from '../operators/print-list.ts';
import type { IssuerAnswer } from '../operators/render-issuer.ts';
import { withPage } from '../options.ts';

/** `latchkey issuer list` */
export const issuerList = defineCommand({
  command: 'list',
  describe: 'List issuers that tenants share',
  options: (yargs) => withPage(yargs),
  run: ({ limit, after }, context) =>
    printList<IssuerAnswer>(context, {
      request: { path: 'issuers', limit, after },
      head: ['ISSUER', 'VERSION', 'TENANT CLAIM', 'AUDIENCE'],
      row: ({ url, version, claim, audience }) => [url, String(version), claim, audience],
    }),
});
