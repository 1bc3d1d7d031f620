import { Secret, TOTP } from 'otpauth';

/** A virtual MFA device. */
export interface MfaDevice {
  /** Whether a code is the device's at this time; each is good once. */
  readonly accepts: (code: string, now: Date) => boolean;
}

const PERIOD_SECONDS = 30;

/**
 * Makes a device that gives a code of six digits every 30 seconds (RFC 6238), as AWS's virtual MFA devices do. A code of the
 * step before and of the step after is taken, as clocks differ; a code that was used, or one before it, is not (RFC 6238 section
 * 5.2). Throws when the secret is no base32.
 */
export function createMfaDevice({ secret }: { readonly secret: string }): MfaDevice {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: PERIOD_SECONDS });
  let lastStep = -1;
  return {
    accepts(token, now) {
      const timestamp = now.getTime();
      const delta = totp.validate({ token, timestamp, window: 1 });
      if (delta === null) return false;
      const step = totp.counter({ timestamp }) + delta;
      if (step <= lastStep) return false;
      lastStep = step;
      return true;
    },
  };
}
