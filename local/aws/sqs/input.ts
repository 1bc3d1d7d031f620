import * as z from 'zod/mini';

/** SQS's limits. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const BODY_MAX_BYTES = 1_048_576;
const VISIBILITY_MAX_SECONDS = 43_200;
const RECEIVED_MAX = 10;
const WAIT_MAX_SECONDS = 20;

const QueueUrl = z.string();
const ReceiptHandle = z.string();
const VisibilityTimeout = z.int().check(z.minimum(0), z.maximum(VISIBILITY_MAX_SECONDS));
const names = z._default(z.array(z.string()), []);

/** The members of each operation that are known here. */
export const INPUT = {
  GetQueueUrl: z.strictObject({ QueueName: z.string() }),
  GetQueueAttributes: z.strictObject({ QueueUrl, AttributeNames: names }),
  SendMessage: z.strictObject({
    QueueUrl,
    MessageBody: z.string().check(
      z.minLength(1),
      z.refine((body) => Buffer.byteLength(body) <= BODY_MAX_BYTES, `got more than ${BODY_MAX_BYTES} bytes`),
    ),
  }),
  ReceiveMessage: z.strictObject({
    QueueUrl,
    MaxNumberOfMessages: z._default(z.int().check(z.minimum(1), z.maximum(RECEIVED_MAX)), 1),
    VisibilityTimeout: z.optional(VisibilityTimeout),
    /** Taken, and not waited for: whoever polls has to be ready for an empty answer anyway. */
    WaitTimeSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(WAIT_MAX_SECONDS))),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
  }),
  DeleteMessage: z.strictObject({ QueueUrl, ReceiptHandle }),
  ChangeMessageVisibility: z.strictObject({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
  StartMessageMoveTask: z.strictObject({ SourceArn: z.string(), DestinationArn: z.optional(z.string()) }),
};
