import type { Report } from './row.ts';

const HEADINGS = ['row', 'requests', 'served', 'refused', 'wrong', 'slowest', 'recovered', 'secrets'];

/** The table of what was held, a line a row. */
export function renderReports(reports: readonly Report[]): string {
  const rows = [HEADINGS, ...reports.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(report: Report): readonly string[] {
  const { title, requests, outcomes, wrong, slowestMilliseconds, recoveredMilliseconds, secrets } = report;
  const refused = [...outcomes].filter(([outcome]) => outcome !== 'served');
  return [
    title,
    String(requests),
    String(outcomes.get('served') ?? 0),
    refused.map(([code, count]) => `${code} ${count}`).join(', '),
    String(wrong.length),
    `${Math.round(slowestMilliseconds)} ms`,
    recoveredMilliseconds === undefined ? '-' : `${Math.round(recoveredMilliseconds)} ms`,
    String(secrets),
  ];
}
