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
    world.now = new Date(NOW.getTime() + (12 * 3600 + 29) * 1000);
    expect(await byCustomer()).toEqual([CUSTOMER_ROLE]);
    world.now = new Date(NOW.getTime() + (12 * 3600 + 31) * 1000);
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

describe('revoking sessions of every method', () => {
  const { tenantRoleArn, federatedRoleArn, mfaRoleArn, federationUserArn, tenantUserArnPrefix } = RESOURCES;
  const OWN_USER = `${tenantUserArnPrefix}acme`;
  const PRINCIPALS = [tenantRoleArn, federatedRoleArn, mfaRoleArn, federationUserArn, OWN_USER];
  const { roleArn: _, ...lasting } = sampleDefinition({
    name: 'lasting',
    method: 'sessionToken',
    userArn: '{{resources.tenantUserArnPrefix}}{{tenant.id}}',
  });
  const book = createProfileBook([sampleDefinition(), lasting], RESOURCES);

  async function withEveryMethod(profiles: readonly string[] = ['app']) {
    const sample = sampleAdministration({ resources: RESOURCES, profiles: book });
    const definition = sampleTenantDefinition({ profiles: [...profiles] });
    await sample.administration.putTenant(ACT, ACME, definition, 'absent');
    return sample;
  }
  /** A fault of each call that is about the principal. */
  const failingAt = (at: number) => {
    let calls = 0;
    return (call: string) => (call === 'revoke' && calls++ === at ? ('before' as const) : undefined);
  };

  it('is done on every role and user that the deployment provides, used by a profile or not', async () => {
    const { administration, revoked } = await withEveryMethod();
    const { roles, users } = await administration.revokeSessions(ACT, ACME);
    expect([...revoked.keys()]).toEqual(PRINCIPALS);
    expect(roles.map(({ roleArn, outcome }) => [roleArn, outcome])).toEqual(
      [tenantRoleArn, federatedRoleArn, mfaRoleArn].map((roleArn) => [roleArn, 'cut_off']),
    );
    const tagged = { StringEquals: { 'aws:PrincipalTag/TenantId': ['acme'] } };
    const issued = { DateLessThan: { 'aws:TokenIssueTime': '2026-11-21T12:00:00Z' } };
    expect(users).toMatchObject([
      { userArn: federationUserArn, outcome: 'cut_off' },
      { userArn: OWN_USER, outcome: 'cut_off' },
    ]);
    expect(users.map(({ statement }) => statement.Condition)).toEqual([{ ...issued, ...tagged }, issued]);
  });

  it('is done for a tenant that ends, too', async () => {
    const { administration, revoked } = await withEveryMethod();
    await administration.offboardTenant(ACT, ACME, 'any');
    expect([...revoked.keys()]).toEqual(PRINCIPALS);
  });

  it("is no failure on the tenant's own user where it may use none: nobody need have made one", async () => {
    const { administration, world, types } = await withEveryMethod();
    world.fault = failingAt(4);
    const { users } = await administration.revokeSessions(ACT, ACME);
    expect(users.map(({ outcome }) => outcome)).toEqual(['cut_off', 'unconfirmed']);
    expect(types()).toContain('TenantSessionsRevoked');
  });

  it.each([
    [0, tenantRoleArn, /by hand: {.*StringEquals/],
    [1, federatedRoleArn, /by hand: {.*StringEquals/],
    [3, federationUserArn, /by hand: {.*StringEquals/],
    [4, OWN_USER, /by hand: (?!.*StringEquals)/],
  ])('is a failure at call %i, of %s, with the statement to add', async (at, arn, statement) => {
    const { administration, world, revoked } = await withEveryMethod(['app', 'lasting']);
    world.fault = failingAt(at);
    const failure = await administration.revokeSessions(ACT, ACME).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'revocation_failed', message: expect.stringContaining(arn) });
    expect((failure as Error).message).toMatch(statement);
    expect([...revoked.keys()]).toEqual(PRINCIPALS.filter((each) => each !== arn));
  });

  it('tells each statement with those that it is for', async () => {
    const { administration, world } = await withEveryMethod(['app', 'lasting']);
    world.fault = (call) => (call === 'revoke' ? 'before' : undefined);
    const { message } = (await administration.revokeSessions(ACT, ACME).catch((error) => error)) as Error;
    const [shared = '', own = ''] = message.split('; nor on ');
    expect(PRINCIPALS.filter((arn) => shared.includes(arn))).toEqual(PRINCIPALS.slice(0, 4));
    expect(own).toContain(OWN_USER);
    expect(own).not.toContain('StringEquals');
  });
});
