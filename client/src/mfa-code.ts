import { LatchkeyError } from './error.ts';
import { nodeModule } from './node-modules.ts';
import type { MfaCodeSource } from './options.ts';

/** What AWS takes as a TokenCode (API reference of STS, GetSessionToken). */
const CODE = /^[0-9]{6}$/;
/** Of a program, and of a function's user as far as anyone waits for another process's code. */
const DEFAULT_TIMEOUT_SECONDS = 60;
const LONGEST_TIMEOUT_SECONDS = 3600;
/** A program that prints more than this prints no code. */
const LONGEST_OUTPUT = 1024;

type MfaCommand = Extract<MfaCodeSource, { readonly command: unknown }>;

/**
 * A code as it is now: 6 digits. A program gets no shell and no stdin; its stderr is the process's own, so that "touch your key"
 * is seen. Throws `mfa_unreadable`, which names the program and never its arguments or what it printed.
 */
export async function readMfaCode(source: MfaCodeSource): Promise<string> {
  if (typeof source === 'string') return parseCode(source, 'the given MFA code');
  if (typeof source === 'function') return parseCode(await ask(source), 'the MFA code function');
  return parseCode((await run(source)).trim(), `the MFA program ${source.command[0]}`);
}

/** Whether it is one: JavaScript callers have no compiler to tell them. */
export function isMfaCodeSource(source: unknown): source is MfaCodeSource {
  if (typeof source === 'string' || typeof source === 'function') return true;
  const { command, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = (source ?? {}) as Partial<MfaCommand>;
  const isTimeout = timeoutSeconds > 0 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS;
  return isTimeout && Array.isArray(command) && command.length > 0 && command.every(isText);
}

function isText(word: unknown): boolean {
  return typeof word === 'string';
}

/** How long a code may take to come. */
export function codeSeconds(source: MfaCodeSource): number {
  if (typeof source === 'string') return 0;
  return typeof source === 'function' ? DEFAULT_TIMEOUT_SECONDS : timeoutOf(source);
}

function timeoutOf({ timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: MfaCommand): number {
  return timeoutSeconds;
}

function parseCode(text: unknown, origin: string): string {
  if (typeof text === 'string' && CODE.test(text)) return text;
  throw unreadable(`got no code from ${origin}, expected 6 digits and nothing else`);
}

async function ask(source: () => Promise<string>): Promise<unknown> {
  try {
    return await source();
  } catch (cause) {
    throw unreadable('got an error from the MFA code function, expected 6 digits; its cause says why', cause);
  }
}

function run(source: MfaCommand): Promise<string> {
  const [program] = source.command;
  const seconds = timeoutOf(source);
  return new Promise((resolve, reject) => {
    const child = start(source);
    let printed = '';
    // Not the timeout of spawn: that one waits for whoever else has the pipe open.
    const timer = setTimeout(
      () => fail(`got nothing within ${seconds} s from the MFA program`),
      seconds * 1000,
    );
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      child.stdout.destroy();
      reject(unreadable(`${what} ${program}, expected 6 digits on its stdout`));
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (printed.length > LONGEST_OUTPUT) fail('got more than a code from the MFA program');
    });
    // Its error is no cause: that one lists the arguments.
    child.once('error', ({ code }: NodeJS.ErrnoException) =>
      fail(`got ${code} from starting the MFA program`),
    );
    child.once('close', (status, signal) => {
      if (status !== 0) return fail(`got exit status ${status ?? signal} from the MFA program`);
      clearTimeout(timer);
      resolve(printed);
    });
  });
}

function start({ command: [program, ...args] }: MfaCommand) {
  const { spawn } = nodeModule('node:child_process', 'an MFA program');
  try {
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true });
  } catch {
    // Its error would quote the argument.
    throw unreadable(
      `got a name or an argument that no program can have for the MFA program ${program}, expected text without NUL`,
    );
  }
}

function unreadable(message: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('mfa_unreadable', message, { cause });
}
