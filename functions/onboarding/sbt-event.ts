import * as z from 'zod/mini';
import type { TenantEvent } from '../core/administration/tenant-event.ts';
import { parse } from '../core/parse.ts';
import { tenantId } from '../core/tenant-id.ts';
import type { EventEnvelope } from './envelope.ts';
import type { SbtEventType } from './event-types.ts';
import type { SbtTenant } from './sbt-tenant.ts';

const ONBOARDING: SbtEventType = 'sbt_aws_onboardingRequest';
const OFFBOARDING: SbtEventType = 'sbt_aws_offboardingRequest';

/** Beside the id, the detail holds whatever the registration was given: `tenantName` and `email` by custom. */
const registration = z.looseObject({ tenantId });

/**
 * An event of the SaaS Builder Toolkit's control plane; undefined for one that Latchkey does not follow. The toolkit counts no
 * versions, so that the event's time stands for one: EventBridge gives it in whole seconds. Throws `ConfigurationError`. Read in
 * @cdklabs/sbt-aws v0.9.4: src/utils/event-manager.ts, resources/functions/tenant-registrations/index.py.
 */
export function parseSbtEvent(
  { id: eventId, 'detail-type': type, detail, time }: EventEnvelope,
  sbtTenant: SbtTenant,
): TenantEvent | undefined {
  if (type !== ONBOARDING && type !== OFFBOARDING) return undefined;
  const { tenantId } = parse(registration, detail, `${type}: detail`);
  const about = { eventId, tenantId, version: Date.parse(time) };
  if (type === OFFBOARDING) return { kind: 'offboard', ...about };
  return { kind: 'onboard', ...about, definition: sbtTenant(tenantId, detail) };
}
