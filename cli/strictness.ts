import { UsageError } from './failure.ts';

/** What yargs would take in a sense of its own: the flag as false, the positional as either. */
const AMBIGUOUS: readonly (readonly [RegExp, string])[] = [
  [/^--(?:json|create|yes|diff|env|print|replace|open|all|fresh)=/, 'expected it without a value'],
  [/^--(?:tenantId|tenant-id|url)(?:=|$)/, 'expected it without its name'],
];

const EXEC = 'latchkey exec [options] -- <program> [arguments]';

/** Refuses a line that yargs would understand otherwise than who typed it. Behind `exec … --` stands somebody else's line. */
export function assertUnambiguous(argv: readonly string[]): void {
  // Here a word of the line is a line itself, and half written.
  if (argv[0] === '--get-yargs-completions') return;
  const end = argv.indexOf('--');
  if (end >= 0 && argv[0] !== 'exec') throw new UsageError(`got --, expected no --; it is for: ${EXEC}`);
  if (end < 0 && argv[0] === 'exec' && !argv.includes('--help'))
    throw new UsageError(`got no --, expected it before the program: ${EXEC}`);
  for (const word of end < 0 ? argv : argv.slice(0, end))
    for (const [pattern, expected] of AMBIGUOUS)
      if (pattern.test(word)) throw new UsageError(`got ${word}, ${expected}`);
}

/**
 * Refuses an option without a value, and one that comes twice where a command knows it once: yargs would make a list of it.
 * `options` are those that yargs hands to a check; its types know them as something older.
 */
export function assertGivenOnce(typed: Readonly<Record<string, unknown>>, options: unknown): true {
  const { array: lists } = options as { readonly array: readonly string[] };
  for (const [name, value] of Object.entries(typed)) {
    if (value === '') throw new UsageError(`${name}: got nothing, expected a value`);
    if (Array.isArray(value) && !ARGUMENTS.has(name) && !lists.some((list) => isSame(list, name)))
      throw new UsageError(`--${name}: got it ${value.length} times, expected it once`);
  }
  return true;
}

/** Positionals, and what stands behind a double dash. */
const ARGUMENTS: ReadonlySet<string> = new Set(['_', '--']);

/** yargs has an option with a dash in its name under another name, too. */
function isSame(option: string, name: string): boolean {
  return option === name || option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) === name;
}
