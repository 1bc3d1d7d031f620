import { describe, expect, it } from 'vitest';
import { statusOfTenant } from '../../../../functions/core/tenant/tenant-record.ts';
import { NOW, sampleTenantDefinition } from '../sample.ts';
import {
  ACME,
  ACT,
  administrationOver,
  HOLE,
  sampleAdministration,
  sampleEvent,
  VEND_ROLE,
  withAcme,
} from './sample-administration.ts';

const DEFINITION = sampleTenantDefinition();

describe('verifying a tenant', () => {
  it('is written down when it passes, and announced when it was waited for', async () => {
    const { administration, types, announced } = await withAcme();
    expect(await administration.verifyTenant(ACT, ACME)).toMatchObject({ passed: true });
    expect((await administration.getTenant(ACT, ACME)).verifiedAt).toBe(NOW.toISOString());
    expect(types()).toEqual([]);

    const held = sampleAdministration();
    held.world.report = () => ({ passed: false, probes: [HOLE] });
    await held.administration.applyEvent(ACT, sampleEvent('onboard', 1));
    await held.administration.verifyTenant(ACT, ACME);
    held.world.report = () => ({});
    await held.administration.verifyTenant(ACT, ACME);
    expect(held.types()).toEqual(['TenantOnboardingFailed', 'TenantOnboardingFailed', 'TenantOnboarded']);
    expect(statusOfTenant(await held.administration.getTenant(ACT, ACME))).toBe('active');
    expect(announced).toEqual([]);
  });

  it('names the hole and the cure, and changes nothing, when it fails', async () => {
    const { administration, world, announced } = await withAcme();
    world.report = () => ({
      passed: false,
      probes: [HOLE, { ...HOLE, probe: 'canary_vend', outcome: 'passed' }],
    });
    expect(await administration.verifyTenant(ACT, ACME)).toMatchObject({ passed: false });
    const { outcome: _, ...hole } = HOLE;
    expect(announced).toMatchObject([
      { type: 'TenantVerificationFailed', detail: { code: 'verification_failed', probes: [hole] } },
    ]);
    expect(await administration.getTenant(ACT, ACME)).toMatchObject({ version: 1 });
  });

  it('blames nobody for what could not be found out', async () => {
    const { administration, world, announced } = await withAcme();
    world.report = () => ({ passed: false, probes: [{ ...HOLE, outcome: 'undecided' }] });
    expect(await administration.verifyTenant(ACT, ACME)).toMatchObject({ passed: false });
    expect(announced).toEqual([]);
  });

  it('is about what is there in the end: probes run again when the tenant is changed meanwhile', async () => {
    const { administration, world, store } = await withAcme();
    const other = administrationOver(store).administration;
    const seen: (readonly string[])[] = [];
    const changing = administrationOver(store, {
      verifier: {
        async verify(tenantId) {
          const { definition } = await administration.getTenant(ACT, tenantId);
          seen.push(definition?.profiles ?? []);
          if (seen.length === 1)
            await other.putTenant(ACT, ACME, { ...DEFINITION, profiles: ['app', 'other'] }, 'any');
          return { tenantId, passed: seen.length === 1, verifiedAt: world.now.toISOString(), probes: [] };
        },
      },
    });
    expect(await changing.administration.verifyTenant(ACT, ACME)).toMatchObject({ passed: false });
    expect(seen).toEqual([['app'], ['app', 'other']]);
    expect((await administration.getTenant(ACT, ACME)).verifiedAt).toBeUndefined();
  });
});

describe("the template for a customer's account", () => {
  it("has the tenant's external id, and a link where templates are hosted", async () => {
    const { administration, store } = await withAcme();
    const answer = await administration.roleTemplate(ACT, ACME);
    const externalId = store.tenants.get(ACME)?.externalId;
    expect(answer).toMatchObject({ tenantId: ACME, externalId, vendRoleArn: VEND_ROLE });
    expect(JSON.stringify(answer.template)).toContain(externalId);
    expect(answer.quickCreate?.url).toContain(encodeURIComponent('https://templates.example/'));
  });

  it('has no link where none are', async () => {
    const { store } = await withAcme();
    const { administration } = administrationOver(store, {
      templateHost: { publish: async () => undefined },
    });
    expect(await administration.roleTemplate(ACT, ACME)).toMatchObject({ quickCreate: undefined });
  });
});
