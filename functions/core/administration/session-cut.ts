import type { Clock } from '../clock.ts';
import { textOf, VendingError } from '../errors.ts';
import { inWholeSeconds } from '../instant.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import {
  REVOCATION_EFFECTIVE_SECONDS,
  type Revocation,
  renderRevocation,
  revocationInstant,
} from '../revocation/revocation.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { RevocationReport } from './administration.ts';
import type { Announcer, SessionRevoker } from './administrative-ports.ts';
import { revokeTenant } from './tenant-changes.ts';
import type { TenantRecords } from './tenant-records.ts';
import { rolesOf } from './tenant-roles.ts';

/** What sessions are cut off with. */
export interface SessionCutOptions {
  readonly records: TenantRecords;
  readonly profiles: ProfileBook;
  readonly revoker: SessionRevoker;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/**
 * Cuts off the outstanding sessions of a tenant on every role that it may have one of: the record first, then the roles,
 * then the announcement, and all of it again when it is called again. `now` cuts off what has been made until now, `recorded`
 * what the record says already, as of the change that it was part of. `causedBy` is the event that asked for it. Throws
 * `tenant_not_found`, and `revocation_failed` with the statement to add by hand.
 */
export type CutSessions = (
  tenantId: TenantId,
  since: 'now' | 'recorded',
  causedBy?: string,
) => Promise<{ readonly record: TenantRecord; readonly report: RevocationReport }>;

/** See `CutSessions`. */
export function createSessionCut(options: SessionCutOptions): CutSessions {
  const { records, profiles, revoker, announcer, clock } = options;

  return async (tenantId, since, causedBy) => {
    const { record } = await records.change(tenantId, (stored) => {
      if (stored === undefined) throw new VendingError('tenant_not_found');
      if (since === 'recorded' && stored.revokedBefore !== undefined) return { record: stored };
      const now = clock();
      return { record: revokeTenant(stored, revocationInstant(stored, now), now) };
    });
    const revocation = { tenantId, before: inWholeSeconds(new Date(record.revokedBefore ?? clock())) };
    const { deployed, ofTenant, fault } = rolesOf(record, profiles, clock());
    await revokeOnEach(deployed, revocation);
    if (fault !== undefined)
      throw new VendingError('revocation_failed', {
        detail: `sessions are cut off on ${deployed.join(', ')}, but the tenant's own profiles cannot be read: ${fault.message}`,
        cause: fault,
      });
    const detail = {
      before: revocation.before,
      effectiveWithinSeconds: REVOCATION_EFFECTIVE_SECONDS,
      roles: [
        ...deployed.map((roleArn) => ({ roleArn, outcome: 'cut_off' as const })),
        ...ofTenant.map((roleArn) => ({ roleArn, outcome: 'by_customer' as const })),
      ].map((role) => ({ ...role, statement: renderRevocation(revocation) })),
    };
    await announcer.announce({ type: 'TenantSessionsRevoked', tenantId, detail, causedBy });
    return { record, report: { tenantId, ...detail } };
  };

  /** Where one role fails, the others are tried all the same. */
  async function revokeOnEach(roleArns: readonly string[], revocation: Revocation): Promise<void> {
    const failures: { readonly roleArn: string; readonly cause: unknown }[] = [];
    for (const roleArn of roleArns)
      await revoker
        .revoke({ ...revocation, roleArn })
        .catch((cause: unknown) => failures.push({ roleArn, cause }));
    const [first] = failures;
    if (first === undefined) return;
    const named = failures.map(({ roleArn, cause }) => `${roleArn} (${reasonIn(cause)})`).join(', ');
    const statement = JSON.stringify(renderRevocation(revocation));
    throw new VendingError('revocation_failed', {
      detail: `sessions are not cut off on ${named}: try again, or add this statement by hand: ${statement}`,
      cause: first.cause,
    });
  }
}

/** What a caller may read of it. */
function reasonIn(cause: unknown): string {
  return cause instanceof VendingError ? cause.message : textOf('internal_error');
}
