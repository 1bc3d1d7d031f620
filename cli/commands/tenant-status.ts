import type { TenantAnswer } from '../../functions/tenants/answers.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderTenantLine } from '../operators/render-tenant.ts';
import { preconditionHeaders, withIfMatch, withTenantId } from '../options.ts';

/** `latchkey tenant suspend` */
export const tenantSuspend = statusCommand(
  'suspend',
  'Vend nothing more to a tenant, within half a minute everywhere; its sessions run on until they end or are revoked',
);

/** `latchkey tenant resume` */
export const tenantResume = statusCommand(
  'resume',
  'Vend to a suspended tenant again; one that waits for its verification needs that as well',
);

function statusCommand(verb: 'suspend' | 'resume', describe: string) {
  return defineCommand({
    command: `${verb} <tenantId>`,
    describe,
    options: (yargs) => withIfMatch(withTenantId(yargs)),
    run: async (typed, context) => {
      const { document, text } = await context.api({
        method: 'POST',
        path: ['tenants', typed.tenantId, verb],
        headers: preconditionHeaders(typed),
      });
      const tenant = document as TenantAnswer;
      const next = tenant.holds.includes('onboarding')
        ? `next: latchkey tenant verify ${tenant.tenantId}\n`
        : '';
      printAnswer(context, text, () => `${renderTenantLine(tenant)}${next}`);
      return EXIT.done;
    },
  });
}
