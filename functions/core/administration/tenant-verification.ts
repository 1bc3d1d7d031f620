import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import type { TenantRecord } from '../tenant/tenant-record.ts';
import type { TenantId } from '../tenant-id.ts';
import type { ProbeResult, VerificationReport } from '../verification/verification.ts';
import type { TenantVerifier } from './administrative-ports.ts';
import { verifyTenant } from './tenant-changes.ts';
import { assertDefined, type TenantRecords } from './tenant-records.ts';

/** What was found out of a tenant, and what it was before. */
export interface Verified {
  readonly record: TenantRecord;
  readonly report: VerificationReport;
  /** Whether it waited for this to become active. */
  readonly wasHeld: boolean;
  /** The probes that got through where they must not, or did not where they must. */
  readonly failures: readonly ProbeResult[];
}

/**
 * Runs every probe and, when all pass, writes it down and lifts the hold of an onboarding. Throws `tenant_not_found`,
 * `tenant_offboarded`, `verification_unavailable`, and `write_conflict` when the tenant is changed all the while.
 */
export type VerifyTenant = (tenantId: TenantId) => Promise<Verified>;

/** See `VerifyTenant`. */
export function createTenantVerification({
  records,
  verifier,
  clock,
}: {
  readonly records: TenantRecords;
  readonly verifier: TenantVerifier;
  readonly clock: Clock;
}): VerifyTenant {
  async function verifyOutside(tenantId: TenantId): Promise<VerificationReport> {
    try {
      return await verifier.verify(tenantId);
    } catch (cause) {
      // That one function does not understand the other is nothing that was wrong with what was asked of us.
      const isRefusal = cause instanceof VendingError && cause.code !== 'request_invalid';
      throw isRefusal ? cause : new VendingError('verification_unavailable', { cause });
    }
  }

  // Probes run within the change: what passed must be what is released, so that one who writes in between has them run again.
  return (tenantId) =>
    records.change(tenantId, async (stored) => {
      const before = assertDefined(stored);
      if (before.offboardedAt !== undefined) throw new VendingError('tenant_offboarded');
      const report = await verifyOutside(tenantId);
      return {
        record: report.passed ? verifyTenant(before, clock()) : before,
        report,
        wasHeld: before.holds.includes('onboarding'),
        failures: report.probes.filter(({ outcome }) => outcome === 'failed'),
      };
    });
}
