import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { readIamUserEnvironment } from '../../../functions/iam-user/environment.ts';
import { IamUserFunction } from '../../../infra/constructs/iam-user-function.ts';
import { IamUsers } from '../../../infra/constructs/iam-users.ts';
import { deployedAccount } from '../deployed-account.ts';
import { stackWithParts, variablesOf } from '../synthesized.ts';

const { stack, ...parts } = stackWithParts();
const iamUsers = new IamUsers(stack, 'Users', {
  name: 'prod',
  iamUsers: { tenants: ['acme'] },
  tenantData: { bucketArn: 'arn:aws:s3:::data', tableArn: parts.resources.tenantTableArn },
});
new IamUserFunction(stack, 'IamUser', { ...parts, iamUsers, memoryMegabytes: 512 });
const template = Template.fromStack(stack);

test("is set exactly the variables that the function's own reader takes", () => {
  const arns = {
    RegistryTable: 'registry',
    UsageTable: 'usage',
    Tenant: 'arn:aws:iam::111122223333:role/tenant',
  };
  const environment = readIamUserEnvironment(variablesOf(template, 'IamUserFunction', arns));
  expect(environment).toMatchObject({ registryTable: 'registry', usageTable: 'usage' });
  expect(environment.userSecretsPrefix).toBe('latchkey-prod/users/');
});

test("may read the users' keys, and ask STS for nothing in its own name", () => {
  const { arn, identityStatements } = deployedAccount(template);
  const statements = identityStatements('IamUserRole');
  expect(statements).toHaveLength(4);
  expect(statements).toContainEqual({
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: arn('UsersTenantacmeSecret'),
  });
  expect(JSON.stringify(statements)).not.toContain('sts:');
});
