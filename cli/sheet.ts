import { renderTable } from './table.ts';

/** Names and values, a line each; values that are undefined or empty are left out, further ones of a name stand below the first. */
export function renderSheet(
  entries: readonly (readonly [name: string, value: string | readonly string[] | undefined])[],
): string {
  const rows = entries.flatMap(([name, value = []]) =>
    [value].flat().map((each, index) => [index === 0 ? name : '', each]),
  );
  return renderTable(rows);
}
