import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsCommandOutput,
} from '@aws-sdk/client-eventbridge';
import type { Announcement, Announcer } from '../../core/administration/administrative-ports.ts';
import { ANNOUNCEMENT_SOURCE } from '../../core/administration/announcement-source.ts';
import { VendingError } from '../../core/errors.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';

/** Where things are announced, and with whose credentials. */
export interface EventAnnouncerOptions extends AwsAccess {
  /** Name or ARN of the EventBridge bus. */
  readonly eventBus: string;
}

const ATTEMPTS = 3;
const TIMEOUTS = { connectMilliseconds: 500, answerMilliseconds: 2000 };

/**
 * Announces on an EventBridge bus, the announcement's type as detail-type. Not idempotent: an attempt whose answer was lost
 * is said again. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function createEventAnnouncer({ eventBus, ...access }: EventAnnouncerOptions): Announcer {
  const client = new EventBridgeClient({
    ...awsClientConfig(access, TIMEOUTS),
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
  });
  return {
    async announce(announcement) {
      const entry = {
        EventBusName: eventBus,
        Source: ANNOUNCEMENT_SOURCE,
        DetailType: announcement.type,
        Detail: JSON.stringify(detailOf(announcement)),
      };
      let answer: PutEventsCommandOutput;
      try {
        answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
      } catch (cause) {
        throw new VendingError('events_unavailable', { cause, retryAfterSeconds: 1 });
      }
      // An entry can be refused in an answer of status 200.
      if (answer.FailedEntryCount === 0) return;
      const code = answer.Entries?.[0]?.ErrorCode ?? 'no code';
      throw new VendingError('events_unavailable', { cause: `EventBridge refused the entry: ${code}` });
    },
  };
}

/** Who it is about stands last: a detail cannot say otherwise. What is of no tenant, an unreadable event, names none. */
function detailOf({ tenantId, detail, causedBy }: Announcement): object {
  return {
    ...detail,
    ...(tenantId === '' ? {} : { tenantId }),
    ...(causedBy === undefined ? {} : { causedBy }),
  };
}
