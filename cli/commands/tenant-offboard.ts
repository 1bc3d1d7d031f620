import type { TenantAnswer } from '../../functions/tenants/answers.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { renderTenantLine } from '../operators/render-tenant.ts';
import { preconditionHeaders, withIfMatch, withTenantId } from '../options.ts';
import { ask, type Terminal } from '../terminal.ts';

/** `latchkey tenant offboard` */
export const tenantOffboard = defineCommand({
  command: 'offboard <tenantId>',
  describe: 'End a tenant for good: nothing is vended, its sessions are cut off, its id is never used again',
  options: (yargs) =>
    withIfMatch(withTenantId(yargs)).option('yes', {
      type: 'boolean',
      describe: 'do not ask; needed where there is nobody to ask',
    }),
  run: async (typed, context) => {
    const { tenantId } = typed;
    const headers = preconditionHeaders(typed);
    if (!typed.yes) await confirm(context.terminal, tenantId);
    const { document, text } = await context.api({ method: 'DELETE', path: ['tenants', tenantId], headers });
    printAnswer(context, text, () => renderTenantLine(document as TenantAnswer));
    return EXIT.done;
  },
});

async function confirm(terminal: Terminal, tenantId: string): Promise<void> {
  if (!terminal.stdin.isTTY) throw new UsageError('offboarding is for good: expected --yes, or a terminal');
  const typed = await ask(terminal, `This is for good. Type the tenant's id to offboard it: `);
  if (typed !== tenantId) throw new UsageError(`got '${typed}', expected '${tenantId}': nothing was done`);
}
