import { createHash, randomUUID } from 'node:crypto';

/** What a queue is made with. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export interface QueueOptions {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly clock: () => Date;
  /** How long a message that was received stays hidden; fractions of a second are taken here. */
  readonly visibilityTimeoutSeconds?: number;
  readonly redrive?: Redrive;
}

/** Where a message goes that has been received `maxReceiveCount` times and is still there. */
export interface Redrive {
  readonly deadLetterQueue: Queue;
  readonly maxReceiveCount: number;
}

/** A message as its receiver sees it. */
export interface ReceivedMessage {
  readonly messageId: string;
  /** Good until the message is received again. */
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, string>> & { readonly ApproximateReceiveCount: string };
}

/** A message that somebody sends or moves. */
export interface SentMessage {
  readonly body: string;
  /** Who sent it, as `SenderId` tells. */
  readonly senderId: string;
}

/** A standard queue in memory. It keeps messages for as long as it lives. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly redrive: Redrive | undefined;
  readonly send: (message: SentMessage) => { readonly messageId: string; readonly md5OfBody: string };
  /** Up to `max` visible messages, the oldest first; those that were received too often go to the dead-letter queue instead. */
  readonly receive: (max: number, visibilityTimeoutSeconds?: number) => readonly ReceivedMessage[];
  /** Whether there was one; a handle of an earlier receipt deletes nothing. */
  readonly remove: (receiptHandle: string) => boolean;
  /** Hides a message from now on for so long; false for one that is not hidden. */
  readonly hide: (receiptHandle: string, seconds: number) => boolean;
  readonly counts: () => { readonly visible: number; readonly hidden: number };
  /** When the next hidden message shows; undefined when none is hidden. */
  readonly nextVisibleAt: () => Date | undefined;
  /** Takes a message in that another queue gives up. */
  readonly adopt: (message: StoredMessage) => void;
  /** Moves every visible message to where `destinationOf` says, as a new one; gives how many. */
  readonly moveAll: (destinationOf: (sourceArn: string | undefined) => Queue | undefined) => number;
  /** Calls `listener` whenever a message has come, gone or changed; what it gives ends that. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A message as a queue keeps it. */
export interface StoredMessage extends SentMessage {
  readonly messageId: string;
  readonly sentAt: Date;
  firstReceivedAt: Date | undefined;
  receiveCount: number;
  receiptHandle: string | undefined;
  visibleAt: number;
  /** ARN of the queue that gave it up. */
  readonly deadLetterSourceArn: string | undefined;
}

/** Makes an empty queue. */
export function createQueue(options: QueueOptions): Queue {
  const { name, account, region, clock, visibilityTimeoutSeconds = 30, redrive } = options;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  const messages = new Set<StoredMessage>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const isVisible = (message: StoredMessage) => message.visibleAt <= clock().getTime();
  const visible = () => [...messages].filter(isVisible);
  const hidden = () => [...messages].filter((message) => !isVisible(message));
  const find = (handle: string) => [...messages].find(({ receiptHandle }) => receiptHandle === handle);

  return {
    name,
    arn,
    visibilityTimeoutSeconds,
    redrive,
    send(message) {
      const stored = newMessage(message, clock());
      messages.add(stored);
      changed();
      return { messageId: stored.messageId, md5OfBody: md5Of(message.body) };
    },
    receive(max, seconds = visibilityTimeoutSeconds) {
      const received: ReceivedMessage[] = [];
      const before = messages.size;
      for (const message of visible()) {
        if (received.length === max) break;
        if (redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount) {
          messages.delete(message);
          redrive.deadLetterQueue.adopt({ ...message, deadLetterSourceArn: arn });
        } else {
          received.push(receive(message, clock(), seconds));
        }
      }
      if (received.length > 0 || messages.size < before) changed();
      return received;
    },
    remove(receiptHandle) {
      const message = find(receiptHandle);
      if (message === undefined) return false;
      messages.delete(message);
      changed();
      return true;
    },
    hide(receiptHandle, seconds) {
      const message = find(receiptHandle);
      if (message === undefined || isVisible(message)) return false;
      message.visibleAt = clock().getTime() + seconds * 1000;
      changed();
      return true;
    },
    counts: () => ({ visible: visible().length, hidden: hidden().length }),
    nextVisibleAt() {
      const instants = hidden().map(({ visibleAt }) => visibleAt);
      return instants.length === 0 ? undefined : new Date(Math.min(...instants));
    },
    adopt(message) {
      messages.add({ ...message, receiptHandle: undefined, visibleAt: clock().getTime() });
      changed();
    },
    moveAll(destinationOf) {
      const moved = visible().filter((message) => {
        const destination = destinationOf(message.deadLetterSourceArn);
        if (destination === undefined) return false;
        messages.delete(message);
        destination.send(message);
        return true;
      });
      changed();
      return moved.length;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function newMessage({ body, senderId }: SentMessage, now: Date): StoredMessage {
  return {
    body,
    senderId,
    messageId: randomUUID(),
    sentAt: now,
    firstReceivedAt: undefined,
    receiveCount: 0,
    receiptHandle: undefined,
    visibleAt: now.getTime(),
    deadLetterSourceArn: undefined,
  };
}

function receive(message: StoredMessage, now: Date, visibilityTimeoutSeconds: number): ReceivedMessage {
  message.receiveCount += 1;
  message.firstReceivedAt ??= now;
  message.receiptHandle = randomUUID();
  message.visibleAt = now.getTime() + visibilityTimeoutSeconds * 1000;
  const { messageId, receiptHandle, body, senderId, sentAt, deadLetterSourceArn } = message;
  return {
    messageId,
    receiptHandle,
    body,
    md5OfBody: md5Of(body),
    attributes: {
      SenderId: senderId,
      SentTimestamp: String(sentAt.getTime()),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt.getTime()),
      ...(deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSourceArn }),
    },
  };
}

/** What the SDKs hold a body against; no secret depends on it. */
function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
