import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import { findLogin } from '../apps/logins.ts';
import { readApiUrl } from '../apps/tenant-session.ts';
import { parseVendOptions, withVend } from '../apps/vend-options.ts';
import { type ProcessProfile, renderSection } from '../aws-config/aws-config.ts';
import { awsFiles } from '../aws-config/aws-files.ts';
import { renderCommandLine } from '../aws-config/command-line.ts';
import { type ConfigChange, planProfile } from '../aws-config/put-aws-profile.ts';
import { renderDiff } from '../aws-config/text-diff.ts';
import { type CommandContext, type CommonOptions, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { ask, printable, type Terminal } from '../terminal.ts';

/** `latchkey configure` */
export const configure = defineCommand({
  command: 'configure',
  describe: 'Write a profile for AWS SDKs and the AWS CLI, which then ask latchkey for credentials',
  options,
  run: async (typed, context) => {
    const { terminal, env } = context;
    const caller = await callerOf(typed, context);
    const profile = profileOf(typed, caller, context);
    if (typed.print) {
      terminal.stdout.write(`${renderSection(profile).join('\n')}\n`);
      return EXIT.done;
    }
    const files = awsFiles(env);
    const config = typed.configFile === undefined ? files.config : resolve(typed.configFile);
    const change = await planProfile(profile, { ...files, config }, { replace: typed.replace === true });
    const { path, before, after, write } = change;
    if (after !== before) {
      if (!typed.yes && !terminal.stdin.isTTY)
        throw new UsageError(
          `${path} would be changed: expected --yes, or a terminal; --print shows the profile`,
        );
      showDiff(terminal, change);
      if (!typed.yes) await confirm(terminal);
      await write();
    }
    terminal.stdout.write(`${printable(path)} has the profile ${profile.name}\n${nextOf(profile, caller)}`);
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withVend(yargs)
    .option('aws-profile', {
      type: 'string',
      requiresArg: true,
      default: 'latchkey',
      describe: 'name of the profile in the AWS config',
    })
    .option('region', { type: 'string', requiresArg: true, describe: "the profile's AWS Region" })
    .option('config-file', {
      type: 'string',
      requiresArg: true,
      describe: 'else AWS_CONFIG_FILE, else ~/.aws/config',
    })
    .option('print', { type: 'boolean', describe: 'show the profile, write nothing' })
    .option('yes', {
      type: 'boolean',
      describe: 'do not ask; needed where there is nobody to ask',
    })
    .option('replace', {
      type: 'boolean',
      describe: 'also in place of a profile of that name that is not of latchkey',
    })
    .conflicts('print', ['yes', 'replace', 'config-file'])
    .epilogue(EPILOGUE);
}

const EPILOGUE = `The profile asks for what is given here about the API, the token and what to vend. LATCHKEY_API_URL and \
LATCHKEY_TOKEN_FILE are written down as they are now; LATCHKEY_TOKEN and LATCHKEY_HOME are not: they must be there \
when an SDK asks.

${TOKEN_ORDER}

Examples:
  latchkey configure --region eu-central-1
  latchkey configure --aws-profile reports --profile read-only --yes
  latchkey configure --token-file /run/secrets/latchkey --print
  aws s3 ls --profile latchkey`;

type Typed = ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>;

/** With the Node that runs now: an SDK may start it with another PATH. */
const PROGRAM = [process.execPath, fileURLToPath(new URL('../main.ts', import.meta.url))];

function profileOf(typed: Typed, caller: Caller, { terminal }: CommandContext): ProcessProfile {
  const { awsProfile, region } = typed;
  // For what is wrong in them: they are written as they were typed.
  parseVendOptions(typed, terminal);
  if (typed.mfaCode !== undefined)
    throw new UsageError('--mfa-code: a code counts once, expected --mfa-command, which gets new ones');
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region))
    throw new UsageError(`--region: got ${region}, expected one as eu-central-1`);
  const given = {
    ...caller.options,
    '--profile': typed.profile,
    '--duration': typed.duration,
    '--mfa-serial': typed.mfaSerial,
    '--mfa-command': typed.mfaCommand,
  };
  const words = Object.entries(given).flatMap(([name, value]) => (value ? [name, value] : []));
  const iamUser = typed.iamUser ? ['--iam-user'] : [];
  const scope = (typed.scope ?? []).flatMap((each) => ['--scope', each]);
  const line = [...PROGRAM, 'credentials', ...words, ...iamUser, ...scope, '--format', 'process'];
  return { name: awsProfile, credentialProcess: renderCommandLine(line), region };
}

/** Who asks: as options, and whether there is something to get a token from. */
type Caller = Awaited<ReturnType<typeof callerOf>>;

/** The API and the token that are meant now, in words that mean the same when there are other logins and no variables. */
async function callerOf(typed: Typed, { logins: { store, env } }: CommandContext) {
  const apiUrl = readApiUrl(typed, env);
  const tokenFile = typed.tokenFile ?? (typed.login === undefined ? env['LATCHKEY_TOKEN_FILE'] : undefined);
  const login = tokenFile ? undefined : await findLogin({ name: typed.login, apiUrl }, store);
  const endpoint = apiUrl ?? login?.apiUrl;
  if (endpoint === undefined)
    throw new UsageError('no API: give it as --api-url or LATCHKEY_API_URL, or run latchkey login first');
  const options = {
    '--api-url': endpoint,
    '--login': typed.login ?? login?.name,
    '--token-file': tokenFile && resolve(tokenFile),
  };
  const hasToken = Boolean(tokenFile || login || (typed.login === undefined && env['LATCHKEY_TOKEN']));
  return { options, hasToken };
}

function showDiff({ stderr }: Terminal, { path, before, after }: ConfigChange): void {
  const lines = renderDiff(path, before, after).trimEnd().split('\n');
  stderr.write(lines.map((line) => `${printable(line)}\n`).join(''));
}

async function confirm(terminal: Terminal): Promise<void> {
  const typed = await ask(terminal, 'Write this? [y/N] ');
  if (!/^y(?:es)?$/i.test(typed)) throw new UsageError(`got '${typed}', expected y: nothing was written`);
}

function nextOf({ name }: ProcessProfile, { options, hasToken }: Caller): string {
  if (!hasToken) {
    const login = options['--login'] === undefined ? '' : ` --login ${options['--login']}`;
    return `next: latchkey login --api-url ${options['--api-url']}${login} --issuer <url> --client-id <id>\n`;
  }
  return `next: aws sts get-caller-identity --profile ${name}, or export AWS_PROFILE=${name}\n`;
}
