import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { readDecodeEnvironment } from '../../../functions/decode/environment.ts';
import { DecodeFunction } from '../../../infra/constructs/decode-function.ts';
import type { Environment } from '../../../infra/environment.ts';
import { deployedAccount } from '../deployed-account.ts';
import { everyChoice, stackWithParts, variablesOf } from '../synthesized.ts';

function decodeTemplate(choices: Partial<Environment> = {}): Template {
  const { stack, ...parts } = stackWithParts(choices);
  new DecodeFunction(stack, 'Decode', { ...parts, memoryMegabytes: 512, vendsPerSecond: 100 });
  return Template.fromStack(stack);
}

const template = decodeTemplate();

test('may decode, and nothing else of STS', () => {
  const statements = deployedAccount(template).identityStatements('DecodeRole');
  expect(statements).toHaveLength(4);
  expect(statements).toContainEqual({
    Effect: 'Allow',
    Action: 'sts:DecodeAuthorizationMessage',
    Resource: '*',
  });
});

describe('is told whose messages it may show', () => {
  const ARNS = {
    RegistryTable: 'registry',
    UsageTable: 'usage',
    'AWS::AccountId': '111122223333',
    TenantRole: 'arn:aws:iam::111122223333:role/tenant',
    PrincipalsFederatedRole: 'arn:aws:iam::111122223333:role/federated',
    PrincipalsUsersMfaRole: 'arn:aws:iam::111122223333:role/mfa',
    PrincipalsUsersFederation: 'arn:aws:iam::111122223333:user/latchkey/test/latchkey-test.federation',
  };
  const { domain, signingKeys, identityProviders, iamUsers } = everyChoice;
  const users = {
    tenantUserArnPrefix: 'arn:aws:iam::111122223333:user/latchkey/test/',
    federationUserArn: ARNS.PrincipalsUsersFederation,
  };
  const roles = {
    tenant: ARNS.TenantRole,
    federated: ARNS.PrincipalsFederatedRole,
    mfa: ARNS.PrincipalsUsersMfaRole,
  };

  test.each<[string, Partial<Environment>, readonly string[], object]>([
    ['of a plain environment, the tenant role', {}, [roles.tenant], {}],
    [
      'the federated role where Latchkey alone signs, and users',
      { domain, signingKeys, iamUsers },
      [roles.tenant, roles.federated, roles.mfa],
      users,
    ],
    [
      // Whoever holds a token names the session as they like: in another tenant's name as well.
      'not where others sign',
      { domain, signingKeys, identityProviders },
      [roles.tenant],
      {},
    ],
  ])('%s', (_which, choices, roleArns, further) => {
    const variables = variablesOf(decodeTemplate(choices), 'DecodeFunction', ARNS);
    const { principals, vendsPerSecond } = readDecodeEnvironment(variables);
    expect(principals).toEqual({
      roleArns,
      tenantUserArnPrefix: undefined,
      federationUserArn: undefined,
      ...further,
    });
    expect(vendsPerSecond).toBe(100);
  });
});
