import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Queue } from './queue.ts';

/** What a move is started with. */
export interface MessageMoveTask {
  readonly SourceArn: string;
  readonly DestinationArn?: string | undefined;
  readonly queues: readonly Queue[];
  /** The queue of an ARN, if the requester may do that to it; else throws. */
  readonly open: (action: string, arn: string) => Queue;
}

/** What has to be allowed on the dead-letter queue; `sqs:SendMessage` on the destination. */
const SOURCE_ACTIONS = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/**
 * Moves what lies in a dead-letter queue back to where it came from, or to a named queue, before it answers: AWS does so behind its
 * answer. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export function startMessageMoveTask({ SourceArn, DestinationArn, queues, open }: MessageMoveTask): object {
  const [source] = SOURCE_ACTIONS.map((action) => open(action, SourceArn));
  const feeders = queues.filter(({ redrive }) => redrive?.deadLetterQueue === source);
  if (source === undefined || feeders.length === 0) {
    throw new AwsError(
      'UnsupportedOperation',
      400,
      'Source queue must be configured as a Dead Letter Queue.',
    );
  }
  if (DestinationArn === SourceArn) {
    throw new AwsError('UnsupportedOperation', 400, 'Source queue and destination queue must be different.');
  }
  const destinations = DestinationArn === undefined ? feeders.map(({ arn }) => arn) : [DestinationArn];
  const opened = destinations.map((arn) => open('SendMessage', arn));
  source.moveAll((sourceArn) =>
    DestinationArn === undefined ? opened.find(({ arn }) => arn === sourceArn) : opened[0],
  );
  return { TaskHandle: randomUUID() };
}
