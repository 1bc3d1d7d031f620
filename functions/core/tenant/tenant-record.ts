import * as z from 'zod/mini';
import { parse } from '../parse.ts';
import { tenantId } from '../tenant-id.ts';
import { tenantDefinition } from './tenant-definition.ts';

/**
 * Why a tenant is suspended; it is active when nothing holds it. `onboarding`: its verification has not passed yet.
 * `operator`: by the operators' API, and no event lifts it. `event`: by the SaaS's own control plane.
 */
export const HOLDS = ['onboarding', 'operator', 'event'] as const;
/** One of them. */
export type Hold = (typeof HOLDS)[number];

const instant = z.iso.datetime({ precision: 3 });
/** The last event that wrote a part of the record: by its version, later ones win and earlier ones come too late. */
const appliedEvent = z.strictObject({ version: z.int().check(z.minimum(0)), eventId: z.string() });

const state = {
  tenantId,
  /** What roles in the tenant's own account demand as `sts:ExternalId`. Made here, once, and never chosen by anyone. */
  externalId: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/, 'not an external id made by Latchkey')),
  holds: z.readonly(z.array(z.enum(HOLDS))),
  offboardedAt: z.optional(instant),
  /** When the tenant stopped being active; absent while it is. */
  inactiveSince: z.optional(instant),
  /** Sessions issued before are cut off. */
  revokedBefore: z.optional(instant),
  /** Roles of the tenant's own account that its definition named until lately: sessions of them may live until then. */
  formerRoles: z.optional(z.array(z.strictObject({ roleArn: z.string(), until: instant }))),
  /** When every probe of a verification last passed. */
  verifiedAt: z.optional(instant),
  /** Grows by one with every write; the ETag of the operators' API. */
  version: z.int().check(z.minimum(1)),
  createdAt: instant,
  updatedAt: instant,
  /** Which events have been applied: for what a tenant is, for whether it is active, and for its sessions. */
  events: z.strictObject({
    definition: z.optional(appliedEvent),
    status: z.optional(appliedEvent),
    /** The last that cut off sessions: an earlier one, or the same again, cuts off nothing new. */
    revocation: z.optional(appliedEvent),
  }),
};

const tenantRecord = z.strictObject({
  ...state,
  /** Absent when all that is known is an event that came before the one that onboards the tenant. */
  definition: z.optional(tenantDefinition),
});

/** Everything that the registry keeps of a tenant. An immutable value: a change is a new one (tenant-changes.ts). */
export type TenantRecord = Readonly<z.output<typeof tenantRecord>>;

/** A tenant's status, as everybody but its record speaks of it. */
export type TenantStatus = 'active' | 'suspended' | 'offboarded';

/** The record as it was stored; throws `ConfigurationError` naming the member that is wrong. */
export function parseTenantRecord(stored: unknown): TenantRecord {
  return Object.freeze(parse(tenantRecord, stored, 'tenant'));
}

/** The status that a record amounts to. */
export function statusOfTenant({
  offboardedAt,
  holds,
}: Pick<TenantRecord, 'offboardedAt' | 'holds'>): TenantStatus {
  if (offboardedAt !== undefined) return 'offboarded';
  return holds.length === 0 ? 'active' : 'suspended';
}
