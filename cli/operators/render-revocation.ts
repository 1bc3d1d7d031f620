import type { RevocationReport } from '../../functions/core/administration/administration.ts';
import { printable } from '../terminal.ts';

/** From when and where sessions are cut off, and what is left to a customer, ready to be sent on. */
export function renderRevocationReport(report: RevocationReport): string {
  const { tenantId, before, effectiveWithinSeconds, roles } = report;
  const lines = [
    `sessions of ${tenantId} that were issued before ${before} are`,
    ...roles.flatMap(({ roleArn, outcome, statement }) =>
      outcome === 'cut_off'
        ? [
            `- cut off on ${roleArn}; it may take up to ${effectiveWithinSeconds} s until that holds everywhere`,
          ]
        : [
            `- NOT cut off on ${roleArn}: it is in the tenant's own account, whose owner has to add to its inline policy`,
            ...JSON.stringify(statement, null, 2)
              .split('\n')
              .map((line) => `    ${line}`),
          ],
    ),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
