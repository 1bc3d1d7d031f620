import type { TenantAnswer } from '../../functions/tenants/answers.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderTenant } from '../operators/render-tenant.ts';
import { withTenantId } from '../options.ts';

/** `latchkey tenant get` */
export const tenantGet = defineCommand({
  command: 'get <tenantId>',
  describe: 'Show a tenant',
  options: (yargs) =>
    withTenantId(yargs).epilogue(
      'With --json, to edit and put back: latchkey tenant get acme --json > acme.json',
    ),
  run: async ({ tenantId }, context) => {
    const { document, text } = await context.api({ method: 'GET', path: ['tenants', tenantId] });
    printAnswer(context, text, () => renderTenant(document as TenantAnswer));
    return EXIT.done;
  },
});
