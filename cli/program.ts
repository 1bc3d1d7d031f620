import { join } from 'node:path';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import { homeFolder } from './apps/home.ts';
import type { OnSignal } from './apps/run-child.ts';
import { createSessionOpener } from './apps/tenant-session.ts';
import { createTokenStore } from './apps/token-store.ts';
import type { CommandRunner } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { asFailure, exitCodeOf, RefusedError } from './failure.ts';
import { withHeadings } from './help.ts';
import { createOperatorsApi, type OperatorsApi } from './operators/operators-api.ts';
import { readTarget } from './operators/target.ts';
import { createParser } from './parser.ts';
import { renderFailure } from './render-failure.ts';
import type { Terminal } from './terminal.ts';

/** Everything outside the program that it uses. */
export interface Surroundings extends Terminal {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  /** The caller's AWS credentials; asked for only when something is signed. */
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly openBrowser: (url: string) => Promise<void>;
  readonly onSignal: OnSignal;
}

/** Runs one command line and gives the process's exit code; throws nothing. */
export async function runProgram(surroundings: Surroundings): Promise<ExitCode> {
  const { argv, stdout, stderr } = surroundings;
  let exitCode: ExitCode = EXIT.done;
  let json = false;
  const logins = {
    ...surroundings,
    store: createTokenStore({ ...surroundings, folder: loginsFolder(surroundings) }),
  };
  const session = createSessionOpener(logins, surroundings);
  const run: CommandRunner = async (options, work) => {
    json = options.json;
    const awsProfile = surroundings.env['AWS_PROFILE'];
    // With the first request: not every command has one.
    let client: OperatorsApi | undefined;
    const api: OperatorsApi = async (request) => {
      client ??= createOperatorsApi({
        ...surroundings,
        awsProfile,
        target: readTarget(options, surroundings.env),
      });
      return client(request);
    };
    exitCode = await work({ ...surroundings, api, session, logins, terminal: surroundings, json });
  };
  try {
    let output = '';
    const parser = createParser({ argv, columns: stdout.columns ?? 100, run });
    await parser.parseAsync(argv, {}, (_error, _arguments, text) => {
      output += text;
    });
    if (output !== '') stdout.write(`${withHeadings(output)}\n`);
    return exitCode;
  } catch (thrown) {
    const error = asFailure(thrown);
    // A program reads the API's own words; where the API has said nothing, there are only ours.
    const told = json && error instanceof RefusedError && error.text !== '';
    stderr.write(told ? `${error.text}\n` : renderFailure(error));
    return exitCodeOf(error);
  }
}

function loginsFolder({ env }: Pick<Surroundings, 'env'>): string {
  return join(homeFolder(env), 'logins');
}
