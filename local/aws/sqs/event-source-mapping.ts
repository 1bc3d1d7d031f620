import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Queue, ReceivedMessage } from './queue.ts';

/** What an event source mapping is made with. */
export interface EventSourceMappingOptions {
  readonly queue: Queue;
  readonly region: string;
  /** The function's handler: its answer names the messages that failed (ReportBatchItemFailures). */
  readonly handler: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;
  readonly batchSize?: number;
  readonly maximumConcurrency?: number;
  /** When a failed message comes again. On AWS that is when its visibility timeout ends; here nobody should have to wait for it. */
  readonly retrySeconds?: number;
  readonly clock: () => Date;
  readonly log: (message: string) => void;
}

/** Lambda's poller of a queue. */
export interface EventSourceMapping {
  /** Resolves when the queue is empty and no batch is under way: every message is done with or in the dead-letter queue. */
  readonly idle: () => Promise<void>;
  /** Takes no more messages, and resolves when the batches under way have ended. */
  readonly close: () => Promise<void>;
}

/**
 * Hands the messages of a queue to a function as Lambda does, and deletes those that it does not report as failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function createEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { queue, batchSize = 10, maximumConcurrency = 2, clock } = options;
  const underWay = new Set<Promise<void>>();
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let scheduled = false;
  let closed = false;
  const unsubscribe = queue.subscribe(schedule);
  schedule();

  return {
    idle: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      }),
    async close() {
      closed = true;
      clearTimeout(timer);
      unsubscribe();
      await Promise.all(underWay);
    },
  };

  /** What the queue tells of comes in bursts, some of it caused by the poller itself. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (!closed) poll();
    });
  }

  function poll(): void {
    while (underWay.size < maximumConcurrency) {
      const messages = queue.receive(batchSize);
      if (messages.length === 0) break;
      const batch = runBatch(messages, options).finally(() => {
        underWay.delete(batch);
        schedule();
      });
      underWay.add(batch);
    }
    const { visible, hidden } = queue.counts();
    if (underWay.size === 0 && visible + hidden === 0) {
      for (const resolve of waiting) resolve();
      waiting = [];
    }
    wakeUp();
  }

  /** Hidden messages show by the clock alone: nothing tells of it. */
  function wakeUp(): void {
    clearTimeout(timer);
    const next = queue.nextVisibleAt();
    if (next === undefined) return;
    timer = setTimeout(schedule, Math.max(next.getTime() - clock().getTime(), 1));
  }
}

async function runBatch(
  messages: readonly ReceivedMessage[],
  options: EventSourceMappingOptions,
): Promise<void> {
  const { queue, retrySeconds = queue.visibilityTimeoutSeconds } = options;
  const failed = await invoke(messages, options);
  for (const { messageId, receiptHandle } of messages) {
    if (failed.has(messageId)) queue.hide(receiptHandle, retrySeconds);
    else queue.remove(receiptHandle);
  }
}

/** The ids of the messages that failed: all of them when the function throws. */
async function invoke(
  messages: readonly ReceivedMessage[],
  { queue, handler, region, log }: EventSourceMappingOptions,
): Promise<ReadonlySet<string>> {
  try {
    const answer = await handler({ Records: messages.map((message) => recordOf(message, queue, region)) });
    return failedIn(answer, messages);
  } catch (error) {
    log(`Lambda: the function for ${queue.name} threw: ${error instanceof Error ? error.message : error}`);
    return new Set(messages.map(({ messageId }) => messageId));
  }
}

/** A name that is not in the batch makes all of it fail, as does one that is missing. */
function failedIn(
  answer: SQSBatchResponse | undefined,
  messages: readonly ReceivedMessage[],
): ReadonlySet<string> {
  const known = new Set(messages.map(({ messageId }) => messageId));
  const failed = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((messageId) => known.has(messageId)) ? new Set(failed) : known;
}

function recordOf(
  { md5OfBody, attributes, ...message }: ReceivedMessage,
  { arn }: Queue,
  region: string,
): SQSRecord {
  return {
    ...message,
    attributes: {
      ApproximateFirstReceiveTimestamp: '',
      SenderId: '',
      SentTimestamp: '',
      ...attributes,
    },
    messageAttributes: {},
    md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}
