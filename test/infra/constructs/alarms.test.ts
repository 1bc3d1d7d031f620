import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { Alarms } from '../../../infra/constructs/alarms.ts';
import { emptyStack } from '../synthesized.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:operators';
const ALARM = 'AWS::CloudWatch::Alarm';

function alarmsTemplate(differences: { alarmTopicArn?: string } = {}): Template {
  const stack = emptyStack();
  new Alarms(stack, 'Alarms', {
    deadLetterQueues: [new Queue(stack, 'DeadLetters'), new Queue(stack, 'Undelivered')],
    auditLogs: [new LogGroup(stack, 'VendLog'), new LogGroup(stack, 'TenantsLog')],
    revokeFunction: LambdaFunction.fromFunctionName(stack, 'Revoke', 'revoke'),
    ...differences,
  });
  return Template.fromStack(stack);
}

const template = alarmsTemplate();

test.each([
  ['a message set aside', { MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum' }],
  ['a record that cannot be read', { Namespace: 'Latchkey', MetricName: 'stack/record_invalid' }],
  ['a fault of our own', { Namespace: 'Latchkey', MetricName: 'stack/internal_error' }],
  ['a sweep that fails', { Namespace: 'AWS/Lambda', MetricName: 'Errors' }],
])('%s: one is enough, and none is fine', (_what, metric) => {
  template.hasResourceProperties(ALARM, {
    ...metric,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
  });
});

test.each([
  ['registry_unavailable', 5],
  ['replay_check_unavailable', 5],
  ['sts_unavailable', 5],
  ['deadline_exceeded', 5],
  ['deployment_throttled', 100],
  ['identity_refused', 5],
  ['signing_unavailable', 5],
  ['user_keys_unavailable', 5],
  ['user_mismatch', 1],
  ['mfa_refused', 10],
  ['packed_policy_size', 1],
  ['alone', 5],
])('%s: %d in five minutes are enough', (code, Threshold) => {
  template.hasResourceProperties(ALARM, { MetricName: `stack/${code}`, Threshold, Period: 300 });
});

test('every queue is watched', () => {
  const watched = Object.values(template.findResources(ALARM)).flatMap(({ Properties }) =>
    (Properties.Dimensions ?? []).flatMap(({ Name, Value }: { Name: string; Value: unknown }) =>
      Name === 'QueueName' ? [Value] : [],
    ),
  );
  expect(watched).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(/^DeadLetters/), 'QueueName'] },
    { 'Fn::GetAtt': [expect.stringMatching(/^Undelivered/), 'QueueName'] },
  ]);
});

test('records are counted in every log of audit events, by what the audit log writes', () => {
  for (const logGroup of ['VendLog', 'TenantsLog'])
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: Match.stringLikeRegexp(`^${logGroup}`) },
      FilterPattern: '{ $.audit.code = "record_invalid" }',
      MetricTransformations: [
        { MetricNamespace: 'Latchkey', MetricName: 'stack/record_invalid', MetricValue: '1' },
      ],
    });
});

test('sessions are counted that fill four fifths of what STS takes', () => {
  for (const logGroup of ['VendLog', 'TenantsLog'])
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: Match.stringLikeRegexp(`^${logGroup}`) },
      FilterPattern: '{ $.audit.packedPolicySize >= 80 }',
      MetricTransformations: [
        { MetricNamespace: 'Latchkey', MetricName: 'stack/packed_policy_size', MetricValue: '1' },
      ],
    });
});

test('a topic hears of every alarm; without one, nobody does', () => {
  alarmsTemplate({ alarmTopicArn: TOPIC }).allResourcesProperties(ALARM, { AlarmActions: [TOPIC] });
  for (const { Properties } of Object.values(template.findResources(ALARM)))
    expect(Properties).not.toHaveProperty('AlarmActions');
});
