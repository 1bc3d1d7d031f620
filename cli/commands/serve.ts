import type { Argv } from 'yargs';
import type { LatchkeyOptions } from '../../client/src/index.ts';
import { exportLines } from '../../functions/core/grant/credential-forms.ts';
import { TOKEN_ORDER } from '../apps/caller-options.ts';
import type { OnSignal } from '../apps/run-child.ts';
import { withVend } from '../apps/vend-options.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { renderFailure } from '../render-failure.ts';
import type { Terminal } from '../terminal.ts';

/** `latchkey serve` */
export const serve = defineCommand({
  command: 'serve',
  describe: 'Hand out credentials on this machine, to tools that cannot send a token of their own',
  options: (yargs: Argv<CommonOptions>) =>
    withVend(yargs)
      .option('port', {
        type: 'string',
        requiresArg: true,
        default: '0',
        describe: 'of 127.0.0.1; 0: any free one',
      })
      .epilogue(EPILOGUE),
  run: async (typed, { session, terminal, json, onSignal, logins }) => {
    const port = parsePort(typed.port);
    const { credentials } = await session(typed, { cache: true, onEvent: reportTo(terminal) });
    // Before anybody asks: what is wrong is then said here, and not in a tool that may not show it.
    await credentials();
    const onFailure = (error: unknown) => terminal.stderr.write(renderFailure(error));
    // Late: no other command needs a server.
    const { serveCredentials } = await import('../apps/serve-credentials.ts');
    const served = await serveCredentials({ port, credentials, onFailure, now: logins.now });
    // Before anybody can know that it is there.
    const stopped = stopSignal(onSignal);
    const { variables } = served;
    terminal.stdout.write(json ? `${JSON.stringify(variables)}\n` : exportLines(variables));
    terminal.stderr.write('serving on this machine until Ctrl-C; the lines are for the shell of the tool\n');
    await stopped;
    await served.close();
    return EXIT.done;
  },
});

const EPILOGUE = `Prints two variables, for any AWS SDK and the AWS CLI; with --json as JSON. The token in them is made for this run, and \
good for nothing but this endpoint. When credentials cannot be refreshed, those that there are are served until they end.

${TOKEN_ORDER}

Examples:
  latchkey serve
  latchkey serve --port 9911 --profile read-only > variables.sh`;

const LAST_PORT = 65_535;

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= LAST_PORT) return port;
  throw new UsageError(`--port: got ${text}, expected a whole number from 0 to ${LAST_PORT}`);
}

/** While those there are are valid, nobody else hears that there are no newer ones. */
function reportTo({ stderr }: Terminal): NonNullable<LatchkeyOptions['onEvent']> {
  return (event) => {
    if (event.type === 'refresh-failed')
      stderr.write(
        `not refreshed, the credentials that there are count until they end:\n${renderFailure(event.error)}`,
      );
  };
}

const STOPS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The first signal that asks for an end. */
function stopSignal(onSignal: OnSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = onSignal((signal) => {
      if (!STOPS.has(signal)) return;
      stop();
      resolve();
    });
  });
}
