import { expect, it } from 'vitest';
import { createAuthenticator } from '../../local/authenticator.ts';
import { createMfaDevice } from '../../local/aws/sts/mfa-device.ts';

const DEVICE = {
  serialNumber: 'arn:aws:iam::111122223333:mfa/acme',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

it('shows codes that AWS takes, each once, and waits where there would be none', async () => {
  const startedAt = performance.now();
  // A tenth of a second before the next half minute begins.
  const clock = () => new Date(Date.UTC(2026, 0, 1, 0, 0, 29, 900) + performance.now() - startedAt);
  const device = createMfaDevice(DEVICE);
  const nextCode = createAuthenticator(DEVICE, clock);
  const codes: string[] = [];
  for (const _ of [1, 2, 3]) {
    const { serialNumber, tokenCode } = await nextCode();
    expect([serialNumber, device.accepts(tokenCode, clock())]).toEqual([DEVICE.serialNumber, true]);
    codes.push(tokenCode);
  }
  expect(new Set(codes).size).toBe(3);
  expect(performance.now() - startedAt).toBeGreaterThan(90);
});
