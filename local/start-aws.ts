import { createAdaptorServer } from '@hono/node-server';
import { ANNOUNCEMENT_SOURCE } from '../functions/core/administration/announcement-source.ts';
import { TENANT_EVENT_TYPES } from '../functions/onboarding/event-types.ts';
import {
  ACCOUNT,
  BUS,
  DEAD_LETTER_QUEUE,
  EVENT_QUEUE,
  MANAGED_POLICIES,
  OPERATOR_ROLE_ARN,
  REGION,
} from './account.ts';
import { startDynalite } from './aws/dynamodb/dynalite.ts';
import { createEventBus, type EventBus } from './aws/events/event-bus.ts';
import { parseOpenIdProviders, parseSamlProviders } from './aws/identity-providers.ts';
import type { LocalFunction } from './aws/lambda.ts';
import { openExecutionSession, openSession } from './aws/open-session.ts';
import { type LocalRole, parseManagedPolicies, parseRoles } from './aws/roles.ts';
import type { SessionCredentials, Sessions } from './aws/session.ts';
import { createQueue, type Queue } from './aws/sqs/queue.ts';
import { openUserKeys, parseUsers, type UserDefinition } from './aws/users.ts';
import { type IdentityProviders, openIdProviders, samlProviders } from './identity-providers.ts';
import { listen } from './listen.ts';
import { ROLES } from './roles.ts';
import { SAML_PROVIDER } from './saml-provider.ts';
import { createServices, SERVICES, type Service } from './services.ts';
import { federatedRole } from './tenant-roles.ts';
import { createUsers, userSecrets } from './users.ts';

/** AWS on this machine. */
export interface LocalAws {
  /** Where each service listens. */
  readonly urls: Readonly<Record<Service, string>>;
  /** Roles by ARN, in whatever account; what is added counts. */
  readonly roles: Map<string, LocalRole>;
  readonly sessions: Sessions;
  /** IAM users of the account, with their keys and MFA devices. */
  readonly users: readonly UserDefinition[];
  /** URL of Latchkey as an OpenID issuer; undefined where it is none. */
  readonly issuerUrl: string | undefined;
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
  /** Left out, the account believes the SAML provider alone, which is no server. */
  readonly identityProviders?: IdentityProviders;
  /** When STS issues sessions, for who wants them near their end; left out, now. */
  readonly sessionClock?: (() => Date) | undefined;
  /** Told in one line what was refused, and why. */
  readonly log: (message: string) => void;
}

/** Lambda would set new ones with every new sandbox; a server that runs for a month gets by with these. */
const SESSION_SECONDS = 30 * 24 * 3600;
const SAML_ALONE: IdentityProviders = { latchkey: undefined, openId: [], saml: [SAML_PROVIDER] };
/** As in the stack: deliveries before a message is set aside, and what the rule of the bus takes. */
const DELIVERIES = 5;
const RULE = { source: [{ 'anything-but': [ANNOUNCEMENT_SOURCE] }], 'detail-type': [...TENANT_EVENT_TYPES] };

/** Starts every service over one set of roles and sessions. */
export async function startLocalAws({
  portOf,
  clock,
  identityProviders = SAML_ALONE,
  sessionClock,
  log,
}: LocalAwsOptions): Promise<LocalAws> {
  const sessions: Sessions = new Map();
  const roles = parseRoles([...ROLES, federatedRole(identityProviders)]);
  const users = createUsers();
  const functions = new Map<string, LocalFunction>();
  const { eventQueue, deadLetterQueue, bus } = createEventPath(clock);
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const dynalite = await startDynalite();
  started.defer(dynalite.close);
  const services = createServices({
    sessions,
    roles,
    ...identitiesOf(users, identityProviders, sessions),
    clock,
    sessionClock,
    log,
    dynalite,
    functions,
    bus,
    queues: [eventQueue, deadLetterQueue],
    secrets: userSecrets(users, clock()),
  });
  const urls = await openDoors(services, portOf, started);
  const running = started.move();
  return {
    urls,
    roles,
    sessions,
    users,
    issuerUrl: identityProviders.latchkey,
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

/** Whom STS knows besides roles, the users with their keys. */
function identitiesOf(
  definitions: readonly UserDefinition[],
  identityProviders: IdentityProviders,
  sessions: Sessions,
) {
  const users = parseUsers(definitions);
  openUserKeys(users, sessions);
  return {
    users,
    managedPolicies: parseManagedPolicies(MANAGED_POLICIES),
    openIdProviders: parseOpenIdProviders(openIdProviders(identityProviders)),
    samlProviders: parseSamlProviders(samlProviders(identityProviders)),
  };
}

async function openDoors(
  services: ReturnType<typeof createServices>,
  portOf: LocalAwsOptions['portOf'],
  started: AsyncDisposableStack,
): Promise<LocalAws['urls']> {
  const urls: Partial<Record<Service, string>> = {};
  for (const [service, name] of Object.entries(SERVICES) as [Service, string][]) {
    const server = createAdaptorServer({ fetch: services[service] as never }) as never;
    const { url, close } = await listen(server, portOf(service), name);
    started.defer(close);
    urls[service] = url;
  }
  return urls as LocalAws['urls'];
}

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
