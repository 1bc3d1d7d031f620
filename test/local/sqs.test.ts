import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createQueue, type Queue } from '../../local/aws/sqs/queue.ts';
import { allowing, outcomeOf, startLocalEvents } from './local-events.ts';
import { ACCOUNT, REGION } from './tenant-session.ts';

const ANYTHING = allowing({ Action: 'sqs:*', Resource: '*' });
const arnOf = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

let now = Date.parse('2026-11-22T10:00:00Z');
const common = { account: ACCOUNT, region: REGION, clock: () => new Date(now) };
const dead = createQueue({ ...common, name: 'dead' });
const work = createQueue({ ...common, name: 'work', redrive: { deadLetterQueue: dead, maxReceiveCount: 2 } });
const other = createQueue({ ...common, name: 'other' });

let local: Awaited<ReturnType<typeof startLocalEvents>>;
let client: SQSClient;
const urls = new Map<string, string>();

beforeAll(async () => {
  local = await startLocalEvents({ queues: [work, dead, other] });
  client = clientWith(ANYTHING);
  for (const QueueName of ['work', 'dead', 'other'])
    urls.set(QueueName, (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '');
});
afterAll(() => local.close());
beforeEach(() => {
  // Nothing of one test in the next.
  now += 86_400_000;
  for (const queue of [work, dead, other]) empty(queue);
});

function empty(queue: Queue): void {
  for (let each = queue.receive(10); each.length > 0; each = queue.receive(10))
    for (const { receiptHandle } of each) queue.remove(receiptHandle);
}

function clientWith(policy: object): SQSClient {
  const credentials = local.credentialsFor(policy);
  return new SQSClient({ region: REGION, endpoint: local.sqsEndpoint, credentials, maxAttempts: 1 });
}

const send = (MessageBody: string, queue = 'work') =>
  client.send(new SendMessageCommand({ QueueUrl: urls.get(queue), MessageBody }));

async function receive(queue = 'work', input: object = {}) {
  const command = new ReceiveMessageCommand({
    QueueUrl: urls.get(queue),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
    ...input,
  });
  return (await client.send(command)).Messages ?? [];
}

async function attributesOf(queue: string) {
  const command = new GetQueueAttributesCommand({ QueueUrl: urls.get(queue), AttributeNames: ['All'] });
  return (await client.send(command)).Attributes ?? {};
}

describe('a message', () => {
  test('is sent, received, hidden, and deleted', async () => {
    const { MessageId } = await send('ü {"a":1}');
    const [message, ...rest] = await receive();
    expect(rest).toEqual([]);
    expect(message).toMatchObject({ MessageId, Body: 'ü {"a":1}' });
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(now),
      ApproximateFirstReceiveTimestamp: String(now),
    });
    expect(await receive()).toEqual([]);
    expect(await attributesOf('work')).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await client.send(
      new DeleteMessageCommand({ QueueUrl: urls.get('work'), ReceiptHandle: message?.ReceiptHandle }),
    );
    expect(work.counts()).toEqual({ visible: 0, hidden: 0 });
  });

  test.each([
    [29_999, 0],
    [30_000, 1],
  ])('shows again when the visibility timeout has passed: after %i ms %i', async (milliseconds, count) => {
    await send('x');
    await receive();
    now += milliseconds;
    const again = await receive();
    expect(again.map(({ Attributes }) => Attributes?.['ApproximateReceiveCount'])).toEqual(
      Array(count).fill('2'),
    );
  });

  test('is hidden for as long as its receiver says', async () => {
    await send('x');
    const [message] = await receive('work', { VisibilityTimeout: 5 });
    now += 4999;
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urls.get('work'),
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(60);
    now += 59_999;
    expect(await receive()).toEqual([]);
    await change(0);
    expect(await outcomeOf(change(0))).toBe('MessageNotInflight');
    expect(await receive()).toHaveLength(1);
  });

  test('is not deleted by the handle of an earlier receipt', async () => {
    await send('x');
    const [first] = await receive();
    now += 30_000;
    await receive();
    await client.send(
      new DeleteMessageCommand({ QueueUrl: urls.get('work'), ReceiptHandle: first?.ReceiptHandle }),
    );
    expect(work.counts()).toEqual({ visible: 0, hidden: 1 });
  });
});

