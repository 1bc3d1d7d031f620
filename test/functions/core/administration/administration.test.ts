import { describe, expect, it, test } from 'vitest';
import type { Precondition } from '../../../../functions/core/administration/administration.ts';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { statusOfTenant } from '../../../../functions/core/tenant/tenant-record.ts';
import { sampleTenantDefinition } from '../sample.ts';
import { createMemoryTenantStore } from './memory-tenant-store.ts';
import {
  ACME,
  ACT,
  administrationOver,
  sampleAdministration,
  sampleEvent,
  withAcme,
} from './sample-administration.ts';

const DEFINITION = sampleTenantDefinition();

describe('putting a tenant', () => {
  it('makes it, active at once, with an external id that nobody has chosen', async () => {
    const { administration, store, announced, audited } = sampleAdministration();
    const { record, created } = await administration.putTenant(ACT, ACME, DEFINITION, 'absent');
    expect([created, statusOfTenant(record), record.version]).toEqual([true, 'active', 1]);
    expect(record.externalId).toMatch(/^[\w-]{43}$/);
    expect(store.tenants.get(ACME)).toEqual(record);
    expect(announced).toMatchObject([
      { type: 'TenantDefinitionChanged', tenantId: ACME, detail: { status: 'active', version: 1 } },
    ]);
    expect(audited).toMatchObject([
      {
        operation: 'tenant.put',
        code: 'granted',
        vendId: 'r-1',
        actor: ACT.actor,
        tenantId: ACME,
        version: 1,
      },
    ]);
  });

  it('makes it wait for its verification where that is asked for, and holds no tenant that was active', async () => {
    const { administration } = sampleAdministration();
    const holding = { holdUntilVerified: true };
    const { record } = await administration.putTenant(ACT, ACME, DEFINITION, 'absent', holding);
    expect(record).toMatchObject({ holds: ['onboarding'], version: 1, inactiveSince: record.createdAt });
    await administration.verifyTenant(ACT, ACME);
    const changed = { ...DEFINITION, displayName: 'Acme 2' };
    const again = await administration.putTenant(ACT, ACME, changed, 'any', holding);
    expect(statusOfTenant(again.record)).toBe('active');
  });

  it('replaces what was written of it, and nothing else', async () => {
    const { administration, store } = await withAcme();
    const { externalId } = store.tenants.get(ACME) ?? {};
    await administration.suspendTenant(ACT, ACME, 'any');
    const { record, created } = await administration.putTenant(
      ACT,
      ACME,
      { ...DEFINITION, displayName: 'Acme 2' },
      2,
    );
    expect(created).toBe(false);
    expect(record).toMatchObject({
      version: 3,
      externalId,
      holds: ['operator'],
      definition: { displayName: 'Acme 2' },
    });
  });

  it('writes nothing when it is the same', async () => {
    const { administration } = await withAcme({ attributes: { a: '1', b: '2' } });
    const same = { attributes: { b: '2', a: '1' }, ...DEFINITION };
    const { record } = await administration.putTenant(ACT, ACME, same, 1);
    expect(record.version).toBe(1);
  });

  test.each<[string, unknown, readonly PropertyKey[]]>([
    ['what is no definition', { ...DEFINITION, trusted: true }, []],
    ['a member that is wrong', { ...DEFINITION, displayName: 7 }, ['displayName']],
    ['a profile that does not exist', { ...DEFINITION, profiles: ['app', 'admin'] }, ['profiles', 1]],
  ])('refuses %s, and says where', async (_what, definition, path) => {
    const { administration, store, announced, audited } = sampleAdministration();
    await expect(administration.putTenant(ACT, ACME, definition, 'any')).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/^tenant: /),
      faults: [{ path }],
    });
    expect([store.tenants.size, announced.length]).toEqual([0, 0]);
    expect(audited).toMatchObject([{ code: 'request_invalid', tenantId: ACME, actor: ACT.actor }]);
  });

  it('finishes one of which only events have come, and lifts none of its holds', async () => {
    const { administration } = sampleAdministration();
    await administration.applyEvent(ACT, sampleEvent('suspend', 1));
    await expect(administration.getTenant(ACT, ACME)).rejects.toMatchObject({ code: 'tenant_not_found' });
    await expect(administration.putTenant(ACT, ACME, DEFINITION, 1)).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    const { record, created } = await administration.putTenant(ACT, ACME, DEFINITION, 'absent');
    expect([created, record.holds]).toEqual([true, ['onboarding', 'event']]);
  });
});

describe('a precondition', () => {
  const put = (precondition: Precondition) => (administration: Administered) =>
    administration.putTenant(ACT, ACME, { ...DEFINITION, displayName: 'x' }, precondition);
  type Administered = Awaited<ReturnType<typeof withAcme>>['administration'];

  test.each<[string, (administration: Administered) => Promise<unknown>]>([
    ['another version, for a put', put(2)],
    ['none, for a put', put('absent')],
    ['another version, for a suspension', (a) => a.suspendTenant(ACT, ACME, 2)],
    ['another version, for a resumption', (a) => a.resumeTenant(ACT, ACME, 2)],
    ['another version, for an end', (a) => a.offboardTenant(ACT, ACME, 2)],
    ['none, for a suspension', (a) => a.suspendTenant(ACT, ACME, 'absent')],
  ])('that names %s stops it', async (_what, call) => {
    const { administration, store, announced } = await withAcme();
    await expect(call(administration)).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(store.tenants.get(ACME)?.version).toBe(1);
    expect(announced).toEqual([]);
  });

  it('that names a version stops the making of one that is not there', async () => {
    const { administration } = sampleAdministration();
    await expect(put(1)(administration)).rejects.toMatchObject({ code: 'precondition_failed' });
  });
});

