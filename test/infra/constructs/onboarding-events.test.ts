import { readdirSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { BundledFunction } from '../../../infra/constructs/bundled-function.ts';
import { OnboardingEvents } from '../../../infra/constructs/onboarding-events.ts';
import { emptyStack, onlyResource } from '../synthesized.ts';

const QUEUE = 'AWS::SQS::Queue';
const template = eventsTemplate(false);

function eventsTemplate(followSbt: boolean): Template {
  const stack = emptyStack();
  const functionTimeout = Duration.seconds(100);
  const onboarding = new BundledFunction(stack, 'Onboarding', {
    description: 'test',
    entry: 'onboarding/handler.ts',
    variables: {},
    timeout: functionTimeout,
    memoryMegabytes: 128,
    logRetentionDays: RetentionDays.ONE_WEEK,
  });
  const eventBus = new EventBus(stack, 'Bus');
  new OnboardingEvents(stack, 'Events', { eventBus, onboarding, functionTimeout, followSbt });
  return Template.fromStack(stack);
}

const arnOf = (idPrefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${idPrefix}`), 'Arn'] });
const ruleOf = (from: Template) => onlyResource(from, 'AWS::Events::Rule')['Properties'];
const queueOf = (idPrefix: string) =>
  Object.entries(template.findResources(QUEUE)).find(([id]) => id.startsWith(idPrefix))?.[1]['Properties'];

describe('the rule', () => {
  const OWN = [
    'TenantOnboardingRequested',
    'TenantUpdated',
    'TenantSuspended',
    'TenantResumed',
    'TenantOffboarded',
  ];

  test.each([
    { followSbt: false, detailTypes: OWN },
    { followSbt: true, detailTypes: [...OWN, 'sbt_aws_onboardingRequest', 'sbt_aws_offboardingRequest'] },
  ])('takes what others say of tenants; with SBT: $followSbt', ({ followSbt, detailTypes }) => {
    expect(ruleOf(eventsTemplate(followSbt)).EventPattern).toEqual({
      source: [{ 'anything-but': ['latchkey'] }],
      'detail-type': detailTypes,
    });
  });

  test('puts it into the queue, and what it cannot put there into a queue of its own', () => {
    const { Targets, EventBusName } = ruleOf(template);
    expect(EventBusName).toEqual({ Ref: expect.stringMatching(/^Bus/) });
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: arnOf('EventsQueue'),
        DeadLetterConfig: { Arn: arnOf('EventsUndelivered') },
      }),
    ]);
  });
});

test('every queue is encrypted and closed to plain HTTP', () => {
  template.resourceCountIs(QUEUE, 3);
  template.allResourcesProperties(QUEUE, { SqsManagedSseEnabled: true });
  template.resourceCountIs('AWS::SQS::QueuePolicy', 3);
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test('the queue holds a message back for six times as long as the function takes, and gives it up after five times', () => {
  expect(queueOf('EventsQueue')).toMatchObject({
    VisibilityTimeout: 600,
    RedrivePolicy: { deadLetterTargetArn: arnOf('EventsDeadLetters'), maxReceiveCount: 5 },
  });
});

test.each(['EventsDeadLetters', 'EventsUndelivered'])('%s keeps a fortnight', (id) => {
  expect(queueOf(id)).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 60 * 60 });
});

test('the function takes batches, says which messages failed, and leaves STS to the vends', () => {
  const mapping = onlyResource(template, 'AWS::Lambda::EventSourceMapping')['Properties'];
  expect(mapping).toMatchObject({
    EventSourceArn: arnOf('EventsQueue'),
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BatchSize: 10,
    ScalingConfig: { MaximumConcurrency: 5 },
  });
});

test('the schemas of all events are published', () => {
  template.resourceCountIs('AWS::EventSchemas::Registry', 1);
  const files = readdirSync('functions/onboarding/schemas').filter((name) => name.endsWith('.json'));
  expect(files).toContain('TenantOnboardingRequested.json');
  const schemas = Object.values(template.findResources('AWS::EventSchemas::Schema'));
  expect(schemas.map(({ Properties }) => `${Properties.SchemaName}.json`).toSorted()).toEqual(
    files.toSorted(),
  );
  for (const { Properties } of schemas) {
    expect(Properties.Type).toBe('JSONSchemaDraft4');
    expect(JSON.parse(Properties.Content)).toMatchObject({
      $schema: 'http://json-schema.org/draft-04/schema#',
    });
  }
});
