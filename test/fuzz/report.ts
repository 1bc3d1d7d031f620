import { ERROR_CODES, statusOf } from '../../functions/core/errors.ts';
import type { FamilyReport } from './family.ts';

const GOOD = ['granted', 'told', 'answered'];
/** What an operator wrote is wrong: provoked where it is answered, and a finding anywhere else. */
const DAMAGED = ['record_invalid', 'policy_unrenderable', 'policy_too_large'];

/** A line a family: how many inputs, what became of them, and the most that one of them took of the thread. */
export function renderReports(reports: readonly FamilyReport[]): string {
  const header = ['family', 'inputs', '2xx', '5xx', 'damaged', 'findings', 'slowest ms', 'other outcomes'];
  const rows = reports.map(({ family, inputs, outcomes, slowestMilliseconds, finding }) => [
    family,
    inputs,
    sum(outcomes, (outcome) => GOOD.includes(outcome)),
    sum(outcomes, isFault),
    sum(outcomes, (outcome) => DAMAGED.includes(outcome)),
    finding === undefined ? 0 : 1,
    slowestMilliseconds.toFixed(1),
    [...outcomes]
      .filter(([outcome]) => ![...GOOD, ...DAMAGED].includes(outcome))
      .sort(([, one], [, other]) => other - one)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', '),
  ]);
  const table = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === header.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** What was found in a family; undefined for nothing. */
export function renderFinding({ family, inputs, finding }: FamilyReport): string | undefined {
  if (finding === undefined) return undefined;
  return `${family}: after ${inputs} inputs: ${finding.message}\n  ${finding.input}`;
}

function isFault(outcome: string): boolean {
  const code = ERROR_CODES.find((one) => one === outcome);
  return code !== undefined && statusOf(code) >= 500 && !DAMAGED.includes(code);
}

function sum(outcomes: FamilyReport['outcomes'], isCounted: (outcome: string) => boolean): number {
  return [...outcomes].reduce((total, [outcome, count]) => total + (isCounted(outcome) ? count : 0), 0);
}
