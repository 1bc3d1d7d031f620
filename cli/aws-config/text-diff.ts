/** What stands in configuration files and is nobody's to read on a screen. */
const SECRET = /^(\s*\w*(?:secret|token|password|access_key)\w*\s*[=:]).*/i;

/**
 * What changes from one text to another, as one hunk without context: lines around it may hold others' secrets. Values of
 * settings that are secrets are left out.
 */
export function renderDiff(path: string, before: string, after: string): string {
  const old = splitLines(before);
  const now = splitLines(after);
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let same = 0;
  while (same < shorter - start && old.at(-1 - same) === now.at(-1 - same)) same += 1;
  const removed = old.slice(start, old.length - same);
  const added = now.slice(start, now.length - same);
  return [
    `--- ${path}`,
    `+++ ${path}`,
    `@@ -${rangeOf(start, removed)} +${rangeOf(start, added)} @@`,
    ...removed.map((line) => `-${line.replace(SECRET, '$1 …')}`),
    ...added.map((line) => `+${line.replace(SECRET, '$1 …')}`),
    '',
  ].join('\n');
}

function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** As in the unified format: an empty range stands behind the line that it names. */
function rangeOf(start: number, lines: readonly string[]): string {
  return `${lines.length === 0 ? start : start + 1},${lines.length}`;
}
