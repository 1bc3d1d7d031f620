import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  applyTenantEvent,
  defineTenant,
  newTenant,
  offboardTenant,
  resumeTenant,
  revokeTenant,
  suspendTenant,
  verifyTenant,
} from '../../../../functions/core/administration/tenant-changes.ts';
import type { TenantEvent } from '../../../../functions/core/administration/tenant-event.ts';
import { parseTenantDefinition } from '../../../../functions/core/tenant/tenant-definition.ts';
import {
  parseTenantRecord,
  statusOfTenant,
  type TenantRecord,
} from '../../../../functions/core/tenant/tenant-record.ts';
import { codeOf, EXTERNAL_ID, NOW, sampleTenantDefinition } from '../sample.ts';
import { ACME, sampleEvent } from './sample-administration.ts';

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const fresh = () => newTenant({ tenantId: ACME, externalId: EXTERNAL_ID }, NOW);
const definition = parseTenantDefinition(sampleTenantDefinition());
const active = () => defineTenant(fresh(), definition, NOW);
const apply = (record: TenantRecord, ...events: TenantEvent[]) =>
  events.reduce((before, event) => applyTenantEvent(before, event, NOW).record, record);

describe('a change', () => {
  it('makes a record that can be stored, one version on', () => {
    const record = suspendTenant(active(), 'operator', later(1));
    expect(parseTenantRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(record).toMatchObject({
      version: 2,
      updatedAt: later(1).toISOString(),
      createdAt: NOW.toISOString(),
    });
  });

  test.each<[string, (record: TenantRecord) => TenantRecord]>([
    [
      'the same definition, written in another order',
      (record) =>
        defineTenant(
          record,
          parseTenantDefinition({ defaultProfile: 'app', profiles: ['app'], displayName: 'Acme Ltd' }),
          later(9),
        ),
    ],
    [
      'a hold that is there',
      (record) => suspendTenant(suspendTenant(record, 'event', NOW), 'event', later(9)),
    ],
    ['a hold that is not there', (record) => resumeTenant(record, ['operator'], later(9))],
    ['an end that has come', (record) => offboardTenant(offboardTenant(record, NOW), later(9))],
    [
      'an earlier revocation',
      (record) => revokeTenant(revokeTenant(record, later(5), NOW), later(4), later(9)),
    ],
  ])('that says %s again is none', (_what, change) => {
    expect(change(active()).updatedAt).toBe(NOW.toISOString());
  });

  test.each<[string, (record: TenantRecord) => unknown]>([
    ['defined', (record) => defineTenant(record, definition, NOW)],
    ['suspended', (record) => suspendTenant(record, 'operator', NOW)],
    ['resumed', (record) => resumeTenant(record, ['operator'], NOW)],
    ['verified', (record) => verifyTenant(record, NOW)],
    ['onboarded', (record) => apply(record, sampleEvent('onboard', 9))],
  ])('does not come after the end: not %s', (_what, change) => {
    expect(codeOf(() => change(offboardTenant(active(), NOW)))).toBe('tenant_offboarded');
  });

  it('remembers since when a tenant has been inactive, not since when it has been held twice', () => {
    const once = suspendTenant(active(), 'operator', later(1));
    const twice = suspendTenant(once, 'event', later(2));
    expect(twice.inactiveSince).toBe(later(1).toISOString());
    const halfway = resumeTenant(twice, ['event'], later(3));
    expect([statusOfTenant(halfway), halfway.inactiveSince]).toEqual(['suspended', later(1).toISOString()]);
    const resumed = resumeTenant(halfway, ['operator'], later(4));
    expect([statusOfTenant(resumed), 'inactiveSince' in resumed]).toEqual(['active', false]);
    expect(offboardTenant(resumed, later(5)).inactiveSince).toBe(later(5).toISOString());
  });

  it('moves a revocation forward alone', () => {
    const record = revokeTenant(revokeTenant(active(), later(1), NOW), later(2), NOW);
    expect(record.revokedBefore).toBe(later(2).toISOString());
  });
});

describe('an event', () => {
  it('makes a tenant that waits for its verification, whichever comes first', () => {
    for (const kind of ['onboard', 'update', 'suspend', 'resume'] as const)
      expect(apply(fresh(), sampleEvent(kind, 1)).holds).toContain('onboarding');
    const onboarded = apply(fresh(), sampleEvent('onboard', 1));
    expect(statusOfTenant(verifyTenant(onboarded, NOW))).toBe('active');
  });

  it('does not hold what operators have made and verified; what nobody has verified, only to onboard it', () => {
    const verified = verifyTenant(active(), NOW);
    expect(apply(verified, sampleEvent('onboard', 1), sampleEvent('update', 2)).holds).toEqual([]);
    expect(apply(active(), sampleEvent('update', 1)).holds).toEqual([]);
    expect(apply(active(), sampleEvent('onboard', 1)).holds).toEqual(['onboarding']);
  });

  it('cuts off sessions in the change that it makes, and only the first time', () => {
    const cutting = sampleEvent('suspend', 2, { revokeSessions: true });
    const first = apply(verifyTenant(active(), NOW), sampleEvent('onboard', 1), cutting);
    expect(first.revokedBefore).toBe(later(30).toISOString());
    expect(apply(first, cutting)).toEqual(first);
    const resumed = applyTenantEvent(first, sampleEvent('resume', 3), later(9)).record;
    expect(applyTenantEvent(resumed, cutting, later(999)).record).toEqual(resumed);
    const again = sampleEvent('suspend', 4, { revokeSessions: true });
    const second = applyTenantEvent(resumed, again, later(999)).record;
    expect(second.revokedBefore).toBe(later(1029).toISOString());
  });

  it("lifts its own hold and not the operator's", () => {
    const held = suspendTenant(suspendTenant(active(), 'operator', NOW), 'event', NOW);
    expect(apply(held, sampleEvent('resume', 1)).holds).toEqual(['operator']);
  });

  test.each<[string, TenantEvent[], TenantEvent, string]>([
    ['that is new', [], sampleEvent('onboard', 1), 'applied'],
    ['that comes twice', [sampleEvent('onboard', 1)], sampleEvent('onboard', 1), 'repeated'],
    [
      'that comes twice, others in between',
      [sampleEvent('suspend', 1), sampleEvent('update', 2)],
      sampleEvent('suspend', 1),
      'repeated',
    ],
    ['that comes late', [sampleEvent('suspend', 2)], sampleEvent('resume', 1), 'superseded'],
    ['of which a part comes late', [sampleEvent('update', 2)], sampleEvent('onboard', 1), 'applied'],
    [
      'of which all comes late',
      [sampleEvent('update', 2), sampleEvent('resume', 3)],
      sampleEvent('onboard', 1),
      'superseded',
    ],
    ['of the end', [sampleEvent('suspend', 9)], sampleEvent('offboard', 1), 'applied'],
    ['of the end, twice', [sampleEvent('offboard', 1)], sampleEvent('offboard', 2), 'repeated'],
  ])('%s', (_what, before, event, outcome) => {
    const record = apply(fresh(), ...before);
    const after = applyTenantEvent(record, event, later(1));
    expect(after.outcome).toBe(outcome);
    expect(after.record === record).toBe(outcome !== 'applied');
  });

  test.each<[TenantEvent['kind'], TenantEvent['kind']]>([
    ['update', 'onboard'],
    ['onboard', 'update'],
    ['resume', 'suspend'],
    ['suspend', 'onboard'],
  ])('%s is refused with the version of an %s', (kind, applied) => {
    const record = apply(fresh(), sampleEvent(applied, 3));
    expect(codeOf(() => apply(record, sampleEvent(kind, 3)))).toBe('event_version_reused');
  });

  it('counts by its version, in whatever order they come and however often', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.record({ kind: fc.constantFrom(...KINDS), version: fc.nat(20) }), {
            selector: ({ version }) => version,
            minLength: 1,
            maxLength: 6,
          })
          .map((events) =>
            events.map(({ kind, version }) => sampleEvent(kind, version, { displayName: `by ${version}` })),
          )
          .chain((events) =>
            fc.tuple(
              ...[0, 1].map(() =>
                fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
              ),
            ),
          ),
        ([one = [], other = []]) => {
          expect(essence(apply(fresh(), ...one))).toEqual(essence(apply(fresh(), ...other)));
        },
      ),
    );
  });
});

const KINDS = ['onboard', 'update', 'suspend', 'resume'] as const;

/** A record without what tells of its way there. */
function essence({ definition, holds, events }: TenantRecord): unknown {
  return { definition, holds: [...holds].sort(), events };
}
