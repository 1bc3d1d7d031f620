import type { TenantEvent } from '../core/administration/tenant-event.ts';
import { ConfigurationError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import type { EventEnvelope } from './envelope.ts';
import { TENANT_EVENT_TYPES } from './event-types.ts';
import { parseSbtEvent } from './sbt-event.ts';
import type { SbtTenant } from './sbt-tenant.ts';
import { TENANT_EVENT_DETAILS } from './tenant-event-details.ts';

/**
 * What an event says of a tenant; `sbtTenant` undefined: those of the SaaS Builder Toolkit are as unknown as any other. Throws
 * `ConfigurationError` naming every member that is wrong.
 */
export function parseEvent(event: EventEnvelope, sbtTenant: SbtTenant | undefined): TenantEvent {
  return (
    parseOwnEvent(event) ??
    (sbtTenant === undefined ? undefined : parseSbtEvent(event, sbtTenant)) ??
    unknownType()
  );
}

function parseOwnEvent({ id: eventId, 'detail-type': type, detail }: EventEnvelope): TenantEvent | undefined {
  const what = `${type}: detail`;
  switch (type) {
    case 'TenantOnboardingRequested':
    case 'TenantUpdated': {
      const { tenant: definition, ...about } = parse(TENANT_EVENT_DETAILS[type], detail, what);
      return { kind: type === 'TenantUpdated' ? 'update' : 'onboard', eventId, ...about, definition };
    }
    case 'TenantSuspended':
      return { kind: 'suspend', eventId, ...parse(TENANT_EVENT_DETAILS[type], detail, what) };
    case 'TenantResumed':
      return { kind: 'resume', eventId, ...parse(TENANT_EVENT_DETAILS[type], detail, what) };
    case 'TenantOffboarded':
      return { kind: 'offboard', eventId, ...parse(TENANT_EVENT_DETAILS[type], detail, what) };
    default:
      return undefined;
  }
}

function unknownType(): never {
  throw new ConfigurationError(
    `event: detail-type: got an unknown one, expected one of ${TENANT_EVENT_TYPES.join(', ')}`,
  );
}
