import { AwsError } from './aws-error.ts';
import type { Door } from './door.ts';
import { createJsonDoor, type JsonCall, type JsonDoorOptions, parseMembers } from './json-door.ts';
import { INPUT } from './sqs/input.ts';
import { startMessageMoveTask } from './sqs/message-move-task.ts';
import type { Queue, ReceivedMessage } from './sqs/queue.ts';
import { queueAttributes } from './sqs/queue-attributes.ts';

/** What the local SQS is made with. */
export interface SqsOptions extends JsonDoorOptions {
  readonly queues: readonly Queue[];
}

/**
 * An SQS that opens its queues to sessions, as far as their policies reach. Queues have no policies of their own, and none is made
 * over the wire. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export function createSqsDoor(options: SqsOptions): Door {
  return createJsonDoor(
    {
      service: 'sqs',
      targetPrefix: 'AmazonSQS.',
      contentType: 'application/x-amz-json-1.0',
      errorNamespace: 'com.amazonaws.sqs',
      operations: operationsOn(options),
    },
    options,
  );
}

function operationsOn({ queues, account, region }: SqsOptions): Record<string, (call: JsonCall) => object> {
  /** Who may not ask learns not whether there is such a queue. */
  const open = (call: JsonCall, action: string, arn: string): Queue => {
    call.authorize(call.session, `sqs:${action}`, arn, { values: {} });
    const queue = queues.find((each) => each.arn === arn);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  };
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
  const openUrl = (call: JsonCall, action: string, { QueueUrl }: { readonly QueueUrl: string }) =>
    open(call, action, arnOf(queueName(QueueUrl, account)));

  return {
    GetQueueUrl(call) {
      const { QueueName } = parseMembers(INPUT.GetQueueUrl, call.body);
      const { name } = open(call, 'GetQueueUrl', arnOf(QueueName));
      return { QueueUrl: `${call.origin}/${account}/${name}` };
    },
    GetQueueAttributes(call) {
      const input = parseMembers(INPUT.GetQueueAttributes, call.body);
      const queue = openUrl(call, 'GetQueueAttributes', input);
      return { Attributes: queueAttributes(queue, input.AttributeNames) };
    },
    SendMessage(call) {
      const input = parseMembers(INPUT.SendMessage, call.body);
      const queue = openUrl(call, 'SendMessage', input);
      const sent = queue.send({ body: input.MessageBody, senderId: call.session.userId });
      return { MessageId: sent.messageId, MD5OfMessageBody: sent.md5OfBody };
    },
    ReceiveMessage(call) {
      const input = parseMembers(INPUT.ReceiveMessage, call.body);
      const queue = openUrl(call, 'ReceiveMessage', input);
      const names = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      const received = queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
      return { Messages: received.map((message) => messageOf(message, names)) };
    },
    DeleteMessage(call) {
      const input = parseMembers(INPUT.DeleteMessage, call.body);
      // A message that is gone already counts as deleted.
      openUrl(call, 'DeleteMessage', input).remove(input.ReceiptHandle);
      return {};
    },
    ChangeMessageVisibility(call) {
      const input = parseMembers(INPUT.ChangeMessageVisibility, call.body);
      const queue = openUrl(call, 'ChangeMessageVisibility', input);
      if (queue.hide(input.ReceiptHandle, input.VisibilityTimeout)) return {};
      throw new AwsError('MessageNotInflight', 400, 'The message referred to isn’t in flight.');
    },
    StartMessageMoveTask(call) {
      const input = parseMembers(INPUT.StartMessageMoveTask, call.body);
      return startMessageMoveTask({ ...input, queues, open: (action, arn) => open(call, action, arn) });
    },
  };
}

/** `http://127.0.0.1:4566/111122223333/NAME`; where it leads is settled by where the request went. */
function queueName(url: string, account: string): string {
  const [, owner, name, ...rest] = URL.parse(url)?.pathname.split('/') ?? [];
  if (owner === account && name !== undefined && rest.length === 0) return name;
  throw new AwsError('InvalidAddress', 400, `The address ${url} is not valid for this endpoint.`);
}

function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 400, 'The specified queue does not exist.');
}

function messageOf(
  { messageId, receiptHandle, body, md5OfBody, attributes }: ReceivedMessage,
  names: readonly string[],
) {
  const wanted = Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name));
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    Body: body,
    MD5OfBody: md5OfBody,
    ...(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }),
  };
}
