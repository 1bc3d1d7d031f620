import type { RevocationReport } from '../../functions/core/administration/administration.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderRevocationReport } from '../operators/render-revocation.ts';
import { withTenantId } from '../options.ts';

/** `latchkey tenant revoke` */
export const tenantRevoke = defineCommand({
  command: 'revoke <tenantId>',
  describe: "Cut off a tenant's outstanding sessions; new ones are vended as before",
  options: (yargs) => withTenantId(yargs).epilogue('To end both, suspend the tenant first.'),
  run: async ({ tenantId }, context) => {
    const { document, text } = await context.api({ method: 'POST', path: ['tenants', tenantId, 'revoke'] });
    printAnswer(context, text, () => renderRevocationReport(document as RevocationReport));
    return EXIT.done;
  },
});
