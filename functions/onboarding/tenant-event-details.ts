import * as z from 'zod/mini';
import { tenantDefinition } from '../core/tenant/tenant-definition.ts';
import { tenantId } from '../core/tenant-id.ts';
import type { TenantEventType } from './event-types.ts';

/** Far above any counter and any clock in milliseconds; a clock in microseconds would leave every later event behind. */
const VERSION_MAX = 1e14;

const about = {
  tenantId,
  /** Grows with every event about this tenant: a counter of the control plane, or its clock in milliseconds. */
  version: z.int().check(z.minimum(0), z.maximum(VERSION_MAX)),
};

const defines = z.strictObject({ ...about, tenant: tenantDefinition });
const states = z.strictObject(about);

/** The `detail` of each event. Strict: a member that is not understood might have been a wish. */
export const TENANT_EVENT_DETAILS = {
  TenantOnboardingRequested: defines,
  TenantUpdated: defines,
  TenantSuspended: z.strictObject({ ...about, revokeSessions: z._default(z.boolean(), false) }),
  TenantResumed: states,
  TenantOffboarded: states,
} as const satisfies Record<TenantEventType, z.ZodMiniType>;
