import { describe, expect, it, test } from 'vitest';
import type { Announcement } from '../../../../functions/core/administration/administrative-ports.ts';
import { isFinalRefusal } from '../../../../functions/core/administration/event-application.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { statusOfTenant } from '../../../../functions/core/tenant/tenant-record.ts';
import { sampleTenantDefinition } from '../sample.ts';
import {
  ACME,
  ACT,
  administrationOver,
  HOLE,
  sampleAdministration,
  sampleEvent,
} from './sample-administration.ts';

const FAILED = { passed: false, probes: [HOLE] };
const UNDECIDED = { passed: false, probes: [{ ...HOLE, outcome: 'undecided' as const }] };

/** An administration to which the events have come. */
async function havingHad(...events: ReturnType<typeof sampleEvent>[]) {
  const sample = sampleAdministration();
  const apply = (event: ReturnType<typeof sampleEvent>) => sample.administration.applyEvent(ACT, event);
  for (const event of events) await apply(event);
  sample.announced.length = 0;
  const status = async () => {
    const record = sample.store.tenants.get(ACME);
    return record && statusOfTenant(record);
  };
  return { ...sample, apply, status };
}

const ROLE = 'arn:aws:iam::444455556666:role/latchkey-acme';

describe('an onboarding', () => {
  it('is complete when every probe has passed', async () => {
    const { apply, announced, status, revoked, audited } = await havingHad();
    expect(await apply(sampleEvent('onboard', 1))).toBe('applied');
    expect(audited).toMatchObject([
      { operation: 'tenant.event', code: 'granted', tenantId: ACME, version: 2 },
    ]);
    expect(await status()).toBe('active');
    expect(announced).toMatchObject([
      {
        type: 'TenantOnboarded',
        tenantId: ACME,
        causedBy: 'onboard-1',
        detail: { status: 'active', version: 2 },
      },
    ]);
    expect(revoked.size).toBe(0);
  });

  it('stays held by a hole, which is named with its cure, and is tried again when the event is', async () => {
    const { apply, announced, types, status, world } = await havingHad();
    world.report = () => FAILED;
    await apply(sampleEvent('onboard', 1));
    expect(await status()).toBe('suspended');
    expect(announced).toMatchObject([
      {
        type: 'TenantOnboardingFailed',
        detail: { code: 'verification_failed', probes: [{ probe: HOLE.probe, cure: HOLE.cure }] },
      },
    ]);
    world.report = () => ({});
    expect(await apply(sampleEvent('onboard', 1))).toBe('repeated');
    expect(await status()).toBe('active');
    expect(types()).toEqual(['TenantOnboardingFailed', 'TenantOnboarded']);
  });

  it('comes again when a probe could not be decided', async () => {
    const { apply, announced, status, world } = await havingHad();
    world.report = () => UNDECIDED;
    await expect(apply(sampleEvent('onboard', 1))).rejects.toMatchObject({
      code: 'verification_unavailable',
    });
    expect(isFinalRefusal('verification_unavailable')).toBe(false);
    expect([await status(), announced.length]).toEqual(['suspended', 0]);
  });

  it('is not taken for refused when the verification does not understand what it is asked', async () => {
    const { store } = await havingHad();
    const verifier = {
      verify: async () => {
        throw new VendingError('request_invalid');
      },
    };
    const { administration } = administrationOver(store, { verifier });
    await expect(administration.applyEvent(ACT, sampleEvent('onboard', 1))).rejects.toMatchObject({
      code: 'verification_unavailable',
    });
  });

  it('is complete with the update that closes the hole', async () => {
    const { apply, types, status, world } = await havingHad();
    world.report = (profiles) => (profiles.includes('other') ? {} : FAILED);
    await apply(sampleEvent('onboard', 1));
    await apply(sampleEvent('update', 2, { profiles: ['app', 'other'] }));
    expect(await status()).toBe('active');
    expect(types()).toEqual(['TenantOnboardingFailed', 'TenantDefinitionChanged', 'TenantOnboarded']);
  });

  it('that could not be said to be complete is said to be when the update comes again', async () => {
    const { apply, types, world } = await havingHad();
    world.report = (profiles) => (profiles.includes('other') ? {} : FAILED);
    await apply(sampleEvent('onboard', 1));
    const update = sampleEvent('update', 2, { profiles: ['app', 'other'] });
    let announcements = 0;
    world.fault = (call) => (call === 'announce' && ++announcements === 2 ? 'before' : undefined);
    await expect(apply(update)).rejects.toMatchObject({ code: 'events_unavailable' });
    expect(types()).not.toContain('TenantOnboarded');
    await apply(update);
    expect(types().at(-1)).toBe('TenantOnboarded');
  });

  it('that changes nothing of what can be reached is complete without another verification', async () => {
    const { apply, types, world } = await havingHad(sampleEvent('onboard', 1));
    world.report = () => FAILED;
    await apply(sampleEvent('onboard', 2, { displayName: 'Acme 2' }));
    expect(types()).toEqual(['TenantOnboarded']);
  });

  it('is verified also when later events have come before it', async () => {
    const { apply, types, status, world } = await havingHad();
    world.report = () => UNDECIDED;
    await expect(apply(sampleEvent('update', 2))).rejects.toMatchObject({ code: 'verification_unavailable' });
    await apply(sampleEvent('resume', 3));
    world.report = () => ({});
    expect(await apply(sampleEvent('onboard', 1))).toBe('superseded');
    expect(await status()).toBe('active');
    expect(types()).toContain('TenantOnboarded');
  });

  it('of a tenant that operators have made, and nobody has verified, holds it until it is', async () => {
    const { administration, apply, announced, status, world } = await havingHad();
    await administration.putTenant(ACT, ACME, sampleTenantDefinition(), 'any');
    announced.length = 0;
    world.report = () => FAILED;
    await apply(sampleEvent('onboard', 1));
    expect(announced).toMatchObject([{ type: 'TenantOnboardingFailed' }]);
    expect(await status()).toBe('suspended');
  });

  it('is said again when it comes again', async () => {
    const { apply, types } = await havingHad(sampleEvent('onboard', 1));
    await apply(sampleEvent('onboard', 1));
    expect(types()).toEqual(['TenantOnboarded']);
  });
});

