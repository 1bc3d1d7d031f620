import type { Attempt, Check } from './check-client.ts';

/** What became of a client: it went through the scenarios, or cannot be had here, or broke down. */
export type Report =
  | { readonly name: string; readonly version: string; readonly attempts: readonly Attempt[] }
  | { readonly name: string; readonly missing: string }
  | { readonly name: string; readonly broken: string };

/** How many checks passed and failed, a client that broke down being one that failed, and how many clients were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function count(reports: readonly Report[]): Tally {
  const checks = reports.flatMap(checksOf);
  const faults = checks.filter(isFault).length;
  return {
    passed: checks.length - faults,
    failed: faults + reports.filter((report) => 'broken' in report).length,
    skipped: reports.filter((report) => 'missing' in report).length,
  };
}

export function renderTally({ passed, failed, skipped }: Tally): string {
  const verdict = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? verdict : `${verdict}, ${skipped} skipped`;
}

/** A line for each client, then what the table has no room for, in the clients' own words. */
export function renderReports(reports: readonly Report[]): string {
  const headings = ['client', 'version', 'fetched', 'used', 'refused', 'vends'];
  return [...renderTable([headings, ...reports.map(cells)]), '', ...reports.flatMap(remarks)].join('\n');
}

function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cells(report: Report): readonly string[] {
  if (!('attempts' in report)) return [report.name, '-', '-', '-', '-', '-'];
  const checks = checksOf(report);
  const score = (shows: Check['shows']) => {
    const shown = checks.filter((check) => check.shows === shows);
    return `${shown.length - shown.filter(isFault).length}/${shown.length}`;
  };
  const [{ vends, processes } = { vends: 0, processes: 0 }] = report.attempts;
  const vended = `${vends} in ${processes} ${processes === 1 ? 'process' : 'processes'}`;
  return [report.name, report.version, score('fetched'), score('used'), score('refused'), vended];
}

function remarks(report: Report): readonly string[] {
  const { name } = report;
  if ('missing' in report) return [`${name}: skipped: ${report.missing}`];
  if ('broken' in report) return [`${name}: FAILED: ${report.broken}`];
  return checksOf(report).flatMap(({ shows, title, fault, quote }) => [
    ...(fault === undefined ? [] : [`${name}: FAILED: ${shows}: ${title}: ${fault}`]),
    ...(quote === undefined ? [] : [`${name}: ${title}: ${quote}`]),
  ]);
}

function checksOf(report: Report): readonly Check[] {
  return 'attempts' in report ? report.attempts.flatMap(({ checks }) => checks) : [];
}

function isFault({ fault }: Check): boolean {
  return fault !== undefined;
}
