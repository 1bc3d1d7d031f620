import type { Note } from '../audited.ts';
import type { Clock } from '../clock.ts';
import { type ErrorCode, VendingError } from '../errors.ts';
import { isSameData } from '../same-data.ts';
import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { Announcement, Announcer } from './administrative-ports.ts';
import type { AssertDefinitionFits } from './definition-fit.ts';
import type { CutSessions } from './session-cut.ts';
import { changed, onboarded, verificationFailed } from './tenant-announcements.ts';
import { applyTenantEvent, type EventOutcome } from './tenant-changes.ts';
import type { TenantEvent } from './tenant-event.ts';
import type { TenantRecords } from './tenant-records.ts';
import type { VerifyTenant } from './tenant-verification.ts';

/** What events are applied with. */
export interface EventApplicationOptions {
  readonly records: TenantRecords;
  readonly assertFits: AssertDefinitionFits;
  readonly cutSessions: CutSessions;
  readonly verify: VerifyTenant;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/**
 * Applies an event and does what follows from it. An event that failed on the way is delivered again, possibly after
 * later ones, so what follows is done for one that counted before or was superseded as well, where it can be missing.
 */
export type ApplyEvent = (event: TenantEvent, note: Note) => Promise<EventOutcome>;

/** Whether the same event would be refused again however often it came: it has been announced as refused, and is done with. */
export function isFinalRefusal(code: ErrorCode): boolean {
  return FINAL_REFUSALS.has(code);
}

const FINAL_REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'request_invalid',
  'binding_taken',
  'issuer_not_found',
  'tenant_offboarded',
  'event_version_reused',
]);

/** A tenant's record before and after an event. */
interface Applied {
  readonly before: TenantRecord | undefined;
  readonly record: TenantRecord;
  readonly outcome: EventOutcome;
}

/** See `ApplyEvent`. */
export function createEventApplication(options: EventApplicationOptions): ApplyEvent {
  const { records, assertFits, cutSessions, verify, announcer, clock } = options;

  async function apply(event: TenantEvent, note: Note): Promise<EventOutcome> {
    const { tenantId, kind } = event;
    if (kind === 'onboard' || kind === 'update') assertFits(tenantId, event.definition);
    const applied = await records.change(tenantId, (stored) =>
      applyTenantEvent(stored ?? records.create(tenantId), event, clock()),
    );
    note({ version: applied.record.version });
    const latest =
      kind === 'onboard' || kind === 'update'
        ? await followDefinition(event, applied)
        : await followStatus(event, applied);
    note({ version: latest.version });
    return applied.outcome;
  }

  async function followDefinition({ kind, eventId }: TenantEvent, applied: Applied): Promise<TenantRecord> {
    const { record, outcome } = applied;
    if (kind === 'update' && outcome !== 'superseded')
      await announcer.announce(changed('TenantDefinitionChanged', record, eventId));
    if (isVerificationDue(applied)) return verifyAndSay(kind, eventId, applied);
    if (kind === 'onboard') await announcer.announce(onboarded(record, eventId));
    return record;
  }

  async function verifyAndSay(
    kind: TenantEvent['kind'],
    eventId: string,
    { record: { tenantId }, outcome }: Applied,
  ): Promise<TenantRecord> {
    const verified = await verify(tenantId);
    const onboards = kind === 'onboard' || verified.wasHeld;
    if (verified.report.passed) {
      // One that comes again may have lifted the hold before and failed to say so.
      if (onboards || outcome !== 'applied') await announcer.announce(onboarded(verified.record, eventId));
    } else if (verified.failures.length > 0) {
      const type = onboards ? 'TenantOnboardingFailed' : 'TenantVerificationFailed';
      await announcer.announce(verificationFailed(type, verified, eventId));
    } else {
      throw new VendingError('verification_unavailable', { cause: 'a probe is undecided' });
    }
    return verified.record;
  }

  async function followStatus(event: TenantEvent, { record, outcome }: Applied): Promise<TenantRecord> {
    const { tenantId, eventId } = event;
    // Superseded or not: what the record says is cut off may not have reached the roles.
    const cutsSessions = event.kind === 'offboard' || (event.kind === 'suspend' && event.revokeSessions);
    const latest = cutsSessions ? (await cutSessions(tenantId, 'recorded', eventId)).record : record;
    if (outcome !== 'superseded') await announcer.announce(changed('TenantStatusChanged', latest, eventId));
    return latest;
  }

  return async (event, note) => {
    try {
      return await apply(event, note);
    } catch (error) {
      if (error instanceof VendingError && isFinalRefusal(error.code))
        await announcer.announce(refused(event, error));
      throw error;
    }
  };
}

/**
 * Whether the tenant's roles have to be tried: they never passed, as those of one that waits for its onboarding; what
 * decides it is new; or the event comes again or late, and so may have failed before it came to this.
 */
function isVerificationDue({ before, record, outcome }: Applied): boolean {
  if (record.verifiedAt === undefined || outcome !== 'applied') return true;
  return !isSameData(reachOf(before?.definition), reachOf(record.definition));
}

/** What of a definition decides what sessions can reach. */
function reachOf(definition: TenantDefinition | undefined): unknown {
  const { profiles, ownProfiles, roles, attributes } = definition ?? {};
  return { profiles, ownProfiles, roles, attributes };
}

function refused({ kind, tenantId, eventId }: TenantEvent, { code, message }: VendingError): Announcement {
  const type = kind === 'onboard' ? 'TenantOnboardingFailed' : 'TenantEventRejected';
  return { type, tenantId, detail: { code, reason: message }, causedBy: eventId };
}
