import type { RevocationReport } from '../../functions/core/administration/administration.ts';
import { printable } from '../terminal.ts';

/** From when and where sessions are cut off, and what is left to a customer, ready to be sent on. */
export function renderRevocationReport(report: RevocationReport): string {
  const { tenantId, before, effectiveWithinSeconds, roles, users } = report;
  const lines = [
    `sessions of ${tenantId} that were issued before ${before} are`,
    ...roles.flatMap(({ roleArn, outcome, statement }) =>
      outcome === 'cut_off'
        ? [
            `- cut off on ${roleArn}; it may take up to ${effectiveWithinSeconds} s until that holds everywhere`,
          ]
        : [
            `- NOT cut off on ${roleArn}: it is in the tenant's own account, whose owner has to add to its inline policy`,
            ...indented(statement),
          ],
    ),
    ...users.flatMap(({ userArn, outcome, statement }) =>
      outcome === 'cut_off'
        ? [
            `- cut off on ${userArn}; it may take up to ${effectiveWithinSeconds} s until that holds everywhere`,
          ]
        : [
            `- NOT known to be cut off on ${userArn}, which the tenant may not use now: if there is such a user, add to its inline policy`,
            ...indented(statement),
          ],
    ),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function indented(statement: object): readonly string[] {
  return JSON.stringify(statement, null, 2)
    .split('\n')
    .map((line) => `    ${line}`);
}
