import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { TenantRegistry } from '../../../infra/constructs/tenant-registry.ts';
import { createContext } from '../../../policy/context.ts';
import { evaluatePolicies } from '../../../policy/evaluate.ts';
import { parsePolicy } from '../../../policy/parse-policy.ts';
import { deployed, emptyStack, statementsOf } from '../synthesized.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:111122223333:table/registry';
const ROLE_ARN = 'arn:aws:iam::111122223333:role/tenant';

const ARN = { 'Fn::GetAtt': [expect.stringMatching(/^RegistryTable/), 'Arn'] };
const GRANTS = ['grantLookUp', 'grantAdminister', 'grantRevocations'] as const;

function registryTemplate(retainData: boolean): Template {
  const stack = emptyStack();
  const registry = new TenantRegistry(stack, 'Registry', { retainData });
  for (const grant of GRANTS)
    registry[grant](new Role(stack, grant, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  return Template.fromStack(stack);
}

test('the table is keyed by pk and sk, paid by request, encrypted, and nameless', () => {
  const template = registryTemplate(false);
  template.hasResourceProperties(TABLE, {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: ['pk', 'sk', 'listKind', 'listName'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  });
  const [table] = Object.values(template.findResources(TABLE));
  expect(table?.['Properties']).not.toHaveProperty('TableName');
});

test.each([
  { retainData: true, policy: 'Retain' },
  { retainData: false, policy: 'Delete' },
])('retainData $retainData: $policy, and deletion protection likewise', ({ retainData, policy }) => {
  const template = registryTemplate(retainData);
  template.hasResource(TABLE, { DeletionPolicy: policy, UpdateReplacePolicy: policy });
  template.hasResourceProperties(TABLE, {
    Replicas: [
      {
        DeletionProtectionEnabled: retainData,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ],
  });
});

test('whole records can be listed by kind and name, and what is freed goes by itself', () => {
  registryTemplate(false).hasResourceProperties(TABLE, {
    GlobalSecondaryIndexes: [
      {
        IndexName: 'list',
        KeySchema: [
          { AttributeName: 'listKind', KeyType: 'HASH' },
          { AttributeName: 'listName', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    TimeToLiveSpecification: { AttributeName: 'freeAt', Enabled: true },
  });
});

test('who looks up can get an item, and neither list nor write any', () => {
  expect(statementsOf(registryTemplate(false), 'grantLookUp')).toEqual([
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: ARN },
  ]);
});

test('who administers can write items and list by the index, and not scan', () => {
  expect(statementsOf(registryTemplate(false), 'grantAdminister')).toEqual([
    {
      Effect: 'Allow',
      Action: 'dynamodb:Query',
      Resource: { 'Fn::Join': ['', [ARN, '/index/list']] },
    },
    {
      Effect: 'Allow',
      Action: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
        (operation) => `dynamodb:${operation}`,
      ),
      Resource: ARN,
    },
  ]);
});

describe('who keeps revocations', () => {
  const Statement = deployed(statementsOf(registryTemplate(false), 'grantRevocations'), {
    Registry: TABLE_ARN,
  });
  const policy = parsePolicy({ Version: '2012-10-17', Statement }, 'policy');

  test.each<[string, string, readonly string[] | undefined, boolean]>([
    ['reads those of a role', 'GetItem', [`revocations#${ROLE_ARN}`], true],
    ['writes those of a role', 'PutItem', [`revocations#${ROLE_ARN}`], true],
    ['does not delete them', 'DeleteItem', [`revocations#${ROLE_ARN}`], false],
    ['reads no tenant', 'GetItem', ['tenant#acme'], false],
    ['writes no tenant', 'PutItem', ['tenant#acme'], false],
    ['writes no issuer beside', 'PutItem', [`revocations#${ROLE_ARN}`, 'issuer#https://a.example'], false],
    ['names what it reads', 'GetItem', undefined, false],
  ])('%s', (_what, operation, leadingKeys, allowed) => {
    const context = createContext({ values: { 'dynamodb:LeadingKeys': leadingKeys } });
    const request = { action: `dynamodb:${operation}`, resource: TABLE_ARN, context };
    expect(evaluatePolicies([policy], request).effect === 'allowed').toBe(allowed);
  });
});
