import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { LatchkeyOptions, LatchkeySession } from '../client/src/index.ts';
import type { LoginSurroundings } from './apps/logins.ts';
import type { OnSignal } from './apps/run-child.ts';
import type { VendOptions } from './apps/vend-options.ts';
import type { ExitCode } from './exit-code.ts';
import type { OperatorsApi } from './operators/operators-api.ts';
import type { TargetOptions } from './operators/target.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command has; those of operators have a target, too. */
export interface CommonOptions extends TargetOptions {
  readonly json: boolean;
}

/** What a command works with. */
export interface CommandContext {
  /** The operators' API. */
  readonly api: OperatorsApi;
  /** The tenants' API, as whoever the options, the environment or a login say. Throws `UsageError`. */
  readonly session: OpenSession;
  readonly logins: LoginSurroundings;
  readonly openBrowser: (url: string) => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onSignal: OnSignal;
  readonly terminal: Terminal;
  /** Answers as the API gave them, for programs; else text for people. */
  readonly json: boolean;
}

/** Opens a session for what was typed. `cache`: to share its credentials with this program's other processes. */
export type OpenSession = (
  typed: VendOptions,
  more?: { readonly cache?: boolean } & Pick<LatchkeyOptions, 'onEvent'>,
) => Promise<LatchkeySession>;

/** One thing that the program can be told to do. `O` are its own options, as yargs types them. */
export interface CommandDefinition<O> {
  /** Verb and positionals, as yargs writes them: `get <tenantId>`. */
  readonly command: string;
  readonly describe: string;
  readonly options: (yargs: Argv<CommonOptions>) => Argv<O>;
  readonly run: (options: ArgumentsCamelCase<O>, context: CommandContext) => Promise<ExitCode>;
}

/** Runs what a command does, with its context made from what was typed. */
export type CommandRunner = (
  options: CommonOptions,
  work: (context: CommandContext) => Promise<ExitCode>,
) => Promise<void>;

/** A command that can be added to a parser. */
export type Command = (yargs: Argv<CommonOptions>, run: CommandRunner) => Argv<CommonOptions>;

/** The command of a definition; `O` is not seen from outside. */
export function defineCommand<O extends CommonOptions>({
  command,
  describe,
  options,
  run,
}: CommandDefinition<O>): Command {
  return (yargs, runner) =>
    yargs.command(command, describe, options, (typed) => runner(typed, (context) => run(typed, context)));
}

/** Prints an answer: as it came for programs, else as `render` puts it for people. */
export function printAnswer(
  { terminal: { stdout }, json }: CommandContext,
  text: string,
  render: () => string,
): void {
  if (!json) stdout.write(render());
  else if (text !== '') stdout.write(`${text}\n`);
}
