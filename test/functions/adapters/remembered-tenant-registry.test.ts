import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  REMEMBER_ABSENCE_SECONDS,
  REMEMBER_SECONDS,
  rememberTenants,
} from '../../../functions/adapters/remembered-tenant-registry.ts';
import type { TenantReference } from '../../../functions/core/caller.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import type { TenantRegistry } from '../../../functions/core/ports.ts';
import { sampleTenant } from '../core/sample.ts';

const byClaim = (value: string, issuer = 'https://a.example'): TenantReference => ({
  kind: 'claim',
  issuer,
  value,
});

let now: number;
let tenant: ReturnType<typeof sampleTenant> | undefined;
const findTenant = vi.fn(async () => tenant);
const findIssuer = vi.fn(async () => undefined);
let registry: TenantRegistry;

const pass = (seconds: number) => {
  now += seconds * 1000;
};

beforeEach(() => {
  now = 1_800_000_000_000;
  tenant = sampleTenant();
  vi.clearAllMocks();
  findTenant.mockImplementation(async () => tenant);
  registry = rememberTenants({ findTenant, findIssuer }, () => new Date(now));
});

describe('a remembered registry', () => {
  it('asks once for many requests, and once for requests that come together', async () => {
    await Promise.all([registry.findTenant(byClaim('acme')), registry.findTenant(byClaim('acme'))]);
    await registry.findTenant(byClaim('acme'));
    expect(findTenant).toHaveBeenCalledTimes(1);
  });

  it('lets a suspension bite within the stated time, which is at most 30 seconds', async () => {
    await registry.findTenant(byClaim('acme'));
    tenant = sampleTenant({}, { holds: ['operator'] });
    pass(REMEMBER_SECONDS + 0.001);
    expect((await registry.findTenant(byClaim('acme')))?.status).toBe('suspended');
    expect(REMEMBER_SECONDS).toBeLessThanOrEqual(30);
  });

  it('remembers that there is none, but not for long', async () => {
    tenant = undefined;
    await registry.findTenant(byClaim('new'));
    expect(await registry.findTenant(byClaim('new'))).toBeUndefined();
    expect(findTenant).toHaveBeenCalledTimes(1);
    tenant = sampleTenant();
    pass(REMEMBER_ABSENCE_SECONDS + 0.001);
    expect(await registry.findTenant(byClaim('new'))).toBe(tenant);
  });

  it('remembers no failure', async () => {
    findTenant.mockRejectedValueOnce(new VendingError('registry_unavailable'));
    await expect(registry.findTenant(byClaim('acme'))).rejects.toMatchObject({
      code: 'registry_unavailable',
    });
    expect(await registry.findTenant(byClaim('acme'))).toBe(tenant);
  });

  it('keeps references apart, however alike they are', async () => {
    const references: TenantReference[] = [
      byClaim('acme'),
      byClaim('acme', 'https://b.example'),
      byClaim('b', 'https://a.example","value":"acme'),
      byClaim('acme","value":"b'),
      { kind: 'tenant', issuer: 'https://own.example', tenantId: sampleTenant().tenantId },
    ];
    for (const reference of references) await registry.findTenant(reference);
    expect(findTenant.mock.calls).toEqual(references.map((reference) => [reference]));
  });
});
