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
  readonly iamUser?: boolean | undefined;
}

/** Adds what is to be vended by whom: what every route takes. */
export function withProfile<O>(yargs: Argv<O>) {
  return withCaller(yargs)
    .option('profile', { ...text, describe: "what to vend; else the tenant's default profile" })
    .option('duration', { ...text, describe: "life of the credentials in seconds; else the profile's" })
    .option('scope', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: '<name>=<value>: a scope parameter of the profile; may be repeated',
    });
}

/** Adds the same, and what only a vend of credentials takes. */
export function withVend<O>(yargs: Argv<O>) {
  return withProfile(yargs)
    .option('mfa-serial', { ...text, describe: 'ARN or serial number of the MFA device' })
    .option('mfa-code', { ...text, describe: 'the 6 digits that it shows; - asks for them' })
    .option('mfa-command', {
      ...text,
      describe: 'a program that prints them: words between spaces, no shell and no quotes',
    })
    .option('iam-user', {
      type: 'boolean',
      describe: 'for profiles of the methods federationToken and sessionToken; with MFA it is understood',
    })
    .conflicts('mfa-code', 'mfa-command');
}

const text = { type: 'string', requiresArg: true } as const;

type Vended = Omit<VendOptions, keyof CallerOptions>;
type Code = Pick<VendOptions, 'mfaSerial' | 'mfaCode' | 'mfaCommand'>;

/** What is to be vended, for the client; throws `UsageError`. */
export function parseVendOptions(
  { profile, duration, scope, iamUser, ...typed }: Vended,
  terminal: Terminal,
): Pick<LatchkeyOptions, 'profile' | 'durationSeconds' | 'scope' | 'mfa' | 'route'> {
  const mfa = parseMfa(typed, terminal);
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(duration === undefined ? {} : { durationSeconds: parseSeconds('--duration', duration) }),
    ...(scope === undefined ? {} : { scope: parseMembers('--scope', scope) }),
    ...(mfa === undefined ? {} : { mfa }),
    ...(iamUser ? { route: 'iam-user' } : {}),
  };
}

function parseMfa({ mfaSerial: serialNumber, ...typed }: Code, terminal: Terminal): LatchkeyOptions['mfa'] {
  const code = parseCode(typed, terminal);
  if (serialNumber === undefined && code !== undefined)
    throw new UsageError('--mfa-code and --mfa-command: expected --mfa-serial with it, the device');
  if (serialNumber !== undefined && code === undefined)
    throw new UsageError('--mfa-serial: expected --mfa-code or --mfa-command with it');
  return serialNumber === undefined || code === undefined ? undefined : { serialNumber, code };
}

function parseCode(
  { mfaCode, mfaCommand }: Omit<Code, 'mfaSerial'>,
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
