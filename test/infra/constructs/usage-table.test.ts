import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { UsageTable } from '../../../infra/constructs/usage-table.ts';
import { emptyStack, statementsOf } from '../synthesized.ts';

const stack = emptyStack();
new UsageTable(stack, 'Usage').grantUse(
  new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
);
const template = Template.fromStack(stack);

test('items go by themselves', () => {
  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    BillingMode: 'PAY_PER_REQUEST',
  });
});

test('who uses it can neither list nor delete', () => {
  expect(statementsOf(template, 'Vend')).toMatchObject([
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  ]);
});
