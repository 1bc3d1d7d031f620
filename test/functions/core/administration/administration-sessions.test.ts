import { describe, expect, it } from 'vitest';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import { statusOfTenant } from '../../../../functions/core/tenant/tenant-record.ts';
import { NOW, RESOURCES, sampleDefinition, sampleTenantDefinition } from '../sample.ts';
import {
  ACME,
  ACT,
  administrationOver,
  HOLE,
  OTHER_ROLE,
  sampleAdministration,
  sampleEvent,
  withAcme,
} from './sample-administration.ts';

const DEFINITION = sampleTenantDefinition();
const CUSTOMER_ROLE = 'arn:aws:iam::444455556666:role/latchkey-acme';

describe("a tenant's status", () => {
  it('is suspended until the operator resumes it', async () => {
    const { administration, announced } = await withAcme();
    expect(statusOfTenant(await administration.suspendTenant(ACT, ACME, 1))).toBe('suspended');
    expect(statusOfTenant(await administration.resumeTenant(ACT, ACME, 2))).toBe('active');
    expect(announced).toMatchObject([
      { type: 'TenantStatusChanged', detail: { status: 'suspended', version: 2 } },
      { type: 'TenantStatusChanged', detail: { status: 'active', version: 3 } },
    ]);
  });

  it('is resumed by the operator from an event, and by no event from the operator', async () => {
    const { administration } = await withAcme();
    await administration.applyEvent(ACT, sampleEvent('suspend', 1));
    expect((await administration.resumeTenant(ACT, ACME, 'any')).holds).toEqual([]);
    await administration.suspendTenant(ACT, ACME, 'any');
    await administration.applyEvent(ACT, sampleEvent('resume', 2));
    expect((await administration.getTenant(ACT, ACME)).holds).toEqual(['operator']);
  });

  it('stays with an onboarding that has not been verified', async () => {
    const { administration, world } = sampleAdministration();
    world.report = () => ({ passed: false, probes: [HOLE] });
    await administration.applyEvent(ACT, sampleEvent('onboard', 1));
    expect((await administration.resumeTenant(ACT, ACME, 'any')).holds).toEqual(['onboarding']);
  });

  it('ends once and for all, with its sessions', async () => {
    const { administration, revoked, types, world } = await withAcme();
    world.report = () => ({ passed: false, probes: [HOLE] });
    const record = await administration.offboardTenant(ACT, ACME, 1);
    expect(statusOfTenant(record)).toBe('offboarded');
    expect(record.revokedBefore).toBe(new Date(NOW.getTime() + 30_000).toISOString());
    expect([...revoked.keys()]).toEqual([RESOURCES.tenantRoleArn, OTHER_ROLE]);
    expect(types()).toEqual(['TenantSessionsRevoked', 'TenantStatusChanged']);
    for (const call of [
      () => administration.putTenant(ACT, ACME, DEFINITION, 'absent'),
      () => administration.suspendTenant(ACT, ACME, 'any'),
      () => administration.resumeTenant(ACT, ACME, 'any'),
      () => administration.verifyTenant(ACT, ACME),
      () => administration.roleTemplate(ACT, ACME),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'tenant_offboarded' });
    expect(statusOfTenant(await administration.getTenant(ACT, ACME))).toBe('offboarded');
    expect(statusOfTenant(await administration.offboardTenant(ACT, ACME, 'any'))).toBe('offboarded');
  });
});

describe('revoking sessions', () => {
  it('names roles that the definition has lost lately, while sessions of them can live', async () => {
    const { administration, world } = await withAcme({ roles: { app: { roleArn: CUSTOMER_ROLE } } });
    await administration.putTenant(ACT, ACME, DEFINITION, 'any');
    const byCustomer = async () =>
      (await administration.revokeSessions(ACT, ACME)).roles
        .filter(({ outcome }) => outcome === 'by_customer')
        .map(({ roleArn }) => roleArn);
    expect(await byCustomer()).toEqual([CUSTOMER_ROLE]);
    world.now = new Date(NOW.getTime() + 3_631_000);
    expect(await byCustomer()).toEqual([]);
  });

  it("is done on every role of the deployment, granted or not, and asked of the tenant's own account", async () => {
    const { administration, store, revoked, announced } = await withAcme({
      roles: { app: { roleArn: CUSTOMER_ROLE } },
    });
    const report = await administration.revokeSessions(ACT, ACME);
    const before = '2026-11-21T12:00:00Z';
    expect(report).toMatchObject({
      tenantId: ACME,
      before,
      effectiveWithinSeconds: 600,
      roles: [
        { roleArn: RESOURCES.tenantRoleArn, outcome: 'cut_off' },
        { roleArn: OTHER_ROLE, outcome: 'cut_off' },
        { roleArn: CUSTOMER_ROLE, outcome: 'by_customer', statement: { Effect: 'Deny' } },
      ],
    });
    expect([...revoked]).toEqual(
      [RESOURCES.tenantRoleArn, OTHER_ROLE].map((role) => [role, [{ tenantId: ACME, before }]]),
    );
    expect(store.tenants.get(ACME)?.revokedBefore).toBe(NOW.toISOString());
    expect(announced).toMatchObject([{ type: 'TenantSessionsRevoked', detail: { before } }]);
  });

  it("does not leave a role of the deployment to the customer, whatever the tenant's record calls its own", async () => {
    const { administration } = await withAcme({ roles: { app: { roleArn: OTHER_ROLE } } });
    const { roles } = await administration.revokeSessions(ACT, ACME);
    expect(roles.map(({ outcome }) => outcome)).toEqual(['cut_off', 'cut_off']);
  });

  it('tries the other roles when one fails, and then says what to add where', async () => {
    const { administration, world, revoked, announced } = await withAcme();
    let calls = 0;
    world.fault = (call) => (call === 'revoke' && calls++ === 0 ? 'before' : undefined);
    await expect(administration.revokeSessions(ACT, ACME)).rejects.toMatchObject({
      code: 'revocation_failed',
      message: expect.stringMatching(
        `on ${RESOURCES.tenantRoleArn} \\(AWS refuses.*by hand: {"Effect":"Deny".*"acme"`,
      ),
    });
    expect([...revoked.keys()]).toEqual([OTHER_ROLE]);
    expect(announced).toEqual([]);
  });

  it("is done on the deployment's roles when the tenant's own profiles cannot be read any more, and is no success", async () => {
    const ownProfiles = [sampleDefinition({ name: 'own' })];
    const { store, administration } = await withAcme({ profiles: ['app', 'own'], ownProfiles });
    const taken = createProfileBook([sampleDefinition({ name: 'own' })], RESOURCES);
    const after = administrationOver(store, { profiles: taken });
    await expect(after.administration.revokeSessions(ACT, ACME)).rejects.toMatchObject({
      code: 'revocation_failed',
      message: expect.stringContaining('own profiles cannot be read'),
    });
    expect([...after.revoked.keys()]).toEqual([RESOURCES.tenantRoleArn]);
    await expect(administration.revokeSessions(ACT, ACME)).resolves.toBeDefined();
  });
});
