import { setTimeout } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../functions/core/clock.ts';
import type { UserDefinition } from './aws/users.ts';

/** An MFA device, as the local AWS has it. */
export type MfaDevice = NonNullable<UserDefinition['mfaDevices']>[number];

/** What a request for credentials holds under `mfa`. */
export interface MfaCode {
  readonly serialNumber: string;
  readonly tokenCode: string;
}

/** What AWS takes of codes that are to come. */
const STEPS_AHEAD = 1;

/**
 * What an authenticator app would show of a device, but each code once, since AWS takes each once: the second within half a
 * minute is the next one's, and for the third one waits.
 */
export function createAuthenticator(
  { serialNumber, secret }: MfaDevice,
  clock: Clock,
): () => Promise<MfaCode> {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  let nextStep = 0;
  return async () => {
    const now = clock().getTime();
    const step = Math.max(totp.counter({ timestamp: now }), nextStep);
    nextStep = step + 1;
    const startsAt = (step - STEPS_AHEAD) * totp.period * 1000;
    if (startsAt > now) await setTimeout(startsAt - now);
    return { serialNumber, tokenCode: totp.generate({ timestamp: step * totp.period * 1000 }) };
  };
}
