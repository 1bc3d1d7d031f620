import type { Queue } from './queue.ts';

/** What GetQueueAttributes tells of a queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export function queueAttributes(queue: Queue, names: readonly string[]): Readonly<Record<string, string>> {
  const { visible, hidden } = queue.counts();
  const { arn, visibilityTimeoutSeconds, redrive } = queue;
  const all: Record<string, string> = {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: '0',
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    QueueArn: arn,
    VisibilityTimeout: String(visibilityTimeoutSeconds),
  };
  if (redrive !== undefined) {
    all['RedrivePolicy'] = JSON.stringify({
      deadLetterTargetArn: redrive.deadLetterQueue.arn,
      maxReceiveCount: redrive.maxReceiveCount,
    });
  }
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
