import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEventPattern } from '../../local/aws/events/event-pattern.ts';
import { allowing, BUS, BUS_ARN, outcomeOf, startLocalEvents } from './local-events.ts';
import { REGION } from './tenant-session.ts';

const delivered: string[] = [];
let local: Awaited<ReturnType<typeof startLocalEvents>>;

beforeAll(async () => {
  const pattern = { source: [{ 'anything-but': ['latchkey'] }], 'detail-type': ['TenantResumed'] };
  local = await startLocalEvents({ rules: [{ pattern, deliver: (event) => delivered.push(event) }] });
});
afterAll(() => local.close());

const MAY_PUT = allowing({ Action: 'events:PutEvents', Resource: BUS_ARN });
const ENTRY: PutEventsRequestEntry = {
  EventBusName: BUS,
  Source: 'control-plane',
  DetailType: 'TenantResumed',
  Detail: '{"tenantId":"acme"}',
};

function put(entries: readonly Partial<PutEventsRequestEntry>[], policy: object = MAY_PUT) {
  const client = new EventBridgeClient({
    region: REGION,
    endpoint: local.eventsEndpoint,
    credentials: local.credentialsFor(policy),
    maxAttempts: 1,
  });
  return client.send(new PutEventsCommand({ Entries: entries.map((entry) => ({ ...ENTRY, ...entry })) }));
}

describe('PutEvents', () => {
  test('puts an envelope around the event and delivers it by the rule', async () => {
    const heard: unknown[] = [];
    const unsubscribe = local.bus.subscribe((event) => heard.push(event));
    const time = new Date('2026-11-22T10:00:00.500Z');
    const { Entries, FailedEntryCount } = await put([{ Time: time, Resources: ['arn:x'] }]);
    unsubscribe();
    expect(FailedEntryCount).toBe(0);
    const event = {
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'TenantResumed',
      source: 'control-plane',
      account: '111122223333',
      time: '2026-11-22T10:00:00Z',
      region: REGION,
      resources: ['arn:x'],
      detail: { tenantId: 'acme' },
    };
    expect(JSON.parse(delivered.at(-1) ?? '')).toEqual(event);
    expect(heard).toEqual([event]);
    expect(local.bus.recent().at(-1)).toEqual(event);
  });

  test.each([{ Source: 'latchkey' }, { DetailType: 'TenantOnboarded' }])(
    'keeps %o from the rule, and on the bus',
    async (entry) => {
      const before = delivered.length;
      expect((await put([entry])).FailedEntryCount).toBe(0);
      expect(delivered).toHaveLength(before);
      expect(local.bus.recent().at(-1)).toMatchObject({ detail: { tenantId: 'acme' } });
    },
  );

  test('takes a bus by its ARN', async () => {
    expect((await put([{ EventBusName: BUS_ARN }])).FailedEntryCount).toBe(0);
  });

  const anyBus = allowing({ Action: 'events:PutEvents', Resource: '*' });
  test.each<[Partial<PutEventsRequestEntry>, string]>([
    [{ Source: '' }, 'InvalidArgument'],
    [{ DetailType: undefined }, 'InvalidArgument'],
    [{ Detail: undefined }, 'InvalidArgument'],
    [{ Detail: 'not JSON' }, 'MalformedDetail'],
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Source: 'aws.ec2' }, 'NotAuthorizedForSource'],
    [{ EventBusName: 'elsewhere' }, 'ResourceNotFoundException'],
    [{ EventBusName: undefined }, 'ResourceNotFoundException'],
  ])('fails the entry %o alone with %s', async (entry, code) => {
    const { Entries, FailedEntryCount } = await put([entry, {}], anyBus);
    expect(FailedEntryCount).toBe(1);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([code, undefined]);
  });

  const half = { Detail: JSON.stringify({ text: 'x'.repeat(524_288) }) };
  test.each<[string, readonly Partial<PutEventsRequestEntry>[], string]>([
    ['no entries', [], 'ValidationException'],
    ['11 entries', Array(11).fill({}), 'ValidationException'],
    ['10 entries', Array(10).fill({}), 'done'],
    ['1 MB in all', [half, half], 'ValidationException'],
    ['half a MB', [half], 'done'],
    ['a member that is not known here', [{ TraceHeader: 'x' }], 'ValidationException'],
  ])('%s: %s', async (_, entries, outcome) => {
    expect(await outcomeOf(put(entries))).toBe(outcome);
  });
});

describe('permission', () => {
  const other = allowing({ Action: 'events:PutEvents', Resource: `${BUS_ARN}-not` });
  const condition = (StringEquals: object) =>
    allowing({ Action: 'events:PutEvents', Resource: BUS_ARN, Condition: { StringEquals } });
  test.each<[string, object, string]>([
    ['on another bus', other, 'AccessDeniedException'],
    ['to do something else', allowing({ Action: 'events:PutRule', Resource: '*' }), 'AccessDeniedException'],
    ['of another source', condition({ 'events:source': 'latchkey' }), 'AccessDeniedException'],
    ['of this source', condition({ 'events:source': 'control-plane' }), 'done'],
    ['of this detail-type', condition({ 'events:detail-type': 'TenantResumed' }), 'done'],
  ])('%s', async (_, policy, outcome) => {
    const before = local.bus.recent().length;
    expect(await outcomeOf(put([{}], policy))).toBe(outcome);
    expect(local.bus.recent().length - before).toBe(outcome === 'done' ? 1 : 0);
  });

  test('of one entry is not that of the next', async () => {
    const before = local.bus.recent().length;
    const policy = condition({ 'events:source': 'control-plane' });
    expect(await outcomeOf(put([{}, { Source: 'latchkey' }], policy))).toBe('AccessDeniedException');
    expect(local.bus.recent()).toHaveLength(before);
  });

  test('needs a session that is known here', async () => {
    const credentials = { ...local.credentialsFor(MAY_PUT), secretAccessKey: 'another' };
    const client = new EventBridgeClient({
      region: REGION,
      endpoint: local.eventsEndpoint,
      credentials,
      maxAttempts: 1,
    });
    expect(await outcomeOf(client.send(new PutEventsCommand({ Entries: [ENTRY] })))).toBe(
      'InvalidSignatureException',
    );
  });
});

test.each([
  { account: ['111122223333'] },
  { source: [{ prefix: 'x' }] },
  { source: [] },
  { source: 'latchkey' },
])('the pattern %o says more than is known here, or nothing', (pattern) => {
  expect(() => parseEventPattern(pattern)).toThrow('event pattern');
});

test('an operation that is not known here is refused by name', async () => {
  const { DescribeEventBusCommand } = await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient({
    region: REGION,
    endpoint: local.eventsEndpoint,
    credentials: local.credentialsFor(MAY_PUT),
    maxAttempts: 1,
  });
  expect(await outcomeOf(client.send(new DescribeEventBusCommand({})))).toBe('UnknownOperationException');
  expect(local.logged.at(-1)).toContain('AWSEvents.DescribeEventBus');
});
