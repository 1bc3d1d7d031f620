import { UsageError } from './failure.ts';

/** A positional by its name, which yargs would take as either. */
const POSITIONAL = /^--(?:tenantId|tenant-id|url)(?:=|$)/;

const EXEC = 'latchkey exec [options] -- <program> [arguments]';

/** Refuses a line that yargs would understand otherwise than who typed it. Behind `exec … --` stands somebody else's line. */
export function assertUnambiguous(argv: readonly string[]): void {
  // Here a word of the line is a line itself, and half written.
  if (argv[0] === '--get-yargs-completions') return;
  const end = argv.indexOf('--');
  if (end >= 0 && argv[0] !== 'exec') throw new UsageError(`got --, expected no --; it is for: ${EXEC}`);
  if (end < 0 && argv[0] === 'exec' && !argv.includes('--help'))
    throw new UsageError(`got no --, expected it before the program: ${EXEC}`);
  for (const word of ownWords(argv))
    if (POSITIONAL.test(word)) throw new UsageError(`got ${word}, expected it without its name`);
}

/** Those that are not another program's. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** What yargs knows of a command's options; its types know it as something older. */
interface KnownOptions {
  readonly array: readonly string[];
  readonly boolean: readonly string[];
}

/** The check of a line, for yargs: `assertFlags` and `assertGivenOnce`. */
export function createCheck(argv: readonly string[]) {
  return (typed: Readonly<Record<string, unknown>>, options: unknown): true => {
    const known = options as KnownOptions;
    assertFlags(argv, known);
    assertGivenOnce(typed, known);
    return true;
  };
}

/** Refuses a flag with a value, which yargs would take as false unless it is `true`. */
function assertFlags(argv: readonly string[], { boolean: flags }: KnownOptions): void {
  for (const word of ownWords(argv)) {
    const name = /^--([^=]+)=/.exec(word)?.[1];
    if (name !== undefined && flags.some((flag) => isSame(flag, name)))
      throw new UsageError(`got ${word}, expected it without a value`);
  }
}

/** Refuses an option without a value, and one that comes twice where a command knows it once: yargs would make a list of it. */
function assertGivenOnce(typed: Readonly<Record<string, unknown>>, { array: lists }: KnownOptions): void {
  for (const [name, value] of Object.entries(typed)) {
    if (value === '') throw new UsageError(`--${name}: got nothing, expected a value`);
    if (Array.isArray(value) && !ARGUMENTS.has(name) && !lists.some((list) => isSame(list, name)))
      throw new UsageError(`--${name}: got it ${value.length} times, expected it once`);
  }
}

/** Positionals, and what stands behind a double dash. */
const ARGUMENTS: ReadonlySet<string> = new Set(['_', '--']);

/** yargs has an option with a dash in its name under another name, too. */
function isSame(option: string, name: string): boolean {
  return option === name || option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) === name;
}
