import yargs, { type Argv } from 'yargs';
import packageJson from '../package.json' with { type: 'json' };
import type { Command, CommandRunner, CommonOptions } from './command.ts';
import { issuerDelete } from './commands/issuer-delete.ts';
import { issuerGet } from './commands/issuer-get.ts';
import { issuerList } from './commands/issuer-list.ts';
import { issuerPut } from './commands/issuer-put.ts';
import { prove } from './commands/prove.ts';
import { tenantGet } from './commands/tenant-get.ts';
import { tenantList } from './commands/tenant-list.ts';
import { tenantOffboard } from './commands/tenant-offboard.ts';
import { tenantPreview } from './commands/tenant-preview.ts';
import { tenantPut } from './commands/tenant-put.ts';
import { tenantRevoke } from './commands/tenant-revoke.ts';
import { tenantRoleTemplate } from './commands/tenant-role-template.ts';
import { tenantResume, tenantSuspend } from './commands/tenant-status.ts';
import { tenantVerify } from './commands/tenant-verify.ts';
import { EXIT_CODES_TEXT } from './exit-code.ts';
import { UsageError } from './failure.ts';

const TENANT_COMMANDS: readonly Command[] = [
  tenantPut,
  tenantGet,
  tenantList,
  tenantSuspend,
  tenantResume,
  tenantRevoke,
  tenantOffboard,
  tenantVerify,
  tenantPreview,
  tenantRoleTemplate,
];

const ISSUER_COMMANDS: readonly Command[] = [issuerPut, issuerGet, issuerList, issuerDelete];

const COMPLETION_HELP =
  'Print a completion script: latchkey completion >> ~/.bashrc, or ~/.zshrc; latchkey must be on the PATH';

const EPILOGUE = `Examples:
  export AWS_PROFILE=operator
  export LATCHKEY_ENDPOINT=https://….execute-api.eu-central-1.amazonaws.com/v1
  latchkey tenant put acme --file acme.json
  latchkey tenant verify acme
  latchkey prove app
  latchkey tenant list --json | jq -r '.items[].tenantId'

${EXIT_CODES_TEXT}`;

/** Our words for what yargs finds wrong. Its types do not know that it takes plural forms. */
const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'got %s arguments, expected %s',
    other: 'got %s arguments, expected %s',
  },
  'Unknown argument: %s': {
    one: 'got %s, which is not known here',
    other: 'got %s, which are not known here',
  },
  'Did you mean %s?': 'did you mean %s?',
} as Record<string, unknown> as Record<string, string>;

/** What a parser is made for. */
export interface ParserOptions {
  readonly argv: readonly string[];
  readonly columns: number;
  readonly run: CommandRunner;
}

/** The parser of a command line, help and completion with it; it and its runs throw `UsageError` for what is wrong in the line. */
export function createParser({ argv, columns, run }: ParserOptions): Argv<CommonOptions> {
  assertUnambiguous(argv);
  const parser = withCommonOptions(yargs([...argv]))
    .scriptName('latchkey')
    .usage(
      "$0 <noun> <verb>\n\nAdministers Latchkey through its operators' API, as the caller's AWS identity.",
    )
    .locale('en')
    .updateStrings(WORDS)
    .version(packageJson.version)
    .wrap(Math.min(columns, 120))
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .check(assertGivenOnce)
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message, error) => {
      // What yargs finds wrong comes with a message; what a command throws, or our own check, is thrown on.
      if (!message || error instanceof UsageError) throw error;
      throw new UsageError(`${message}${message.endsWith('?') ? '' : '; --help tells more'}`);
    })
    .command('tenant', 'Tenants', (nested) => withCommands(nested, TENANT_COMMANDS, run))
    .command('issuer', 'Issuers that tenants share', (nested) => withCommands(nested, ISSUER_COMMANDS, run));
  return prove(parser, run)
    .demandCommand(1, 'expected a command')
    .completion('completion', COMPLETION_HELP)
    .epilogue(EPILOGUE);
}

function withCommonOptions(parser: Argv): Argv<CommonOptions> {
  return parser
    .option('json', {
      type: 'boolean',
      default: false,
      describe: "the API's own answers, and problems on stderr",
    })
    .option('endpoint', {
      type: 'string',
      requiresArg: true,
      describe: "the operators' API; else LATCHKEY_ENDPOINT",
    })
    .option('region', {
      type: 'string',
      requiresArg: true,
      describe: "its AWS Region; else what the endpoint's name says, AWS_REGION, AWS_DEFAULT_REGION",
    });
}

function withCommands(parser: Argv<CommonOptions>, commands: readonly Command[], run: CommandRunner) {
  const filled = commands.reduce((nested, command) => command(nested, run), parser);
  return filled.demandCommand(1, 'expected a verb');
}

/** yargs makes a list of an option that comes twice; which of the two counts is nothing to guess. */
function assertGivenOnce(typed: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(typed)) {
    if (value === '') throw new UsageError(`${name}: got nothing, expected a value`);
    if (Array.isArray(value) && name !== '_' && !REPEATABLE.has(name))
      throw new UsageError(`--${name}: got it ${value.length} times, expected it once`);
  }
  return true;
}

const REPEATABLE: ReadonlySet<string> = new Set([
  'profile',
  'claim',
  'attribute',
  'role',
  'algorithm',
  'scope',
  'jwt-scope',
  'jwtScope',
  'request',
  'context',
]);

/** What yargs would take in a sense of its own: the flag as false, the positional as either, the rest as nothing. */
const AMBIGUOUS: readonly (readonly [RegExp, string])[] = [
  [/^--(?:json|create|yes|diff)=/, 'expected it without a value'],
  [/^--(?:tenantId|tenant-id|url)(?:=|$)/, 'expected it without its name'],
  [/^--$/, 'expected no --'],
];

function assertUnambiguous(argv: readonly string[]): void {
  // Here a word of the line is a line itself, and half written.
  if (argv[0] === '--get-yargs-completions') return;
  for (const word of argv)
    for (const [pattern, expected] of AMBIGUOUS)
      if (pattern.test(word)) throw new UsageError(`got ${word}, ${expected}`);
}
