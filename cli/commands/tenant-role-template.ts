import type { RoleTemplateAnswer } from '../../functions/tenants/answers.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { withTenantId } from '../options.ts';
import { printable } from '../terminal.ts';

/** `latchkey tenant role-template` */
export const tenantRoleTemplate = defineCommand({
  command: 'role-template <tenantId>',
  describe: 'Print the CloudFormation template of the role that a tenant makes in its own account',
  options: (yargs) =>
    withTenantId(yargs).epilogue('To send to acme: latchkey tenant role-template acme > acme-role.json'),
  run: async ({ tenantId }, context) => {
    const { document, text } = await context.api({
      method: 'GET',
      path: ['tenants', tenantId, 'role-template'],
    });
    const { template, quickCreate } = document as RoleTemplateAnswer;
    printAnswer(context, text, () => `${JSON.stringify(template, null, 2)}\n`);
    // Beside the template, so that stdout can go into a file.
    if (!context.json && quickCreate)
      context.terminal.stderr.write(
        `quick-create link, until ${printable(quickCreate.expiration)}: ${printable(quickCreate.url)}\n`,
      );
    return EXIT.done;
  },
});
