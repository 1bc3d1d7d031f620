import { createAdaptorServer } from '@hono/node-server';
import { ANNOUNCEMENT_SOURCE } from '../functions/core/administration/announcement-source.ts';
import { TENANT_EVENT_TYPES } from '../functions/onboarding/event-types.ts';
import {
  ACCOUNT,
  BUS,
  DATA_BUCKET,
  DEAD_LETTER_QUEUE,
  EVENT_QUEUE,
  MANAGED_POLICIES,
  OPERATOR_ROLE_ARN,
  REGION,
  TEMPLATE_BUCKET,
} from './account.ts';
import type { Door } from './aws/door.ts';
import { startDynalite } from './aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from './aws/dynamodb.ts';
import { createEventBus, type EventBus } from './aws/events/event-bus.ts';
import { createEventsDoor } from './aws/events.ts';
import { createIamDoor } from './aws/iam.ts';
import { createLambdaDoor, type LocalFunction } from './aws/lambda.ts';
import { openExecutionSession, openSession } from './aws/open-session.ts';
import { type LocalRole, parseManagedPolicies, parseRoles } from './aws/roles.ts';
import { createS3Door } from './aws/s3.ts';
import type { SessionCredentials, Sessions } from './aws/session.ts';
import { createSignInDoor } from './aws/signin.ts';
import { createQueue, type Queue } from './aws/sqs/queue.ts';
import { createSqsDoor } from './aws/sqs.ts';
import { createStsDoor } from './aws/sts.ts';
import { listen } from './listen.ts';
import { ROLES } from './roles.ts';

/** The services, by their names in endpoints. */
const SERVICES = ['sts', 'dynamodb', 's3', 'iam', 'lambda', 'events', 'sqs', 'signin'] as const;
export type Service = (typeof SERVICES)[number];

/** AWS on this machine. */
export interface LocalAws {
  /** Where each service listens. */
  readonly urls: Readonly<Record<Service, string>>;
  /** Roles by ARN, in whatever account; what is added counts. */
  readonly roles: Map<string, LocalRole>;
  readonly sessions: Sessions;
  /** What Lambda runs, by name; what is added counts. */
  readonly functions: Map<string, LocalFunction>;
  readonly bus: EventBus;
  /** What the bus's rule fills, and what ends after five deliveries in the dead-letter queue. */
  readonly eventQueue: Queue;
  readonly deadLetterQueue: Queue;
  /** A session of an execution role, as Lambda sets it in a function's variables. */
  readonly executionCredentials: (roleArn: string) => SessionCredentials;
  /** Of whoever works here. */
  readonly operatorCredentials: SessionCredentials;
  readonly close: () => Promise<void>;
}

/** What a local AWS is started with. */
export interface LocalAwsOptions {
  /** 0: any free one. */
  readonly portOf: (service: Service) => number;
  readonly clock: () => Date;
  /** When STS issues sessions, for who wants them near their end; left out, now. */
  readonly sessionClock?: (() => Date) | undefined;
  /** Told in one line what was refused, and why. */
  readonly log: (message: string) => void;
}

/** Lambda would set new ones with every new sandbox; a server that runs for a month gets by with these. */
const SESSION_SECONDS = 30 * 24 * 3600;
/** As in the stack: deliveries before a message is set aside, and what the rule of the bus takes. */
const DELIVERIES = 5;
const RULE = { source: [{ 'anything-but': [ANNOUNCEMENT_SOURCE] }], 'detail-type': [...TENANT_EVENT_TYPES] };

/** Starts every service over one set of roles and sessions. */
export async function startLocalAws({
  portOf,
  clock,
  sessionClock,
  log,
}: LocalAwsOptions): Promise<LocalAws> {
  const sessions: Sessions = new Map();
  const roles = parseRoles(ROLES);
  const functions = new Map<string, LocalFunction>();
  const { eventQueue, deadLetterQueue, bus } = createEventPath(clock);
  const common = { account: ACCOUNT, region: REGION, sessions, clock, log };
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const dynalite = await startDynalite();
  started.defer(dynalite.close);
  const managedPolicies = parseManagedPolicies(MANAGED_POLICIES);
  const doors: Record<Service, Door> = {
    sts: createStsDoor({ ...common, sessionClock, roles, managedPolicies }),
    dynamodb: createDynamoDbDoor({ ...common, dynalite }),
    s3: createS3Door({ ...common, bucketNames: [DATA_BUCKET, TEMPLATE_BUCKET] }),
    iam: createIamDoor({ ...common, roles }),
    lambda: createLambdaDoor({ ...common, functions }),
    events: createEventsDoor({ ...common, buses: [bus] }),
    sqs: createSqsDoor({ ...common, queues: [eventQueue, deadLetterQueue] }),
    signin: createSignInDoor(common),
  };
  const urls: Partial<Record<Service, string>> = {};
  for (const service of SERVICES) {
    const server = createAdaptorServer({ fetch: doors[service] as never }) as never;
    const { url, close } = await listen(server, portOf(service), NAMES[service]);
    started.defer(close);
    urls[service] = url;
  }
  const running = started.move();
  return {
    urls: urls as Record<Service, string>,
    roles,
    sessions,
    functions,
    bus,
    eventQueue,
    deadLetterQueue,
    executionCredentials(roleArn) {
      const functionName = roleArn.split('/').at(-1) ?? '';
      const options = { functionName, durationSeconds: SESSION_SECONDS, sessions, clock };
      return openExecutionSession(roleOf(roles, roleArn), options).credentials;
    },
    operatorCredentials: openSession(roleOf(roles, OPERATOR_ROLE_ARN), OPERATOR_SESSION, { sessions, clock })
      .credentials,
    close: () => running.disposeAsync(),
  };
}

/** As people call them, when a port is taken. */
const NAMES: Readonly<Record<Service, string>> = {
  sts: 'STS',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  iam: 'IAM',
  lambda: 'Lambda',
  events: 'EventBridge',
  sqs: 'SQS',
  signin: 'the AWS sign-in',
};

const OPERATOR_SESSION = {
  sessionName: 'you',
  durationSeconds: SESSION_SECONDS,
  sourceIdentity: undefined,
  tags: {},
  transitiveTagKeys: [],
  sessionPolicies: undefined,
};

/** The bus, and the queue that its rule fills. */
function createEventPath(clock: () => Date) {
  const place = { account: ACCOUNT, region: REGION, clock };
  const deadLetterQueue = createQueue({ ...place, name: DEAD_LETTER_QUEUE });
  const redrive = { deadLetterQueue, maxReceiveCount: DELIVERIES };
  const eventQueue = createQueue({ ...place, name: EVENT_QUEUE, redrive });
  const deliver = (event: string) => void eventQueue.send({ body: event, senderId: 'events.amazonaws.com' });
  const bus = createEventBus({ ...place, name: BUS, rules: [{ pattern: RULE, deliver }] });
  return { eventQueue, deadLetterQueue, bus };
}

function roleOf(roles: ReadonlyMap<string, LocalRole>, arn: string): LocalRole {
  const role = roles.get(arn);
  if (role === undefined) throw new Error(`got no role ${arn}, expected it in roles.ts`);
  return role;
}
