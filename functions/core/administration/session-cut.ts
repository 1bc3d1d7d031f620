import type { Clock } from '../clock.ts';
import { textOf, VendingError } from '../errors.ts';
import { inWholeSeconds } from '../instant.ts';
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
import { type PrincipalsOptions, principalsOf, type TenantUser } from './tenant-principals.ts';
import type { TenantRecords } from './tenant-records.ts';

/** What sessions are cut off with. */
export interface SessionCutOptions extends PrincipalsOptions {
  readonly records: TenantRecords;
  readonly revoker: SessionRevoker;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/**
 * Cuts off the outstanding sessions of a tenant on every role and user that it may have one of: the record first, then these,
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
  const { records, revoker, announcer, clock } = options;

  return async (tenantId, since, causedBy) => {
    const { record } = await records.change(tenantId, (stored) => {
      if (stored === undefined) throw new VendingError('tenant_not_found');
      if (since === 'recorded' && stored.revokedBefore !== undefined) return { record: stored };
      const now = clock();
      return { record: revokeTenant(stored, revocationInstant(stored, now), now) };
    });
    const revocation = { tenantId, before: inWholeSeconds(new Date(record.revokedBefore ?? clock())) };
    const { deployedRoles, users, ownRoles, fault } = principalsOf(record, options, clock());
    const failed = await revokeOnEach(
      [...deployedRoles.map(asShared), ...users.map(asPrincipal)],
      revocation,
    );
    if (fault !== undefined)
      throw new VendingError('revocation_failed', {
        detail: `sessions are cut off on the roles and users of the deployment, but the tenant's own profiles cannot be read: ${fault.message}`,
        cause: fault,
      });
    const statement = renderRevocation(revocation, { isShared: true });
    const detail = {
      before: revocation.before,
      effectiveWithinSeconds: REVOCATION_EFFECTIVE_SECONDS,
      roles: [
        ...deployedRoles.map((roleArn) => ({ roleArn, outcome: 'cut_off' as const, statement })),
        ...ownRoles.map((roleArn) => ({ roleArn, outcome: 'by_customer' as const, statement })),
      ],
      users: users.map((user) => ({
        userArn: user.userArn,
        outcome: failed.has(user.userArn) ? ('unconfirmed' as const) : ('cut_off' as const),
        statement: renderRevocation(revocation, user),
      })),
    };
    await announcer.announce({ type: 'TenantSessionsRevoked', tenantId, detail, causedBy });
    return { record, report: { tenantId, ...detail } };
  };

  /** Where one fails, the others are tried all the same. Gives those that failed and need not be there. */
  async function revokeOnEach(
    principals: readonly Principal[],
    revocation: Revocation,
  ): Promise<ReadonlySet<string>> {
    const failures: Failure[] = [];
    for (const principal of principals)
      await revoker
        .revoke({ ...revocation, principalArn: principal.arn })
        .catch((cause: unknown) => failures.push({ principal, cause }));
    const faults = failures.filter(({ principal }) => principal.isExpected);
    const [first] = faults;
    if (first === undefined) return new Set(failures.map(({ principal }) => principal.arn));
    const byStatement = Map.groupBy(faults, ({ principal }) =>
      JSON.stringify(renderRevocation(revocation, principal)),
    );
    const told = [...byStatement].map(([statement, members]) => {
      const named = members.map(({ principal, cause }) => `${principal.arn} (${reasonIn(cause)})`);
      return `on ${named.join(', ')}: try again, or add this statement by hand: ${statement}`;
    });
    throw new VendingError('revocation_failed', {
      detail: `sessions are not cut off ${told.join('; nor ')}`,
      cause: first.cause,
    });
  }
}

/** A role or user of the deployment. */
interface Principal extends Pick<TenantUser, 'isShared' | 'isExpected'> {
  readonly arn: string;
}

interface Failure {
  readonly principal: Principal;
  readonly cause: unknown;
}

function asShared(arn: string): Principal {
  return { arn, isShared: true, isExpected: true };
}

function asPrincipal({ userArn: arn, ...user }: TenantUser): Principal {
  return { arn, ...user };
}

/** What a caller may read of it. */
function reasonIn(cause: unknown): string {
  return cause instanceof VendingError ? cause.message : textOf('internal_error');
}
