import type { VendingOperation } from './audit-event.ts';
import { given } from './audit-facts.ts';
import { createAudited, type Note } from './audited.ts';
import { type Deadline, startDeadline, within } from './deadline.ts';
import { VendingError } from './errors.ts';
import { subjectDigest } from './grant/session-name.ts';
import type { AuditLog, CallerVerifier, TenantRegistry } from './ports.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Caller } from './token/caller.ts';

/** What every attempt of a caller's needs, whatever it is for. `P`: what a caller shows of itself. */
export interface AttemptDependencies<P> {
  readonly verifier: CallerVerifier<P>;
  readonly registry: TenantRegistry;
  readonly auditLog: AuditLog;
  /** How long an attempt may take in all. */
  readonly deadlineMilliseconds: number;
}

/** How every attempt begins, and how it ends. */
export interface Attempts<P> {
  /** An attempt that is answered in time: with what it came to, or with `deadline_exceeded`. Leaves its one audit event. */
  inTime<T>(
    operation: VendingOperation,
    vendId: string,
    work: (note: Note, deadline: Deadline) => Promise<T>,
  ): Promise<T>;
  /** Who asks, and for which tenant. Throws a `VendingError`. */
  identify(presented: P, deadline: Deadline, note: Note): Promise<{ caller: Caller; tenant: Tenant }>;
}

/** The first and the last part of every way through. */
export function createAttempts<P>({
  verifier,
  registry,
  auditLog,
  deadlineMilliseconds,
}: AttemptDependencies<P>): Attempts<P> {
  const audited = createAudited(auditLog);
  return {
    inTime(operation, vendId, work) {
      const deadline = startDeadline(deadlineMilliseconds);
      return audited(operation, vendId, (note) => within(deadline, work(note, deadline)));
    },

    async identify(presented, deadline, note) {
      const caller = await verifier.verify(presented, deadline);
      note({
        issuer: caller.issuer,
        subjectDigest: subjectDigest(caller),
        ...given('senderConstraint', caller.senderConstraint),
      });
      const tenant = await registry.findTenant(caller.tenant);
      if (tenant === undefined) throw new VendingError('tenant_unknown');
      note({ tenantId: tenant.tenantId });
      return { caller, tenant };
    },
  };
}
