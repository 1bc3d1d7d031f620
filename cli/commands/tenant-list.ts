import type { TenantSummary } from '../../functions/core/administration/administrative-ports.ts';
import { defineCommand } from '../command.ts';
import { printList } from '../operators/print-list.ts';
import { withPage } from '../options.ts';

/** `latchkey tenant list` */
export const tenantList = defineCommand({
  command: 'list',
  describe: 'List tenants by id',
  options: (yargs) => withPage(yargs),
  run: ({ limit, after }, context) =>
    printList<TenantSummary>(context, {
      request: { path: 'tenants', limit, after },
      head: ['TENANT', 'STATUS', 'VERSION', 'UPDATED', 'NAME'],
      row: ({ tenantId, status, version, updatedAt, displayName }) => [
        tenantId,
        status,
        String(version),
        updatedAt,
        displayName,
      ],
    }),
});
