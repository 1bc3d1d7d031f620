import * as z from 'zod/mini';
import { AwsError } from './aws-error.ts';
import type { Door } from './door.ts';
import type { BusEntry, EventBus } from './events/event-bus.ts';
import { createJsonDoor, type JsonCall, type JsonDoorOptions, parseMembers } from './json-door.ts';

/** What the local EventBridge is made with. */
export interface EventsOptions extends JsonDoorOptions {
  readonly buses: readonly EventBus[];
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html; 1 MB since January 2026. */
const ENTRIES_MAX = 10;
const TOTAL_MAX_BYTES = 1_048_576;
const TIME_BYTES = 14;

const text = z.optional(z.string());
const putEvents = z.strictObject({
  Entries: z
    .array(
      z.strictObject({
        EventBusName: text,
        Source: text,
        DetailType: text,
        Detail: text,
        Resources: z.optional(z.array(z.string())),
        /** Seconds since 1970. */
        Time: z.optional(z.number()),
      }),
    )
    .check(z.minLength(1), z.maxLength(ENTRIES_MAX)),
});

type Entry = z.output<typeof putEvents>['Entries'][number];

/** An EventBridge that takes events of sessions, as far as their policies reach: PutEvents and nothing else. */
export function createEventsDoor(options: EventsOptions): Door {
  return createJsonDoor(
    {
      service: 'events',
      targetPrefix: 'AWSEvents.',
      contentType: 'application/x-amz-json-1.1',
      errorNamespace: 'com.amazonaws.events',
      operations: { PutEvents: (call) => put(call, options) },
    },
    options,
  );
}

function put({ session, authorize, body }: JsonCall, { buses, account, region }: EventsOptions): object {
  const { Entries } = parseMembers(putEvents, body);
  for (const { EventBusName = 'default', Source, DetailType } of Entries) {
    const arn = EventBusName.startsWith('arn:')
      ? EventBusName
      : `arn:aws:events:${region}:${account}:event-bus/${EventBusName}`;
    authorize(session, 'events:PutEvents', arn, {
      values: {
        'events:source': Source,
        'events:detail-type': DetailType,
        'events:eventBusInvocation': 'false',
      },
    });
  }
  const bytes = Entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes >= TOTAL_MAX_BYTES) {
    throw new AwsError(
      'ValidationException',
      400,
      'Total size of the entries in the request is over the limit.',
    );
  }
  // One entry's fault is not another's: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
  const answers = Entries.map((entry) => putEntry(entry, buses));
  return { Entries: answers, FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length };
}

function putEntry(
  entry: Entry,
  buses: readonly EventBus[],
): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  const { EventBusName = 'default', Source, DetailType, Detail, Resources: resources = [], Time } = entry;
  const bus = buses.find(({ name, arn }) => name === EventBusName || arn === EventBusName);
  if (bus === undefined)
    return refuse('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (Detail === undefined) return missing('Detail');
  if (Source.startsWith('aws.')) return refuse('NotAuthorizedForSource', 'Not authorized for the source.');
  const detail = parseDetail(Detail);
  if (detail === undefined) return refuse('MalformedDetail', 'Detail is malformed.');
  const time = Time === undefined ? undefined : new Date(Time * 1000);
  return { EventId: bus.put({ source: Source, 'detail-type': DetailType, resources, detail, time }).id };
}

function refuse(ErrorCode: string, ErrorMessage: string) {
  return { ErrorCode, ErrorMessage };
}

function missing(parameter: string) {
  return refuse(
    'InvalidArgument',
    `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
  );
}

function parseDetail(text: string): BusEntry['detail'] | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
      ? { ...detail }
      : undefined;
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function bytesOf({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, each) => sum + Buffer.byteLength(each), Time === undefined ? 0 : TIME_BYTES);
}
