import * as z from 'zod/mini';
import type { Announcement } from '../core/administration/administrative-ports.ts';

const text = z.string();
const status = z.enum(['active', 'suspended', 'offboarded']);
/** Of the tenant's record, after what is told of. */
const version = z.int();
const about = {
  tenantId: text,
  /** Id of the event that led to it, where one did. */
  causedBy: z.optional(text),
};
const refusal = {
  /** Stable: an error code of the API, or `verification_failed`. */
  code: text,
  reason: text,
};
const probes = z.array(
  z.object({
    profile: text,
    roleArn: z.optional(text),
    userArn: z.optional(text),
    probe: text,
    detail: text,
    cure: z.optional(text),
  }),
);

/** The `detail` of everything that Latchkey announces. Members may be added; those that are there keep their meaning. */
export const ANNOUNCEMENT_DETAILS = {
  TenantOnboarded: z.object({ ...about, status, version, verifiedAt: z.optional(z.iso.datetime()) }),
  TenantOnboardingFailed: z.object({
    ...about,
    ...refusal,
    version: z.optional(version),
    probes: z.optional(probes),
    eventType: z.optional(text),
  }),
  TenantDefinitionChanged: z.object({ ...about, status, version }),
  TenantStatusChanged: z.object({ ...about, status, version }),
  TenantSessionsRevoked: z.object({
    ...about,
    /** Sessions issued before are cut off; UTC, whole seconds. */
    before: z.iso.datetime(),
    effectiveWithinSeconds: z.int(),
    roles: z.array(
      z.object({
        roleArn: text,
        outcome: z.enum(['cut_off', 'by_customer']),
        /** What the owner of the role has to add where the outcome is `by_customer`. */
        statement: z.record(text, z.unknown()),
      }),
    ),
    users: z.array(
      z.object({
        userArn: text,
        outcome: z.enum(['cut_off', 'unconfirmed']),
        statement: z.record(text, z.unknown()),
      }),
    ),
  }),
  TenantVerificationFailed: z.object({ ...about, ...refusal, version, probes }),
  TenantEventRejected: z.object({
    ...about,
    /** Not there when it cannot be told. */
    tenantId: z.optional(text),
    ...refusal,
    /** Its detail-type, as far as that can be told. */
    eventType: z.optional(text),
  }),
} as const satisfies Record<Announcement['type'], z.ZodMiniType>;