describe('somebody else who writes at the same time', () => {
  /** A store in which acme is suspended by somebody else right before each of the first writes. */
  function crowded(times: number) {
    const store = createMemoryTenantStore();
    const other = administrationOver(store).administration;
    let left = 0;
    const crowd: TenantStore = {
      ...store,
      async writeTenant(next, previous) {
        if (left-- > 0) {
          if (previous === undefined) await other.putTenant(ACT, ACME, DEFINITION, 'any');
          else if (previous.holds.length === 0) await other.suspendTenant(ACT, ACME, 'any');
          else await other.resumeTenant(ACT, ACME, 'any');
        }
        await store.writeTenant(next, previous);
      },
    };
    const begin = () => {
      left = times;
    };
    return {
      store,
      other,
      administration: administrationOver(store, { store: crowd }).administration,
      begin,
    };
  }

  it('loses nothing, and neither does this one', async () => {
    const { administration, store, other, begin } = crowded(3);
    await other.putTenant(ACT, ACME, DEFINITION, 'any');
    begin();
    await administration.putTenant(ACT, ACME, { ...DEFINITION, displayName: 'x' }, 'any');
    expect(store.tenants.get(ACME)).toMatchObject({
      version: 5,
      holds: ['operator'],
      definition: { displayName: 'x' },
    });
  });

  test.each<[string, number, Precondition, string]>([
    ['too often', 4, 'any', 'write_conflict'],
    ['once, with a version', 1, 1, 'precondition_failed'],
  ])('%s stops this one', async (_what, times, precondition, code) => {
    const { administration, other, begin } = crowded(times);
    await other.putTenant(ACT, ACME, DEFINITION, 'any');
    begin();
    await expect(
      administration.putTenant(ACT, ACME, { ...DEFINITION, displayName: 'x' }, precondition),
    ).rejects.toMatchObject({ code });
  });

  it('and makes what was to be made stops this one', async () => {
    const { administration, begin } = crowded(1);
    begin();
    await expect(
      administration.putTenant(ACT, ACME, { ...DEFINITION, displayName: 'x' }, 'absent'),
    ).rejects.toMatchObject({
      code: 'precondition_failed',
    });
  });

  it('is not taken for this one, whose SDK repeats a write of which the answer was lost', async () => {
    const store = createMemoryTenantStore();
    const repeating: TenantStore = {
      ...store,
      async writeTenant(next, previous) {
        await store.writeTenant(next, previous);
        throw new VendingError('write_conflict');
      },
    };
    const { administration } = administrationOver(store, { store: repeating });
    const { created, record } = await administration.putTenant(ACT, ACME, DEFINITION, 'absent');
    expect([created, record.version]).toEqual([true, 1]);
  });
});

describe('a tenant that there is not', () => {
  type Administered = ReturnType<typeof sampleAdministration>['administration'];
  test.each<[string, (administration: Administered) => Promise<unknown>]>([
    ['read', (a) => a.getTenant(ACT, ACME)],
    ['suspended', (a) => a.suspendTenant(ACT, ACME, 'any')],
    ['resumed', (a) => a.resumeTenant(ACT, ACME, 'any')],
    ['revoked', (a) => a.revokeSessions(ACT, ACME)],
    ['offboarded', (a) => a.offboardTenant(ACT, ACME, 'any')],
    ['verified', (a) => a.verifyTenant(ACT, ACME)],
    ['given a template', (a) => a.roleTemplate(ACT, ACME)],
  ])('cannot be %s, nor one that only events have spoken of', async (_what, call) => {
    const { administration, revoked } = sampleAdministration();
    await expect(call(administration)).rejects.toMatchObject({ code: 'tenant_not_found' });
    await administration.applyEvent(ACT, sampleEvent('suspend', 1));
    await expect(call(administration)).rejects.toMatchObject({ code: 'tenant_not_found' });
    expect(revoked.size).toBe(0);
  });
});

describe('every act', () => {
  it('leaves one audit event with who did it', async () => {
    const { administration, audited } = sampleAdministration();
    await administration.putTenant(ACT, ACME, DEFINITION, 'any');
    await administration.getTenant(ACT, ACME);
    await administration.listTenants(ACT, { limit: 10 });
    await administration.suspendTenant(ACT, ACME, 'any');
    await administration.resumeTenant(ACT, ACME, 'any');
    await administration.revokeSessions(ACT, ACME);
    await administration.verifyTenant(ACT, ACME);
    await administration.roleTemplate(ACT, ACME);
    await administration.applyEvent(ACT, sampleEvent('update', 1));
    await administration.offboardTenant(ACT, ACME, 'any');
    expect(audited.map(({ operation, version }) => [operation, version])).toEqual([
      ['tenant.put', 1],
      ['tenant.get', 1],
      ['tenant.list', undefined],
      ['tenant.suspend', 2],
      ['tenant.resume', 3],
      ['tenant.revoke', 4],
      ['tenant.verify', 5],
      ['tenant.role_template', 5],
      ['tenant.event', 6],
      ['tenant.offboard', 7],
    ]);
    for (const event of audited)
      expect(event).toMatchObject({ ...{ vendId: 'r-1', actor: ACT.actor }, code: 'granted' });
  });

  it('throws nothing but a VendingError', async () => {
    const store = createMemoryTenantStore();
    store.readTenant = async () => {
      throw new TypeError('x');
    };
    const { administration, audited } = administrationOver(store, { store });
    await expect(administration.getTenant(ACT, ACME)).rejects.toBeInstanceOf(VendingError);
    expect(audited).toMatchObject([{ code: 'internal_error', actor: ACT.actor, tenantId: ACME }]);
  });
});
