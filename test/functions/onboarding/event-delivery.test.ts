import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEventAnnouncer } from '../../../functions/adapters/administration/event-announcer.ts';
import { createDynamoTenantStore } from '../../../functions/adapters/registry/dynamo-tenant-store.ts';
import { statusOfTenant } from '../../../functions/core/tenant/tenant-record.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import { ANNOUNCEMENT_DETAILS } from '../../../functions/onboarding/announcement-details.ts';
import { createEventConsumer } from '../../../functions/onboarding/event-consumer.ts';
import { TENANT_EVENT_TYPES } from '../../../functions/onboarding/event-types.ts';
import type { BusEvent, EventRule } from '../../../local/aws/events/event-bus.ts';
import {
  createEventSourceMapping,
  type EventSourceMapping,
} from '../../../local/aws/sqs/event-source-mapping.ts';
import { createQueue } from '../../../local/aws/sqs/queue.ts';
import { allowing, BUS, startLocalEvents } from '../../local/local-events.ts';
import { ACCOUNT, REGION } from '../../local/tenant-session.ts';
import { startDynamoRegistry } from '../adapters/registry/dynamo-registry.ts';
import { HOLE, sampleAdministration } from '../core/administration/sample-administration.ts';
import { sampleTenantDefinition } from '../core/sample.ts';

/** From PutEvents over the bus, the queue and the consumer to the registry, and back to the bus. */
const DELIVERIES = 3;
const ANYTHING = allowing({ Action: ['events:*', 'sqs:*'], Resource: '*' });
const clock = () => new Date();
const common = { account: ACCOUNT, region: REGION, clock };
const dead = createQueue({ ...common, name: 'dead' });
const queue = createQueue({
  ...common,
  name: 'work',
  redrive: { deadLetterQueue: dead, maxReceiveCount: DELIVERIES },
});
const rule: EventRule = {
  pattern: { source: [{ 'anything-but': ['latchkey'] }], 'detail-type': [...TENANT_EVENT_TYPES] },
  deliver: (body) => void queue.send({ body, senderId: 'events' }),
};

let local: Awaited<ReturnType<typeof startLocalEvents>>;
let sample: ReturnType<typeof sampleAdministration>;
let mapping: EventSourceMapping;
let said: BusEvent[];
let unsubscribe: () => void;

beforeAll(async () => {
  local = await startLocalEvents({ rules: [rule], queues: [queue, dead] });
});
afterAll(() => local.close());
beforeEach(() => {
  said = [];
  unsubscribe = local.bus.subscribe((event) => void (event.source === 'latchkey' && said.push(event)));
  connect();
});
afterEach(async () => {
  await mapping.close();
  unsubscribe();
  for (const { receiptHandle } of dead.receive(100)) dead.remove(receiptHandle);
  for (const event of said) expectPublished(event);
});

/** What is said has the form that is published, and nothing beside it. */
function expectPublished({ 'detail-type': type, detail }: BusEvent): void {
  const schema = ANNOUNCEMENT_DETAILS[type as keyof typeof ANNOUNCEMENT_DETAILS];
  expect(schema.parse(detail)).toEqual(detail);
}

function connect(changes: Parameters<typeof sampleAdministration>[0] = {}): void {
  const announcer = createEventAnnouncer({
    region: REGION,
    credentials: local.credentialsFor(ANYTHING),
    endpoint: local.eventsEndpoint,
    eventBus: BUS,
  });
  sample = sampleAdministration({ announcer, ...changes });
  const { administration } = sample;
  const consume = createEventConsumer({ administration, announcer, auditLog: { record: () => {} } });
  mapping = createEventSourceMapping({
    queue,
    region: REGION,
    clock,
    retrySeconds: 0,
    log: () => {},
    handler: ({ Records }) => consume(Records),
  });
}

