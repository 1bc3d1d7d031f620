import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, test } from 'vitest';
import { BundledFunction } from '../../../infra/constructs/bundled-function.ts';
import { emptyStack, onlyResource, statementsOf } from '../synthesized.ts';

const FUNCTION = 'AWS::Lambda::Function';
const SERVICE = new ServicePrincipal('lambda.amazonaws.com');
const template = functionTemplate();

function functionTemplate(own = true): Template {
  const stack = emptyStack();
  const bundled = new BundledFunction(stack, 'Bundled', {
    description: 'test',
    entry: 'vend/handler.ts',
    variables: { LATCHKEY_A: 'b' },
    timeout: Duration.seconds(7),
    memoryMegabytes: 512,
    logRetentionDays: RetentionDays.ONE_WEEK,
    ...(own ? {} : { role: new Role(stack, 'Given', { assumedBy: SERVICE }) }),
  });
  if (own) bundled.grantInvoke(new Role(stack, 'Caller', { assumedBy: SERVICE }));
  return Template.fromStack(stack);
}

test('runs on Node.js 24 on arm64, as it is told', () => {
  template.hasResourceProperties(FUNCTION, {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 7,
    Environment: { Variables: { LATCHKEY_A: 'b' } },
  });
});

test('logs JSON into a group of its own that forgets', () => {
  onlyResource(template, 'AWS::Logs::LogGroup');
  const [logGroupId = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  template.hasResourceProperties(FUNCTION, {
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroupId } },
  });
});

const LOGS = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BundledLog/), 'Arn'] },
};

test('has a role of its own that can write that log', () => {
  expect(statementsOf(template, 'BundledRole')).toEqual([LOGS]);
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role')))
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
});

test('runs under the role that it is given, which writes that log as well', () => {
  const given = functionTemplate(false);
  given.resourceCountIs('AWS::IAM::Role', 1);
  expect(statementsOf(given, 'Given')).toEqual([LOGS]);
});

test('is invoked by whoever is granted that, as it is now', () => {
  expect(statementsOf(template, 'Caller')).toEqual([
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BundledFunction/), 'Arn'] },
    },
  ]);
});
