import type { Argv } from 'yargs';
import type { LatchkeyOptions, MfaCodeSource } from '../../client/src/index.ts';
import { UsageError } from '../failure.ts';
import { parseMembers, parseSeconds } from '../options.ts';
import { ask, type Terminal } from '../terminal.ts';
import { type CallerOptions, withCaller } from './caller-options.ts';

/** What is to be vended, and by whom, as typed. */
export interface VendOptions extends CallerOptions {
  readonly profile?: string | undefined;
  readonly duration?: string | undefined;
  readonly scope?: readonly string[] | undefined;
  readonly mfaSerial?: string | undefined;
  readonly mfaCode?: string | undefined;
  readonly mfaCommand?: string | undefined;
}

/** Adds what is to be vended, and by whom. */
export function withVend<O>(yargs: Argv<O>) {
  return withCaller(yargs)
    .option('profile', { ...text, describe: "what to vend; else the tenant's default profile" })
    .option('duration', { ...text, describe: "life of the credentials in seconds; else the profile's" })
    .option('scope', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: '<name>=<value>: a scope parameter of the profile; may be repeated',
    })
    .option('mfa-serial', { ...text, describe: `the device of the code; ${NOT_YET}` })
    .option('mfa-code', { ...text, describe: `its 6 digits; - asks for them; ${NOT_YET}` })
    .option('mfa-command', {
      ...text,
      describe: `a program that prints them: words between spaces, no shell and no quotes; ${NOT_YET}`,
    })
    .conflicts('mfa-code', 'mfa-command');
}

const NOT_YET = 'no deployed Latchkey takes one yet';

const text = { type: 'string', requiresArg: true } as const;

/** What is to be vended, for the client; throws `UsageError`. */
export function parseVendOptions(
  { profile, duration, scope, mfaSerial, mfaCode, mfaCommand }: Omit<VendOptions, keyof CallerOptions>,
  terminal: Terminal,
): Pick<LatchkeyOptions, 'profile' | 'durationSeconds' | 'scope' | 'mfa'> {
  const code = parseCode({ mfaCode, mfaCommand }, terminal);
  if (mfaSerial !== undefined && code === undefined)
    throw new UsageError('--mfa-serial: expected --mfa-code or --mfa-command with it');
  const serial = mfaSerial === undefined ? {} : { serialNumber: mfaSerial };
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(duration === undefined ? {} : { durationSeconds: parseSeconds('--duration', duration) }),
    ...(scope === undefined ? {} : { scope: parseMembers('--scope', scope) }),
    ...(code === undefined ? {} : { mfa: { ...serial, code } }),
  };
}

function parseCode(
  { mfaCode, mfaCommand }: Pick<VendOptions, 'mfaCode' | 'mfaCommand'>,
  terminal: Terminal,
): MfaCodeSource | undefined {
  if (mfaCommand !== undefined) {
    const [program, ...args] = mfaCommand.split(/\s+/).filter((word) => word !== '');
    if (program === undefined) throw new UsageError('--mfa-command: got nothing, expected a program');
    return { command: [program, ...args] };
  }
  if (mfaCode === '-') return () => ask(terminal, 'MFA code: ');
  if (mfaCode === undefined || /^\d{6}$/.test(mfaCode)) return mfaCode;
  throw new UsageError('--mfa-code: got something else, expected 6 digits');
}
