import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { LatchkeyCredentials } from '../../client/src/index.ts';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import { type Environment, NO_OTHER_SOURCE, withoutCredentials } from '../apps/child-environment.ts';
import { type ChildOptions, runChild } from '../apps/run-child.ts';
import { withVend } from '../apps/vend-options.ts';
import { awsFiles, readAwsFiles } from '../aws-config/aws-files.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { NOT_STARTED } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { renderFailure } from '../render-failure.ts';
import { printable, type Terminal } from '../terminal.ts';

/** `latchkey exec` */
export const exec = defineCommand({
  command: 'exec',
  describe: "Run a program with the tenant's AWS credentials: exec -- aws s3 ls",
  options,
  run: async (typed, { session, terminal, env, onSignal, logins }) => {
    const command = commandOf(typed);
    const { credentials } = await session(typed, { cache: true });
    // Before the program starts: what is wrong is then said here, and not by an SDK.
    const current = await credentials();
    const common = { ...withoutCredentials(env), ...(await regionVariables(typed, env)) };
    const run = (variables: Environment) =>
      start({ command, environment: { ...common, ...variables }, onSignal }, terminal);
    if (typed.env) return run(staticVariables(current));
    const onFailure = (error: unknown) => terminal.stderr.write(renderFailure(error));
    // Late: no other command needs a server.
    const { serveCredentials } = await import('../apps/serve-credentials.ts');
    const served = await serveCredentials({ port: 0, credentials, onFailure, now: logins.now });
    try {
      return await run({ ...NO_OTHER_SOURCE, ...served.variables });
    } finally {
      await served.close();
    }
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withVend(yargs)
    .option('region', {
      type: 'string',
      requiresArg: true,
      describe: "the program's AWS Region; else as it is without exec",
    })
    .option('env', {
      type: 'boolean',
      default: false,
      describe: 'give keys, which end, to a program that cannot fetch and refresh them',
    })
    .usage("$0 exec [options] -- <program> [arguments]\n\nRun a program with the tenant's AWS credentials.")
    .epilogue(EPILOGUE);
}

const EPILOGUE = `The program is started without a shell. It gets AWS_CONTAINER_CREDENTIALS_FULL_URI and \
AWS_CONTAINER_AUTHORIZATION_TOKEN of an endpoint that is there as long as it runs: AWS SDKs and the AWS CLI fetch and refresh \
credentials by themselves. With --env it gets AWS_ACCESS_KEY_ID and its kin, which end at AWS_CREDENTIAL_EXPIRATION. It gets no other AWS \
credentials of this shell, nothing of ~/.aws but the Region (with --env: all of it), and no token of Latchkey.

Signals reach the program. exec ends with its exit code: 128 and the number of the signal that ended it, 127 if there is no such program.

${TOKEN_ORDER}

Examples:
  latchkey exec -- aws s3 ls s3://data/acme/
  latchkey exec --profile read-only --scope folder=reports/ -- node report.js
  latchkey exec --env --region eu-central-1 -- terraform plan`;

type Typed = ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>;

/** What stands behind --, as it was typed. */
function commandOf({ '--': words }: Typed): ChildOptions['command'] {
  const [program, ...args] = Array.isArray(words) ? words.map(String) : [];
  if (program) return [program, ...args];
  throw new UsageError('got no program, expected one as in: latchkey exec -- aws s3 ls');
}

/** The program does not see the user's AWS config, which may be where its Region is. */
async function regionVariables({ region }: Typed, env: Environment): Promise<Environment> {
  const said = region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  const profile = env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || 'default';
  const found = said || (await readAwsFiles(awsFiles(env))).config[profile]?.['region'];
  return found === undefined ? {} : { AWS_REGION: found, AWS_DEFAULT_REGION: found };
}

/** The variables that every AWS SDK looks at first, and their end, which botocore heeds. */
function staticVariables(credentials: LatchkeyCredentials): Environment {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expiration.toISOString(),
    AWS_ACCOUNT_ID: accountId,
  };
}

/** Runs the program; says why, if it could not be started. */
async function start(child: Omit<ChildOptions, 'atTerminal'>, terminal: Terminal): Promise<number> {
  const { stdin, stdout, stderr } = terminal;
  const atTerminal = [stdin, stdout, stderr].some(({ isTTY }) => isTTY);
  try {
    return await runChild({ ...child, atTerminal });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const exitCode = NOT_STARTED[code];
    if (exitCode === undefined) throw error;
    const program = printable(child.command[0]);
    stderr.write(
      `latchkey: ${program} could not be started (${code}): expected a program on the PATH, or the path of one\n`,
    );
    return exitCode;
  }
}
