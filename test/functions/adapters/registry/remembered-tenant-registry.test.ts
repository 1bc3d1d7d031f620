import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WRITE_MILLISECONDS } from '../../../../functions/adapters/registry/registry-table.ts';
import {
  REMEMBER_ABSENCE_SECONDS,
  REMEMBER_SECONDS,
  REMEMBER_UNAVAILABLE_SECONDS,
  rememberTenants,
} from '../../../../functions/adapters/registry/remembered-tenant-registry.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import type { SamlProviders, TenantRegistry } from '../../../../functions/core/ports.ts';
import { REGISTRY_LAG_SECONDS } from '../../../../functions/core/revocation/revocation.ts';
import type { TenantReference } from '../../../../functions/core/token/caller.ts';
import { sampleTenant } from '../../core/sample.ts';

const byClaim = (value: string, issuer = 'https://a.example'): TenantReference => ({
  kind: 'claim',
  issuer,
  value,
});

let now: number;
let tenant: ReturnType<typeof sampleTenant> | undefined;
const findTenant = vi.fn(async () => tenant);
const findIssuer = vi.fn(async () => undefined);
const provider = {
  entityId: 'urn:idp',
  providerArn: 'arn:aws:iam::111122223333:saml-provider/acme',
  certificates: [],
  tenantId: sampleTenant().tenantId,
};
const findSamlProvider = vi.fn(async (entityId: string) => (entityId === 'urn:idp' ? provider : undefined));
let registry: TenantRegistry & SamlProviders;

const pass = (seconds: number) => {
  now += seconds * 1000;
};

beforeEach(() => {
  now = 1_800_000_000_000;
  tenant = sampleTenant();
  vi.clearAllMocks();
  findTenant.mockImplementation(async () => tenant);
  registry = rememberTenants({ findTenant, findIssuer, findSamlProvider }, () => new Date(now));
});

it('adds up: what is stale, a write that is under way and a vend that has begun stay within the stated time', () => {
  const vendSeconds = 2;
  expect(REMEMBER_UNAVAILABLE_SECONDS + WRITE_MILLISECONDS / 1000 + vendSeconds).toBeLessThan(
    REGISTRY_LAG_SECONDS,
  );
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
    expect(REMEMBER_SECONDS).toBeLessThanOrEqual(REGISTRY_LAG_SECONDS);
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

  it('remembers no failure of what it does not know', async () => {
    findTenant.mockRejectedValueOnce(new VendingError('registry_unavailable'));
    await expect(registry.findTenant(byClaim('acme'))).rejects.toMatchObject({
      code: 'registry_unavailable',
    });
    expect(await registry.findTenant(byClaim('acme'))).toBe(tenant);
  });

  it('remembers SAML identity providers as long, and that there is none as short', async () => {
    const findBoth = async () => [
      await registry.findSamlProvider('urn:idp'),
      await registry.findSamlProvider('urn:other'),
    ];
    expect([await findBoth(), await findBoth()]).toEqual([
      [provider, undefined],
      [provider, undefined],
    ]);
    expect(findSamlProvider).toHaveBeenCalledTimes(2);
    pass(REMEMBER_ABSENCE_SECONDS + 0.001);
    await findBoth();
    expect(findSamlProvider.mock.calls.at(-1)).toEqual(['urn:other']);
    expect(findSamlProvider).toHaveBeenCalledTimes(3);
    pass(REMEMBER_SECONDS - REMEMBER_ABSENCE_SECONDS);
    await registry.findSamlProvider('urn:idp');
    expect(findSamlProvider).toHaveBeenCalledTimes(4);
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

describe('a remembered registry, while the other cannot be read', () => {
  const unavailable = new VendingError('registry_unavailable');
  const find = () => registry.findTenant(byClaim('acme'));
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      ({ code }) => code,
    );

  beforeEach(async () => {
    await find();
    findTenant.mockRejectedValue(unavailable);
    pass(REMEMBER_SECONDS + 0.001);
  });

  it('serves what it knew until that is too old, and no longer', async () => {
    pass(REMEMBER_UNAVAILABLE_SECONDS - REMEMBER_SECONDS - 0.002);
    expect(await find()).toBe(tenant);
    pass(0.002);
    expect(await codeOf(find())).toBe('registry_unavailable');
    expect(REMEMBER_UNAVAILABLE_SECONDS).toBeLessThan(REGISTRY_LAG_SECONDS);
  });

  it('leaves it alone for a second', async () => {
    expect(await find()).toBe(tenant);
    expect(await find()).toBe(tenant);
    pass(1);
    expect(await find()).toBe(tenant);
    expect(findTenant).toHaveBeenCalledTimes(2);
    pass(0.001);
    expect(await find()).toBe(tenant);
    expect(findTenant).toHaveBeenCalledTimes(3);
  });

  it('does not serve for a second what becomes too old before', async () => {
    pass(REMEMBER_UNAVAILABLE_SECONDS - REMEMBER_SECONDS - 0.5);
    expect(await find()).toBe(tenant);
    pass(0.5);
    expect(await codeOf(find())).toBe('registry_unavailable');
  });

  it('counts from when it asked, not from when it was answered', async () => {
    findTenant.mockImplementation(async () => {
      pass(4);
      return tenant;
    });
    await find();
    findTenant.mockRejectedValue(unavailable);
    pass(REMEMBER_SECONDS + 0.001);
    expect(await find()).toBe(tenant);
    pass(REMEMBER_UNAVAILABLE_SECONDS - 4 - REMEMBER_SECONDS - 0.001);
    expect(await codeOf(find())).toBe('registry_unavailable');
  });

  it('looks at the time after it has asked in vain', async () => {
    findTenant.mockImplementation(async () => {
      pass(REMEMBER_UNAVAILABLE_SECONDS - REMEMBER_SECONDS);
      throw unavailable;
    });
    expect(await codeOf(find())).toBe('registry_unavailable');
  });

  it('reads anew as soon as it can', async () => {
    await find();
    tenant = sampleTenant({}, { holds: ['operator'] });
    findTenant.mockImplementation(async () => tenant);
    pass(1.001);
    expect((await find())?.status).toBe('suspended');
  });

  it.each([
    ['a damaged record', new VendingError('record_invalid')],
    ['something unforeseen', new TypeError('x')],
  ])('does not serve it in place of %s, nor after', async (_, error) => {
    findTenant.mockRejectedValue(error);
    await expect(find()).rejects.toBe(error);
    findTenant.mockRejectedValue(unavailable);
    expect(await codeOf(find())).toBe('registry_unavailable');
  });

  it('does not serve it in place of absence, nor absence for what cannot be read', async () => {
    findTenant.mockImplementation(async () => undefined);
    expect(await find()).toBeUndefined();
    findTenant.mockRejectedValue(unavailable);
    pass(REMEMBER_ABSENCE_SECONDS + 0.001);
    expect(await codeOf(find())).toBe('registry_unavailable');
  });
});
