import { statusOfTenant, type TenantRecord } from '../tenant/tenant-record.ts';
import type { Announcement } from './administrative-ports.ts';
import type { Verified } from './tenant-verification.ts';

/** Says what a tenant has become. */
export function changed(
  type: 'TenantDefinitionChanged' | 'TenantStatusChanged',
  record: TenantRecord,
  causedBy?: string,
): Announcement {
  const { tenantId, version } = record;
  return { type, tenantId, detail: { status: statusOfTenant(record), version }, causedBy };
}

/** Says that a tenant is complete and verified; `status` tells whether something else holds it. */
export function onboarded(record: TenantRecord, causedBy?: string): Announcement {
  const { tenantId, version, verifiedAt } = record;
  const detail = { status: statusOfTenant(record), version, verifiedAt };
  return { type: 'TenantOnboarded', tenantId, detail, causedBy };
}

/** Says which probes a tenant failed, each with its cure. */
export function verificationFailed(
  type: 'TenantOnboardingFailed' | 'TenantVerificationFailed',
  { record: { tenantId, version }, failures }: Verified,
  causedBy?: string,
): Announcement {
  const named = failures.map(({ profile, probe }) => `${profile}: ${probe}`).join(', ');
  const detail = {
    code: 'verification_failed',
    reason: `probes failed: ${named}`,
    version,
    probes: failures.map(({ outcome: _, ...probe }) => probe),
  };
  return { type, tenantId, detail, causedBy };
}
