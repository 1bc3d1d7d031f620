import type { Constraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import type { Session } from '../session.ts';
import { accessDenied } from './errors.ts';
import type { StsOptions } from './sts-options.ts';

/** The MFA device and code of a call, each within its limits. */
export interface MfaInput {
  readonly serialNumber: string | undefined;
  readonly tokenCode: string | undefined;
}

const SERIAL_NUMBER = { min: 9, max: 256, pattern: /[\w+=/:,.@-]*/ };
const TOKEN_CODE = { min: 6, max: 6, pattern: /[\d]*/ };

/** Reads `SerialNumber` and `TokenCode`. */
export function readMfa({ take }: Parameters, constraints: Constraints): MfaInput {
  return {
    serialNumber: constraints.optional('serialNumber', take('SerialNumber'), SERIAL_NUMBER),
    tokenCode: constraints.optional('tokenCode', take('TokenCode'), TOKEN_CODE),
  };
}

/**
 * When the caller gave a code of a device of its own: now. Undefined when it gave none; throws AccessDenied, in words that people quote,
 * when what it gave is not enough. Only a user has devices.
 */
export function verifyMfa(
  { entityArn }: Session,
  { serialNumber, tokenCode }: MfaInput,
  { users, clock }: Pick<StsOptions, 'users' | 'clock'>,
): Date | undefined {
  if (serialNumber === undefined && tokenCode === undefined) return undefined;
  if (serialNumber === undefined || tokenCode === undefined)
    throw refuse(', must provide both MFA serial number and one time pass code.');
  const device = users?.get(entityArn)?.mfaDevices.get(serialNumber);
  if (device === undefined)
    throw refuse(
      ', unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  const now = clock();
  if (device.accepts(tokenCode, now)) return now;
  throw refuse(' with invalid MFA one time pass code.');
}

function refuse(why: string) {
  return accessDenied(`MultiFactorAuthentication failed${why}`);
}
