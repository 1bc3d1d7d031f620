import CliTable from 'cli-table3';
import { printable } from './terminal.ts';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows in columns, without lines and colours, so that they can be cut up by other programs. Each line ends in a newline. */
export function renderTable(
  rows: readonly (readonly string[])[],
  head: readonly string[] | undefined = undefined,
): string {
  const table = new CliTable({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...(head === undefined ? {} : { head: [...head] }),
  });
  for (const row of rows) table.push(row.map(printable));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