describe('an update', () => {
  it('is verified when it changes what can be reached, and only then', async () => {
    const { apply, types, announced, status, world } = await havingHad(sampleEvent('onboard', 1));
    world.report = () => FAILED;
    await apply(sampleEvent('update', 2, { displayName: 'Acme 2' }));
    expect(types()).toEqual(['TenantDefinitionChanged']);
    const reaching = [
      { profiles: ['app', 'other'] },
      { attributes: { plan: 'gold' } },
      { roles: { app: { roleArn: ROLE } } },
    ];
    for (const [index, reach] of reaching.entries()) {
      announced.length = 0;
      await apply(sampleEvent('update', 3 + index, reach));
      expect(types()).toEqual(['TenantDefinitionChanged', 'TenantVerificationFailed']);
      expect(announced.at(-1)).toMatchObject({
        causedBy: `update-${3 + index}`,
        detail: { probes: [{ cure: HOLE.cure }] },
      });
    }
    expect(await status()).toBe('active');
  });

  it('that comes late does not say that the definition has changed', async () => {
    const { apply, types } = await havingHad(sampleEvent('onboard', 1), sampleEvent('update', 3));
    expect(await apply(sampleEvent('update', 2))).toBe('superseded');
    expect(types()).not.toContain('TenantDefinitionChanged');
  });

  it('whose verification failed on the way is verified when it comes again, later ones in between', async () => {
    const { apply, types, world } = await havingHad(sampleEvent('onboard', 1));
    const update = sampleEvent('update', 2, { profiles: ['app', 'other'] });
    world.report = () => UNDECIDED;
    await expect(apply(update)).rejects.toMatchObject({ code: 'verification_unavailable' });
    await apply(sampleEvent('update', 3, { profiles: ['app', 'other'], displayName: 'x' }));
    world.report = () => FAILED;
    expect(await apply(update)).toBe('superseded');
    expect(types().at(-1)).toBe('TenantVerificationFailed');
  });
});

