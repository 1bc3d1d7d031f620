import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Administration } from '../core/administration/administration.ts';
import type { Announcement, Announcer } from '../core/administration/administrative-ports.ts';
import { isFinalRefusal } from '../core/administration/event-application.ts';
import type { TenantEvent } from '../core/administration/tenant-event.ts';
import { createAudited } from '../core/audited.ts';
import { ConfigurationError, VendingError } from '../core/errors.ts';
import type { AuditLog } from '../core/ports.ts';
import { isTenantId } from '../core/tenant-id.ts';
import { type EventEnvelope, parseEnvelope } from './envelope.ts';
import type { SbtEventType, TenantEventType } from './event-types.ts';
import { parseEvent } from './parse-event.ts';
import type { SbtTenant } from './sbt-tenant.ts';

/** What the consumer of tenant events works with. */
export interface EventConsumerOptions {
  readonly administration: Pick<Administration, 'applyEvent'>;
  readonly announcer: Announcer;
  /** Administration writes down what becomes of an event; here, what never was one. */
  readonly auditLog: AuditLog;
  readonly sbtTenant?: SbtTenant | undefined;
}

/** What is needed of a message in a batch. */
export type EventRecord = Pick<SQSRecord, 'messageId' | 'body'> & {
  readonly attributes: Pick<SQSRecord['attributes'], 'ApproximateReceiveCount'>;
};

/** Works off a batch of messages and names those that have to come again. Never throws. */
export type EventConsumer = (records: readonly EventRecord[]) => Promise<SQSBatchResponse>;

const TENANTS_AT_ONCE = 10;

const ONBOARDING_TYPES: readonly string[] = [
  'TenantOnboardingRequested',
  'sbt_aws_onboardingRequest',
] satisfies (TenantEventType | SbtEventType)[];

/** A message, read as far as it could be. */
interface Received {
  readonly record: EventRecord;
  readonly envelope: EventEnvelope | undefined;
  /** Undefined for a malformed one. */
  readonly event: TenantEvent | undefined;
  readonly fault: unknown;
}

/**
 * The consumer of tenant events in EventBridge's envelope. Events of one tenant are worked off one after the other, as they came. An
 * event that is refused for good is announced as rejected and done with; one that is malformed is announced once and kept, by
 * failing until it is in the dead-letter queue; of any other failure SQS delivers it again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function createEventConsumer({
  administration,
  announcer,
  auditLog,
  sbtTenant,
}: EventConsumerOptions): EventConsumer {
  const audited = createAudited(auditLog);

  return async (records) => {
    const failed = new Set<string>();
    const tenants = [...Map.groupBy(records.map(read), groupOf).values()];
    const workOff = async () => {
      for (let next = tenants.shift(); next !== undefined; next = tenants.shift())
        for (const received of next) if (!(await handle(received))) failed.add(received.record.messageId);
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, workOff));
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

  function read(record: EventRecord): Received {
    let envelope: EventEnvelope | undefined;
    try {
      envelope = parseEnvelope(record.body);
      return { record, envelope, event: parseEvent(envelope, sbtTenant), fault: undefined };
    } catch (fault) {
      return { record, envelope, event: undefined, fault };
    }
  }

  /** Whether the message is done with. */
  async function handle(received: Received): Promise<boolean> {
    const { event, envelope } = received;
    try {
      if (event === undefined || envelope === undefined) return await refuseMalformed(received);
      await apply(event, envelope);
      return true;
    } catch {
      // Written down where it was thrown.
      return false;
    }
  }

  async function apply(event: TenantEvent, envelope: EventEnvelope): Promise<void> {
    try {
      await administration.applyEvent({ requestId: event.eventId, actor: actorOf(envelope) }, event);
    } catch (error) {
      // A final refusal has been announced as one. Everything else is tried again, and ends in the dead-letter queue at worst.
      if (!(error instanceof VendingError && isFinalRefusal(error.code))) throw error;
    }
  }

  async function refuseMalformed({ record, envelope, fault }: Received): Promise<false> {
    const reason = fault instanceof ConfigurationError ? fault.message : 'event: it cannot be read';
    await audited('tenant.event', envelope?.id ?? record.messageId, async (note) => {
      note({ actor: actorOf(envelope) });
      // Only the first time, and nothing hangs on it: the message comes back until it is in the dead-letter queue, with its alarm.
      if (record.attributes.ApproximateReceiveCount === '1')
        await announcer.announce(rejected(envelope, reason));
      throw new VendingError('request_invalid', { cause: fault });
    });
    return false;
  }
}

/** As administration announces what it refuses: whoever asked for an onboarding hears that it failed. */
function rejected(envelope: EventEnvelope | undefined, reason: string): Announcement {
  const eventType = envelope?.['detail-type'];
  const tenantId = tenantIdIn(envelope);
  const asksToOnboard = ONBOARDING_TYPES.includes(eventType ?? '') && tenantId !== '';
  return {
    type: asksToOnboard ? 'TenantOnboardingFailed' : 'TenantEventRejected',
    tenantId,
    detail: { code: 'request_invalid', reason, ...(eventType === undefined ? {} : { eventType }) },
    causedBy: envelope?.id,
  };
}

function groupOf({ event, record }: Received): string {
  return event?.tenantId ?? `message ${record.messageId}`;
}

function actorOf(envelope: EventEnvelope | undefined): string {
  return `event:${envelope?.source ?? 'unknown'}`;
}

/** The tenant that a malformed event is about, as far as that can be told. */
function tenantIdIn(envelope: EventEnvelope | undefined): string {
  const tenantId = envelope?.detail['tenantId'];
  return typeof tenantId === 'string' && isTenantId(tenantId) ? tenantId : '';
}