async function put(...events: readonly (readonly [type: string, detail: object])[]): Promise<void> {
  const client = new EventBridgeClient({
    region: REGION,
    endpoint: local.eventsEndpoint,
    credentials: local.credentialsFor(ANYTHING),
  });
  const Entries = events.map(([DetailType, detail]) => ({
    EventBusName: BUS,
    Source: 'control-plane',
    DetailType,
    Detail: JSON.stringify({ tenantId: 'acme', ...detail }),
  }));
  expect((await client.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
}

function replay(): Promise<unknown> {
  const credentials = local.credentialsFor(ANYTHING);
  const client = new SQSClient({ region: REGION, endpoint: local.sqsEndpoint, credentials });
  return client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
}

const tenant = (displayName: string) => sampleTenantDefinition({ displayName });
const acme = () => sample.store.tenants.get('acme');
const saidTypes = () => said.map((event) => event['detail-type']);

test('an onboarding is announced with the event that asked for it', async () => {
  await put(['TenantOnboardingRequested', { version: 1, tenant: tenant('one') }]);
  const asked = local.bus.recent().findLast(({ source }) => source === 'control-plane');
  await mapping.idle();
  expect(acme()).toMatchObject({ holds: [], definition: { displayName: 'one' } });
  expect(said).toMatchObject([
    { 'detail-type': 'TenantOnboarded', detail: { tenantId: 'acme', status: 'active', causedBy: asked?.id } },
  ]);
});

test('one that finds a hole is announced as failed, and is done with', async () => {
  sample.world.report = () => ({ passed: false, probes: [HOLE] });
  await put(['TenantOnboardingRequested', { version: 1, tenant: tenant('one') }]);
  await mapping.idle();
  expect(said).toMatchObject([
    { 'detail-type': 'TenantOnboardingFailed', detail: { probes: [{ probe: HOLE.probe, cure: HOLE.cure }] } },
  ]);
  expect(acme()?.holds).toEqual(['onboarding']);
  expect(dead.counts().visible).toBe(0);
});

test('out of order, the highest version counts', async () => {
  await put(['TenantUpdated', { version: 4, tenant: tenant('four') }]);
  await mapping.idle();
  await put(['TenantSuspended', { version: 3, revokeSessions: true }]);
  await mapping.idle();
  await put(
    ['TenantResumed', { version: 2 }],
    ['TenantOnboardingRequested', { version: 1, tenant: tenant('one') }],
  );
  await mapping.idle();
  expect(acme()).toMatchObject({ holds: ['event'], definition: { displayName: 'four' } });
  expect(saidTypes()).toContain('TenantSessionsRevoked');
  await put(['TenantOffboarded', { version: 0 }]);
  await mapping.idle();
  expect(acme()?.offboardedAt).toBeDefined();
});

test('two events of one version: the second is refused, announced, and done with', async () => {
  await put(['TenantResumed', { version: 1 }]);
  await mapping.idle();
  await put(['TenantSuspended', { version: 1 }]);
  await mapping.idle();
  expect(said.at(-1)).toMatchObject({
    'detail-type': 'TenantEventRejected',
    detail: { code: 'event_version_reused' },
  });
  expect(dead.counts().visible).toBe(0);
});

describe('a failure that passes', () => {
  test.each(['readTenant', 'writeTenant', 'verify'])('of %s is tried again until it has', async (call) => {
    let left = DELIVERIES - 1;
    sample.world.fault = (name) => (name === call && left-- > 0 ? 'before' : undefined);
    await put(['TenantOnboardingRequested', { version: 1, tenant: tenant('one') }]);
    await mapping.idle();
    expect(saidTypes()).toEqual(['TenantOnboarded']);
    expect(dead.counts().visible).toBe(0);
  });

  test('too late leaves the event in the dead-letter queue, from where it is replayed', async () => {
    sample.world.fault = (name) => (name === 'writeTenant' ? 'before' : undefined);
    await put(['TenantOnboardingRequested', { version: 1, tenant: tenant('one') }]);
    await mapping.idle();
    expect([acme(), dead.counts().visible, saidTypes()]).toEqual([undefined, 1, []]);

    sample.world.fault = () => undefined;
    await replay();
    await mapping.idle();
    expect(saidTypes()).toEqual(['TenantOnboarded']);
    expect(dead.counts().visible).toBe(0);
  });
});

describe('a malformed event', () => {
  test('is announced once and kept, and so again when it is replayed', async () => {
    await put(['TenantOnboardingRequested', { tenant: tenant('one') }]);
    await mapping.idle();
    expect([saidTypes(), dead.counts().visible]).toEqual([['TenantOnboardingFailed'], 1]);
    await replay();
    await mapping.idle();
    expect([saidTypes().length, dead.counts().visible]).toEqual([2, 1]);
    expect(acme()).toBeUndefined();
  });

  test.each(['not JSON', '{}', '[]', 'null'])('%s does not hold up the others', async (body) => {
    queue.send({ body, senderId: 'somebody' });
    await put(['TenantResumed', { version: 1 }]);
    await mapping.idle();
    expect(acme()?.events.status?.version).toBe(1);
    expect(dead.counts().visible).toBe(1);
  });
});

test('delivered in any order and any number of times, the end is what the versions say', async () => {
  const kinds = fc.constantFrom(
    'TenantOnboardingRequested',
    'TenantUpdated',
    'TenantSuspended',
    'TenantResumed',
  );
  const stories = fc
    .array(kinds, { minLength: 1, maxLength: 8 })
    .map((types) => types.map((type, index) => ({ type, version: index + 1 })))
    .chain((events) =>
      fc.record({
        events: fc.constant(events),
        // Each at least once, and some of them again.
        order: fc
          .array(fc.integer({ min: 0, max: events.length - 1 }), { maxLength: 6 })
          .chain((again) =>
            fc.shuffledSubarray([...events.keys(), ...again], { minLength: events.length + again.length }),
          ),
      }),
    );
  let tenants = 0;
  await fc.assert(
    fc.asyncProperty(stories, async ({ events, order }) => {
      tenants += 1;
      const tenantId = `tenant-${tenants}`;
      for (const index of order) {
        const { type, version } = events[index] ?? { type: '', version: 0 };
        const defines = type === 'TenantOnboardingRequested' || type === 'TenantUpdated';
        const detail = { tenantId, version, ...(defines ? { tenant: tenant(`version ${version}`) } : {}) };
        const event = {
          version: '0',
          id: `${tenantId}-${version}`,
          'detail-type': type,
          source: 'control-plane',
          account: ACCOUNT,
          time: '2026-11-22T10:00:00Z',
          region: REGION,
          resources: [],
          detail,
        };
        queue.send({ body: JSON.stringify(event), senderId: 'test' });
      }
      await mapping.idle();
      const last = (types: readonly string[]) => events.findLast(({ type }) => types.includes(type));
      const defined = last(['TenantOnboardingRequested', 'TenantUpdated']);
      const status = last(['TenantOnboardingRequested', 'TenantSuspended', 'TenantResumed']);
      const record = sample.store.tenants.get(tenantId);
      expect(record?.definition?.displayName).toBe(defined && `version ${defined.version}`);
      expect(record?.holds.includes('event')).toBe(status?.type === 'TenantSuspended');
      if (defined !== undefined && record !== undefined)
        expect(statusOfTenant(record)).toBe(status?.type === 'TenantSuspended' ? 'suspended' : 'active');
      expect(dead.counts().visible).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test('the registry in DynamoDB takes many tenants at once', async () => {
  await mapping.close();
  const registry = await startDynamoRegistry();
  const store = createDynamoTenantStore({ ...registry.as('store'), clock });
  connect({ store });
  const ids = Array.from({ length: 20 }, (_, index) => `tenant-${index}`);
  const events = ids.map(
    (tenantId) => ['TenantOnboardingRequested', { tenantId, version: 1, tenant: tenant(tenantId) }] as const,
  );
  await Promise.all([put(...events.slice(0, 10)), put(...events.slice(10))]);
  await mapping.idle();
  expect(dead.counts().visible).toBe(0);
  const records = await Promise.all(ids.map((tenantId) => store.readTenant(parseTenantId(tenantId))));
  expect(records.map((record) => [record?.definition?.displayName, record?.holds])).toEqual(
    ids.map((id) => [id, []]),
  );
  expect(saidTypes().filter((type) => type === 'TenantOnboarded')).toHaveLength(20);
  await registry.close();
});