describe('an event of status', () => {
  test.each<[string, ReturnType<typeof sampleEvent>, string, string[], boolean]>([
    ['a suspension', sampleEvent('suspend', 2), 'suspended', ['TenantStatusChanged'], false],
    [
      'a suspension with its sessions',
      sampleEvent('suspend', 2, { revokeSessions: true }),
      'suspended',
      ['TenantSessionsRevoked', 'TenantStatusChanged'],
      true,
    ],
    ['a resumption', sampleEvent('resume', 2), 'active', ['TenantStatusChanged'], false],
    [
      'the end',
      sampleEvent('offboard', 2),
      'offboarded',
      ['TenantSessionsRevoked', 'TenantStatusChanged'],
      true,
    ],
  ])('%s, twice', async (_what, event, becomes, said, revokes) => {
    const { apply, types, status, revoked, announced } = await havingHad(sampleEvent('onboard', 1));
    for (const outcome of ['applied', 'repeated']) expect(await apply(event)).toBe(outcome);
    expect(await status()).toBe(becomes);
    expect(types()).toEqual([...said, ...said]);
    for (const { causedBy, type, detail } of announced) {
      expect(causedBy).toBe(event.eventId);
      if (type === 'TenantStatusChanged') expect(detail).toMatchObject({ status: becomes });
    }
    expect(revoked.size > 0).toBe(revokes);
  });

  it('that comes late says and changes nothing', async () => {
    const { apply, types, status } = await havingHad(sampleEvent('onboard', 1), sampleEvent('resume', 3));
    expect(await apply(sampleEvent('suspend', 2))).toBe('superseded');
    expect([await status(), types()]).toEqual(['active', []]);
  });

  it('that comes late cuts off sessions all the same', async () => {
    const { apply, types, status } = await havingHad(sampleEvent('onboard', 1), sampleEvent('resume', 3));
    await apply(sampleEvent('suspend', 2, { revokeSessions: true }));
    expect([await status(), types()]).toEqual(['active', ['TenantSessionsRevoked']]);
  });

  it('that comes again, hours later, cuts off nothing that has been made since', async () => {
    const suspension = sampleEvent('suspend', 2, { revokeSessions: true });
    const history = [sampleEvent('onboard', 1), suspension, sampleEvent('resume', 3)];
    const { administration, apply, status, revoked, world } = await havingHad(...history);
    const { revokedBefore } = await administration.getTenant(ACT, ACME);
    const cuts = [...revoked.values()].flat().map(({ before }) => before);
    world.now = new Date(world.now.getTime() + 3 * 3_600_000);
    expect(await apply(suspension)).toBe('superseded');
    expect(await status()).toBe('active');
    expect((await administration.getTenant(ACT, ACME)).revokedBefore).toBe(revokedBefore);
    expect([...revoked.values()].flat().map(({ before }) => before)).toEqual(cuts);
  });

  it('of the end may be the first', async () => {
    const { apply, status } = await havingHad();
    await apply(sampleEvent('offboard', 1));
    expect(await status()).toBe('offboarded');
  });
});

describe('an event that is refused for good', () => {
  test.each<
    [string, ReturnType<typeof sampleEvent>[], ReturnType<typeof sampleEvent>, Announcement['type'], string]
  >([
    [
      'for its definition',
      [],
      sampleEvent('onboard', 1, { profiles: ['app', 'admin'] }),
      'TenantOnboardingFailed',
      'request_invalid',
    ],
    [
      'for an issuer that is not there',
      [],
      sampleEvent('onboard', 1, { claims: [{ issuer: 'https://x.example', value: 'x' }] }),
      'TenantOnboardingFailed',
      'issuer_not_found',
    ],
    [
      'after the end',
      [sampleEvent('offboard', 1)],
      sampleEvent('update', 2),
      'TenantEventRejected',
      'tenant_offboarded',
    ],
    [
      'for its version',
      [sampleEvent('suspend', 2)],
      sampleEvent('resume', 2),
      'TenantEventRejected',
      'event_version_reused',
    ],
  ])('%s is announced as such', async (_what, before, event, type, code) => {
    const { apply, announced, store, world } = await havingHad(...before);
    const stored = store.tenants.get(ACME);
    world.fault = (call) => (call === 'announce' ? 'before' : undefined);
    // Not lost when it could not be said: the queue delivers it again.
    await expect(apply(event)).rejects.toMatchObject({ code: 'events_unavailable' });
    world.fault = () => undefined;
    await expect(apply(event)).rejects.toMatchObject({ code });
    expect(announced).toMatchObject([
      { type, tenantId: ACME, causedBy: event.eventId, detail: { code, reason: expect.any(String) } },
    ]);
    expect(store.tenants.get(ACME)).toEqual(stored);
    expect(isFinalRefusal(code as Parameters<typeof isFinalRefusal>[0])).toBe(true);
  });
});
