import { type Check, SHOWN, type Shown } from './check.ts';

/** What became of a client: it went through the scenarios, or cannot be had here, or broke down. */
export type Report =
  | { readonly name: string; readonly version: string; readonly checks: readonly Check[] }
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
  const headings = ['client', 'version', ...SHOWN];
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
  if (!('checks' in report)) return [report.name, '-', ...SHOWN.map(() => '-')];
  return [report.name, report.version, ...SHOWN.map((shown) => cell(report.checks, shown))];
}

/** What was found, or else how many checks passed of how many. */
function cell(checks: readonly Check[], shown: Shown): string {
  const those = checks.filter(({ shows }) => shows === shown);
  if (those.length === 0) return '-';
  const score = `${those.length - those.filter(isFault).length}/${those.length}`;
  const found = [...new Set(those.flatMap((check) => check.found ?? []))].join(', ');
  return [...(those.length === 1 && found !== '' ? [] : [score]), found].join(' ').trim();
}

function remarks(report: Report): readonly string[] {
  const { name } = report;
  if ('missing' in report) return [`${name}: skipped: ${report.missing}`];
  if ('broken' in report) return [`${name}: FAILED: ${report.broken}`];
  const checks = checksOf(report);
  const faults = checks.flatMap(({ shows, title, fault }) =>
    fault === undefined ? [] : `FAILED: ${shows}: ${title}: ${fault}`,
  );
  return [...faults, ...SHOWN.flatMap((shown) => notes(checks, shown))].map((line) => `${name}: ${line}`);
}

function notes(checks: readonly Check[], shown: Shown): readonly string[] {
  const those = checks.filter(({ shows }) => shows === shown);
  const noted = those.flatMap(({ note }) => note ?? []);
  const quoted = Map.groupBy(
    those.filter(({ quote }) => quote !== undefined),
    ({ found }) => found,
  );
  return [
    ...(noted.length === 0 ? [] : [`${shown}, after so many requests: ${noted.join(', ')}`]),
    ...[...quoted].map(([found, [first]]) => `${shown}, ${found}: ${first?.quote}`),
  ];
}

function checksOf(report: Report): readonly Check[] {
  return 'checks' in report ? report.checks : [];
}

function isFault({ fault }: Check): boolean {
  return fault !== undefined;
}
