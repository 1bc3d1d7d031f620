import yargs, { type Argv } from 'yargs';
import packageJson from '../package.json' with { type: 'json' };
import type { Command, CommandRunner, CommonOptions } from './command.ts';
import { configure } from './commands/configure.ts';
import { consoleCommand } from './commands/console.ts';
import { credentials } from './commands/credentials.ts';
import { exec } from './commands/exec.ts';
import { issuerDelete } from './commands/issuer-delete.ts';
import { issuerGet } from './commands/issuer-get.ts';
import { issuerList } from './commands/issuer-list.ts';
import { issuerPut } from './commands/issuer-put.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { prove } from './commands/prove.ts';
import { serve } from './commands/serve.ts';
import { tenantGet } from './commands/tenant-get.ts';
import { tenantList } from './commands/tenant-list.ts';
import { tenantOffboard } from './commands/tenant-offboard.ts';
import { tenantPreview } from './commands/tenant-preview.ts';
import { tenantPut } from './commands/tenant-put.ts';
import { tenantRevoke } from './commands/tenant-revoke.ts';
import { tenantRoleTemplate } from './commands/tenant-role-template.ts';
import { tenantResume, tenantSuspend } from './commands/tenant-status.ts';
import { tenantVerify } from './commands/tenant-verify.ts';
import { whoami } from './commands/whoami.ts';
import { UsageError } from './failure.ts';
import { COMPLETION_HELP, EPILOGUE, inOneLine, USAGE, WORDS } from './help.ts';
import { assertUnambiguous, createCheck } from './strictness.ts';

/** For tenants' apps and developers. */
const APP_COMMANDS: readonly Command[] = [
  login,
  logout,
  whoami,
  credentials,
  exec,
  configure,
  serve,
  consoleCommand,
];

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
    .usage(USAGE)
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
      'populate--': true,
    })
    .check(createCheck(argv))
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message, error) => {
      // What yargs finds wrong comes with a message; what a command throws, or our own check, is thrown on.
      if (!message || error instanceof UsageError) throw error;
      throw new UsageError(`${inOneLine(message)}${message.endsWith('?') ? '' : '; --help tells more'}`);
    });
  return withOperatorsCommands(addAll(parser, APP_COMMANDS, run), run)
    .demandCommand(1, 'expected a command')
    .completion('completion', COMPLETION_HELP)
    .epilogue(EPILOGUE);
}

function withCommonOptions(parser: Argv): Argv<CommonOptions> {
  return parser.option('json', {
    type: 'boolean',
    default: false,
    describe: "the API's own answers, and problems on stderr",
  });
}

function withOperatorsCommands(parser: Argv<CommonOptions>, run: CommandRunner): Argv<CommonOptions> {
  const noun = (commands: readonly Command[]) => (nested: Argv<CommonOptions>) =>
    addAll(withOperatorsApi(nested), commands, run).demandCommand(1, 'expected a verb');
  const nouns = parser
    .command('tenant', 'Onboard, change, verify, preview, suspend and end tenants', noun(TENANT_COMMANDS))
    .command('issuer', 'Issuers that tenants share', noun(ISSUER_COMMANDS));
  return prove(nouns, run);
}

function withOperatorsApi(parser: Argv<CommonOptions>): Argv<CommonOptions> {
  return parser
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

function addAll(parser: Argv<CommonOptions>, commands: readonly Command[], run: CommandRunner) {
  return commands.reduce((filled, command) => command(filled, run), parser);
}