describe('a dead-letter queue', () => {
  async function poison() {
    const { MessageId } = await send('poison');
    for (const _ of [1, 2]) {
      expect(await receive()).toHaveLength(1);
      expect(dead.counts().visible).toBe(0);
      now += 30_000;
    }
    expect(await receive()).toEqual([]);
    return MessageId;
  }
  const move = (SourceArn: string, DestinationArn?: string, by = client) =>
    by.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));

  test('takes what has been received too often, the same message', async () => {
    const MessageId = await poison();
    const [message] = await receive('dead');
    expect(message).toMatchObject({ MessageId, Body: 'poison' });
    expect(message?.Attributes).toMatchObject({ DeadLetterQueueSourceArn: arnOf('work') });
  });

  test('gives it back as a new message', async () => {
    const MessageId = await poison();
    expect((await move(arnOf('dead'))).TaskHandle).toBeDefined();
    expect(dead.counts()).toEqual({ visible: 0, hidden: 0 });
    const [message] = await receive();
    expect(message?.MessageId).not.toBe(MessageId);
    expect(message?.Attributes?.['ApproximateReceiveCount']).toBe('1');
  });

  test('gives it to another queue where one is named', async () => {
    await poison();
    await move(arnOf('dead'), arnOf('other'));
    expect(other.counts().visible).toBe(1);
  });

  test('says how it is set up', async () => {
    expect(JSON.parse((await attributesOf('work'))['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: arnOf('dead'),
      maxReceiveCount: 2,
    });
    expect(await attributesOf('dead')).not.toHaveProperty('RedrivePolicy');
  });

  test.each([
    [arnOf('work'), undefined, 'UnsupportedOperation'],
    [arnOf('dead'), arnOf('dead'), 'UnsupportedOperation'],
    [arnOf('none'), undefined, 'QueueDoesNotExist'],
    [arnOf('dead'), arnOf('none'), 'QueueDoesNotExist'],
  ])('from %s to %s: %s', async (source, destination, code) => {
    await poison();
    expect(await outcomeOf(move(source, destination))).toBe(code);
    expect(dead.counts().visible).toBe(1);
  });

  const ON_SOURCE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
  const policyWithout = (missing: string) =>
    allowing(
      ...ON_SOURCE.filter((action) => action !== missing).map((action) => ({
        Action: `sqs:${action}`,
        Resource: arnOf('dead'),
      })),
      { Action: missing === 'SendMessage' ? 'sqs:GetQueueUrl' : 'sqs:SendMessage', Resource: arnOf('work') },
    );
  test.each([...ON_SOURCE, 'SendMessage'])('moves nothing without sqs:%s', async (action) => {
    await poison();
    expect(await outcomeOf(move(arnOf('dead'), undefined, clientWith(policyWithout(action))))).toBe(
      'AccessDeniedException',
    );
    expect(dead.counts().visible).toBe(1);
    expect(await outcomeOf(move(arnOf('dead'), undefined, clientWith(policyWithout('none'))))).toBe('done');
  });
});

describe('refuses', () => {
  test.each([
    'SendMessage',
    'ReceiveMessage',
    'DeleteMessage',
    'ChangeMessageVisibility',
    'GetQueueAttributes',
  ])('%s without permission on the queue', async (action) => {
    const commands = {
      SendMessage: new SendMessageCommand({ QueueUrl: urls.get('work'), MessageBody: 'x' }),
      ReceiveMessage: new ReceiveMessageCommand({ QueueUrl: urls.get('work') }),
      DeleteMessage: new DeleteMessageCommand({ QueueUrl: urls.get('work'), ReceiptHandle: 'x' }),
      ChangeMessageVisibility: new ChangeMessageVisibilityCommand({
        QueueUrl: urls.get('work'),
        ReceiptHandle: 'x',
        VisibilityTimeout: 0,
      }),
      GetQueueAttributes: new GetQueueAttributesCommand({ QueueUrl: urls.get('work') }),
    } as const;
    const elsewhere = clientWith(allowing({ Action: `sqs:${action}`, Resource: arnOf('other') }));
    const here = clientWith(allowing({ Action: `sqs:${action}`, Resource: arnOf('work') }));
    const outcome = (by: SQSClient) => outcomeOf(by.send(commands[action as 'SendMessage']));
    expect(await outcome(elsewhere)).toBe('AccessDeniedException');
    expect(await outcome(here)).toBe(action === 'ChangeMessageVisibility' ? 'MessageNotInflight' : 'done');
  });

  const at = (path: string) => `http://127.0.0.1${path}`;
  test.each<[string, object, string]>([
    ['a queue that is not there', { QueueUrl: at(`/${ACCOUNT}/none`) }, 'QueueDoesNotExist'],
    ['a queue of another account', { QueueUrl: at('/444455556666/work') }, 'InvalidAddress'],
    ['what is no queue', { QueueUrl: 'work' }, 'InvalidAddress'],
    ['an empty body', { MessageBody: '' }, 'ValidationException'],
    ['a body over 1 MiB', { MessageBody: 'ü'.repeat(524_289) }, 'ValidationException'],
    ['what is not known here', { DelaySeconds: 5 }, 'ValidationException'],
  ])('%s', async (_, input, code) => {
    const plain = new SQSClient({
      region: REGION,
      endpoint: local.sqsEndpoint,
      credentials: local.credentialsFor(ANYTHING),
      maxAttempts: 1,
      // The queue's URL would be taken for the endpoint.
      useQueueUrlAsEndpoint: false,
    });
    const command = new SendMessageCommand({ QueueUrl: urls.get('work'), MessageBody: 'x', ...input });
    expect(await outcomeOf(plain.send(command))).toBe(code);
    expect(work.counts().visible).toBe(0);
  });
});
