import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { TenantRegistry } from '../../../infra/constructs/tenant-registry.ts';
import { emptyStack, statementsOf } from '../synthesized.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';

function registryTemplate(retainData: boolean): Template {
  const stack = emptyStack();
  const registry = new TenantRegistry(stack, 'Registry', { retainData });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  registry.grantLookUp(reader);
  return Template.fromStack(stack);
}

test('the table is keyed by pk and sk, paid by request, encrypted, and nameless', () => {
  const template = registryTemplate(false);
  template.hasResourceProperties(TABLE, {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
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

test('a reader can get an item, and neither list nor write any', () => {
  const statements = statementsOf(registryTemplate(false), 'Reader');
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RegistryTable/), 'Arn'] },
    },
  ]);
});
