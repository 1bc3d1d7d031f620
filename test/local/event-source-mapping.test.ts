import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createEventSourceMapping,
  type EventSourceMapping,
  type EventSourceMappingOptions,
} from '../../local/aws/sqs/event-source-mapping.ts';
import { createQueue } from '../../local/aws/sqs/queue.ts';
import { ACCOUNT, REGION } from './tenant-session.ts';

const clock = () => new Date();
const common = { account: ACCOUNT, region: REGION, clock };
let mapping: EventSourceMapping | undefined;
afterEach(() => mapping?.close());

function start(
  handler: EventSourceMappingOptions['handler'],
  options: Partial<EventSourceMappingOptions> = {},
) {
  const dead = createQueue({ ...common, name: 'dead' });
  const queue = createQueue({
    ...common,
    name: 'work',
    redrive: { deadLetterQueue: dead, maxReceiveCount: 3 },
  });
  const logged: string[] = [];
  mapping = createEventSourceMapping({
    queue,
    region: REGION,
    clock,
    retrySeconds: 0,
    log: (message) => logged.push(message),
    handler,
    ...options,
  });
  const send = (...bodies: readonly string[]) => {
    for (const body of bodies) queue.send({ body, senderId: 'test' });
  };
  return { mapping, queue, dead, logged, send };
}

const done: SQSBatchResponse = { batchItemFailures: [] };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const bodiesOf = ({ Records }: SQSEvent) => Records.map(({ body }) => body);
const EVERY = (event: SQSEvent): SQSBatchResponse => ({
  batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});

describe('an event source mapping', () => {
  test('hands over batches and deletes what does not fail', async () => {
    const batches: SQSEvent[] = [];
    const { mapping, queue, send } = start(async (event) => {
      batches.push(event);
      return done;
    });
    send(...Array.from({ length: 12 }, (_, index) => String(index)));
    await mapping.idle();
    expect(batches.map((batch) => batch.Records.length)).toEqual([10, 2]);
    expect(queue.counts()).toEqual({ visible: 0, hidden: 0 });
    expect(batches[0]?.Records[0]).toMatchObject({
      body: '0',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: REGION,
    });
  });

  test('brings back what failed and nothing else', async () => {
    const seen: string[][] = [];
    const { mapping, dead, send } = start(async (event) => {
      seen.push(bodiesOf(event));
      const again = event.Records.filter(
        ({ body, attributes }) => body === 'b' && attributes.ApproximateReceiveCount === '1',
      );
      return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    send('a', 'b', 'c');
    await mapping.idle();
    expect(seen).toEqual([['a', 'b', 'c'], ['b']]);
    expect(dead.counts().visible).toBe(0);
  });

  test.each<[string, (event: SQSEvent) => Promise<SQSBatchResponse | undefined>]>([
    ['reports it', async (event) => EVERY(event)],
    [
      'names a message that is not in the batch',
      async () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }),
    ],
    ['throws', () => Promise.reject(new Error('broken'))],
    [
      'throws before it gives a promise',
      () => {
        throw new Error('broken');
      },
    ],
  ])('takes all of a batch for failed when the function %s', async (_, handler) => {
    let calls = 0;
    const { mapping, queue, dead, send } = start((event) => {
      calls += 1;
      return handler(event);
    });
    send('a', 'b');
    await mapping.idle();
    expect(calls).toBe(3);
    expect(queue.counts()).toEqual({ visible: 0, hidden: 0 });
    expect(dead.counts()).toEqual({ visible: 2, hidden: 0 });
  });

  test('runs no more batches at once than it may', async () => {
    let running = 0;
    let most = 0;
    const { mapping, send } = start(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return done;
      },
      { batchSize: 1, maximumConcurrency: 3 },
    );
    send(...'abcdefgh');
    await mapping.idle();
    expect(most).toBe(3);
  });

  test('is not idle while a failed message is hidden', async () => {
    let calls = 0;
    const { mapping, send } = start(
      async (event) => {
        calls += 1;
        return calls === 1 ? EVERY(event) : done;
      },
      { retrySeconds: 0.03 },
    );
    send('a');
    await mapping.idle();
    expect(calls).toBe(2);
  });

  test('takes no more once it is closed, and waits for what is under way', async () => {
    const seen: string[][] = [];
    let release = () => {};
    const { mapping, queue, send } = start(
      (event) =>
        new Promise((resolve) => {
          seen.push(bodiesOf(event));
          release = () => resolve(done);
        }),
      { batchSize: 1, maximumConcurrency: 1 },
    );
    send('a', 'b');
    await turn();
    let isClosed = false;
    const closed = mapping.close().then(() => {
      isClosed = true;
    });
    await turn();
    expect(isClosed).toBe(false);
    release();
    await closed;
    send('c');
    await turn();
    expect(seen).toEqual([['a']]);
    expect(queue.counts()).toEqual({ visible: 2, hidden: 0 });
  });
});
