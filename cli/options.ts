import { readFile } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { UsageError } from './failure.ts';
import { readAll, type Terminal } from './terminal.ts';

/** Adds the tenant that a command is about. */
export function withTenantId<O>(yargs: Argv<O>) {
  return yargs.positional('tenantId', {
    type: 'string',
    demandOption: true,
    describe: '3 to 48 lower-case letters, digits and inner hyphens',
  });
}

/** Adds the shared issuer that a command is about. */
export function withIssuerUrl<O>(yargs: Argv<O>) {
  return yargs.positional('url', {
    type: 'string',
    demandOption: true,
    describe: 'as it stands in the `iss` of its tokens, to the letter',
  });
}

/** Adds the version that must be stored for a write to happen. */
export function withIfMatch<O>(yargs: Argv<O>) {
  return yargs.option('if-match', {
    type: 'string',
    requiresArg: true,
    describe: 'only if this version is stored',
  });
}

/** Adds the demand that nothing is stored yet, or a version. */
export function withPrecondition<O>(yargs: Argv<O>) {
  return withIfMatch(yargs)
    .option('create', { type: 'boolean', describe: 'only if there is none yet' })
    .conflicts('create', 'if-match');
}

/** Adds what reads a definition as JSON. */
export function withFile<O>(yargs: Argv<O>) {
  return yargs.option('file', {
    type: 'string',
    requiresArg: true,
    describe: 'the definition as JSON; - is stdin',
  });
}

/** Adds which part of a list is wanted. */
export function withPage<O>(yargs: Argv<O>) {
  return yargs
    .option('limit', {
      type: 'string',
      requiresArg: true,
      describe: 'at most so many; all of them without it',
    })
    .option('after', { type: 'string', requiresArg: true, describe: 'those behind this one' });
}

/** The headers of a precondition (RFC 9110, 13.1); a version stands in an ETag as it is. */
export function preconditionHeaders({
  ifMatch,
  create,
}: {
  readonly ifMatch?: string | undefined;
  readonly create?: boolean | undefined;
}): Readonly<Record<string, string>> {
  if (create) return { 'if-none-match': '*' };
  return ifMatch === undefined ? {} : { 'if-match': `"${parseCount('--if-match', ifMatch)}"` };
}

/** A whole number from 1; throws `UsageError`. */
export function parseCount(option: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${option}: got ${text}, expected a whole number from 1`);
}

/** Whole seconds; throws `UsageError`. */
export function parseSeconds(option: string, text: string, least: 0 | 1 = 1): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`${option}: got ${text}, expected whole seconds from ${least}`);
}

/** `name=value`, cut at the first `=`; throws `UsageError`. */
export function parsePairs(
  option: string,
  texts: readonly string[] = [],
): readonly (readonly [name: string, value: string])[] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    if (equals > 0 && equals < text.length - 1) return [text.slice(0, equals), text.slice(equals + 1)];
    throw new UsageError(`${option}: got ${text}, expected it as name=value`);
  });
}

/** Pairs as members; throws `UsageError` for a name that comes twice. */
export function parseMembers(option: string, texts?: readonly string[]): Readonly<Record<string, string>> {
  const pairs = parsePairs(option, texts);
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`${option}: got ${twice} twice, expected it once`);
  return Object.fromEntries(pairs);
}

/** The JSON of a file, or of stdin for `-`, as it stands there; throws `UsageError`. */
export async function readJsonText({ stdin }: Pick<Terminal, 'stdin'>, file: string): Promise<string> {
  const refuse = (got: string) => new UsageError(`--file ${file}: got ${got}, expected a definition as JSON`);
  const text = await (file === '-' ? readAll(stdin) : readFile(file, 'utf8')).catch(
    ({ code }: NodeJS.ErrnoException) => {
      throw refuse(code ?? 'an error');
    },
  );
  try {
    JSON.parse(text);
  } catch {
    // Its error quotes what it could not read.
    throw refuse(text.trim() === '' ? 'nothing' : 'text that is not JSON');
  }
  return text;
}
