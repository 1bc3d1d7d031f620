import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, test } from 'vitest';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';
import { TenantRegistry } from '../../../infra/constructs/tenant-registry.ts';
import { UsageTable } from '../../../infra/constructs/usage-table.ts';
import { VendFunction, type VendFunctionProps } from '../../../infra/constructs/vend-function.ts';
import { deployed, emptyStack, onlyResource, statementsOf } from '../synthesized.ts';

const resources = {
  tenantRoleArn: 'arn:aws:iam::111122223333:role/tenant',
  tenantBucketArn: 'arn:aws:s3:::data',
  tenantTableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
};

const FUNCTION = 'AWS::Lambda::Function';
const template = vendFunctionTemplate();

function vendFunctionTemplate(differences: Partial<VendFunctionProps> = {}): Template {
  const stack = emptyStack();
  new VendFunction(stack, 'Vend', {
    role: new Role(stack, 'Execution', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    registry: new TenantRegistry(stack, 'Registry', { retainData: false }),
    usage: new UsageTable(stack, 'Usage'),
    resources,
    memoryMegabytes: 512,
    logRetentionDays: RetentionDays.ONE_WEEK,
    ...differences,
  });
  return Template.fromStack(stack);
}

test('runs on Node.js 24 on arm64, for 15 seconds at most', () => {
  template.hasResourceProperties(FUNCTION, {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 15,
  });
});

test('logs JSON into a group of its own that forgets', () => {
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
  const [logGroupId = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  template.hasResourceProperties(FUNCTION, {
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroupId } },
  });
});

test("is set exactly the variables that the function's own reader takes", () => {
  const variables = onlyResource(template, FUNCTION)['Properties'].Environment.Variables;
  const { LATCHKEY_REGISTRY_TABLE, LATCHKEY_USAGE_TABLE, ...others } = variables;
  expect(LATCHKEY_REGISTRY_TABLE).toEqual({ Ref: expect.stringMatching(/^RegistryTable/) });
  expect(LATCHKEY_USAGE_TABLE).toEqual({ Ref: expect.stringMatching(/^UsageTable/) });
  expect(Object.keys(others)).toEqual(['LATCHKEY_RESOURCES']);

  const environment = readVendEnvironment({
    LATCHKEY_REGISTRY_TABLE: 'registry',
    LATCHKEY_USAGE_TABLE: 'usage',
    ...(deployed(others, {}) as Record<string, string>),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(environment.resources).toEqual(resources);
});

test('is told what the environment has chosen', () => {
  const chosen = vendFunctionTemplate({
    vendsPerSecond: 100,
    stsFallbackRegions: ['eu-west-1'],
    deadlineMilliseconds: 1000,
    allowedOrigins: ['https://app.example.com'],
  });
  const variables = onlyResource(chosen, FUNCTION)['Properties'].Environment.Variables;
  const environment = readVendEnvironment({
    ...(deployed(variables, { RegistryTable: 'registry', UsageTable: 'usage' }) as Record<string, string>),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(environment).toMatchObject({
    vendsPerSecond: 100,
    stsFallbacks: [{ region: 'eu-west-1', endpoint: undefined }],
    deadlineMilliseconds: 1000,
    allowedOrigins: ['https://app.example.com'],
  });
});

test('may write its log, look records up, and use the usage table, and nothing else', () => {
  expect(onlyResource(template, 'AWS::IAM::Role')['Properties']).not.toHaveProperty('ManagedPolicyArns');
  expect(statementsOf(template, 'Execution')).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^VendLog/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RegistryTable/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UsageTable/), 'Arn'] },
    },
  ]);
});
