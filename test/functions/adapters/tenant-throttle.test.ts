import { beforeEach, describe, expect, it } from 'vitest';
import { createTenantThrottle } from '../../../functions/adapters/tenant-throttle.ts';
import type { TenantThrottle } from '../../../functions/core/ports.ts';
import { codeOf, NOW, sampleTenant } from '../core/sample.ts';

let now: number;
let throttle: TenantThrottle;
const acme = sampleTenant({ limits: { vendsPerSecond: 2 } });
const globex = sampleTenant({ limits: { vendsPerSecond: 2 } }, { tenantId: 'globex' });

beforeEach(() => {
  now = NOW.getTime();
  throttle = createTenantThrottle(() => new Date(now));
});

/** How many of ten vends at this instant get through. */
const admitted = (tenant = acme) =>
  Array.from({ length: 10 }, () => codeOf(() => throttle.admit(tenant))).filter((code) => code === undefined)
    .length;

describe('the throttle of a tenant', () => {
  it('lets as many through in a second as its record says, and the rest wait', () => {
    expect(admitted()).toBe(2);
    expect(() => throttle.admit(acme)).toThrow(
      expect.objectContaining({ code: 'tenant_throttled', retryAfterSeconds: 1 }),
    );
    now += 1000;
    expect(admitted()).toBe(2);
  });

  it('saves nothing up beyond a second', () => {
    admitted();
    now += 3_600_000;
    expect(admitted()).toBe(2);
  });

  it('gives nothing when the clock is set back', () => {
    admitted();
    now -= 60_000;
    expect(admitted()).toBe(0);
  });

  it('takes nothing from another tenant', () => {
    admitted();
    expect(admitted(globex)).toBe(2);
  });

  it('does not count a tenant without a limit', () => {
    expect(admitted(sampleTenant())).toBe(10);
  });
});
