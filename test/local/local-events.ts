import { createEventBus, type EventBus, type EventRule } from '../../local/aws/events/event-bus.ts';
import { createEventsDoor } from '../../local/aws/events.ts';
import type { Session } from '../../local/aws/session.ts';
import type { Queue } from '../../local/aws/sqs/queue.ts';
import { createSqsDoor } from '../../local/aws/sqs.ts';
import { serveDoor } from './serve-door.ts';
import { ACCOUNT, createSession, REGION } from './tenant-session.ts';

export const BUS = 'tenant-events';
export const BUS_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${BUS}`;

/** A policy with Allow statements alone. */
export const allowing = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
});

/** A served EventBridge with one bus, a served SQS, and who may do what. */
export async function startLocalEvents({
  rules = [],
  queues = [],
}: {
  readonly rules?: readonly EventRule[];
  readonly queues?: readonly Queue[];
} = {}) {
  const sessions = new Map<string, Session>();
  const logged: string[] = [];
  const clock = () => new Date();
  const common = { account: ACCOUNT, region: REGION, clock };
  const bus: EventBus = createEventBus({ ...common, name: BUS, rules });
  const door = { ...common, sessions, log: (message: string) => void logged.push(message) };
  const events = await serveDoor(createEventsDoor({ ...door, buses: [bus] }));
  const sqs = await serveDoor(createSqsDoor({ ...door, queues }));
  return {
    bus,
    logged,
    eventsEndpoint: events.endpoint,
    sqsEndpoint: sqs.endpoint,
    /** Credentials of a session whose role has that policy. */
    credentialsFor(rolePolicy: object) {
      const session = createSession({ rolePolicy });
      sessions.set(session.credentials.accessKeyId, session);
      return session.credentials;
    },
    close: async () => {
      await Promise.all([events.close(), sqs.close()]);
    },
  };
}

/** The error's name, or `done`. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: Error) => error.name,
  );
}
