/** One line of the bench: what was measured, over what. */
export interface Row {
  readonly name: string;
  /** The median. */
  readonly value: number;
  readonly unit: 'kB' | 'ms' | 'µs CPU';
  readonly runs: number;
  /** The least that the same thing can cost, or what it is made of; measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** Value over baseline: the figure that carries over to another machine. */
  readonly ratio?: number;
  /** The most that the ratio may be; without a baseline, the value. */
  readonly target?: number;
  readonly verdict?: 'ok' | 'over';
}

/** What a measurement found; the rest of the row follows. */
export type Finding = Omit<Row, 'ratio' | 'verdict'>;

/** The row of a finding: with its ratio, and with a verdict if there is a target. */
export function toRow(finding: Finding): Row {
  const { value, baseline, target } = finding;
  const ratio = baseline && value / baseline.value;
  return {
    ...finding,
    ...(ratio === undefined ? {} : { ratio }),
    ...(target === undefined ? {} : { verdict: (ratio ?? value) <= target ? 'ok' : 'over' }),
  };
}

const HEADINGS = ['', 'median', 'baseline', 'ratio', 'target', '', 'runs'];

/** The rows as columns of text. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ name, value, unit, baseline, ratio, target, verdict, runs }: Row): string[] {
  return [
    name,
    `${rounded(value)} ${unit}`,
    baseline === undefined ? '' : `${rounded(baseline.value)} ${baseline.name}`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    target === undefined ? '' : `≤ ${target} ${ratio === undefined ? unit : '×'}`,
    verdict ?? '',
    String(runs),
  ];
}

function rounded(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
