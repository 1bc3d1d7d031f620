import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { readSamlEnvironment } from '../../../functions/saml/environment.ts';
import { SamlFunction } from '../../../infra/constructs/saml-function.ts';
import { deployedAccount } from '../deployed-account.ts';
import { stackWithParts, variablesOf } from '../synthesized.ts';

const { stack, ...parts } = stackWithParts();
new SamlFunction(stack, 'Saml', { ...parts, memoryMegabytes: 512, vendsPerSecond: 100 });
const template = Template.fromStack(stack);

test("is set exactly the variables that the function's own reader takes", () => {
  const arns = {
    RegistryTable: 'registry',
    UsageTable: 'usage',
    Tenant: 'arn:aws:iam::111122223333:role/tenant',
  };
  const environment = readSamlEnvironment(variablesOf(template, 'Saml', arns));
  expect(environment).toMatchObject({
    registryTable: 'registry',
    usageTable: 'usage',
    resources: { tenantRoleArn: arns.Tenant },
    vendsPerSecond: 100,
  });
});

test('may ask STS for nothing in its own name', () => {
  const { arn, identityStatements } = deployedAccount(template);
  expect(identityStatements('SamlRole')).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arn('SamlLog'),
    },
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arn('RegistryTable') },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: arn('UsageTable'),
    },
  ]);
});
