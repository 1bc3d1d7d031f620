import { describe, expect, it, test } from 'vitest';
import { readDecodeEnvironment } from '../../../functions/decode/environment.ts';

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_SESSION_ROLE_ARNS: '["arn:aws:iam::111122223333:role/latchkey-tenant"]',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-that-stays-out-of-errors',
  AWS_SESSION_TOKEN: 'token',
};

describe('the environment of the decode function', () => {
  it('is read from variables', () => {
    expect(readDecodeEnvironment({ ...variables, PATH: '/bin' })).toMatchObject({
      registryTable: 'registry',
      usageTable: 'usage',
      principals: {
        roleArns: ['arn:aws:iam::111122223333:role/latchkey-tenant'],
        tenantUserArnPrefix: undefined,
        federationUserArn: undefined,
      },
      vendsPerSecond: 480,
      deadlineMilliseconds: 1900,
    });
  });

  it('takes what a deployment has', () => {
    const chosen = readDecodeEnvironment({
      ...variables,
      LATCHKEY_TENANT_USER_ARN_PREFIX: 'arn:aws:iam::111122223333:user/latchkey/tenants/',
      LATCHKEY_FEDERATION_USER_ARN: 'arn:aws:iam::111122223333:user/latchkey/federation',
      LATCHKEY_VENDS_PER_SECOND: '100',
    });
    expect(chosen).toMatchObject({
      principals: {
        tenantUserArnPrefix: 'arn:aws:iam::111122223333:user/latchkey/tenants/',
        federationUserArn: 'arn:aws:iam::111122223333:user/latchkey/federation',
      },
      vendsPerSecond: 100,
    });
  });

  test.each([
    ['no roles', { LATCHKEY_SESSION_ROLE_ARNS: '[]' }, 'LATCHKEY_SESSION_ROLE_ARNS'],
    ['a role without an ARN', { LATCHKEY_SESSION_ROLE_ARNS: '["tenant"]' }, 'LATCHKEY_SESSION_ROLE_ARNS'],
    [
      'any role',
      { LATCHKEY_SESSION_ROLE_ARNS: '["arn:aws:iam::111122223333:role/*"]' },
      'LATCHKEY_SESSION_ROLE_ARNS',
    ],
    [
      'users whose names begin with more than a path',
      { LATCHKEY_TENANT_USER_ARN_PREFIX: 'arn:aws:iam::111122223333:user/tenant-' },
      'LATCHKEY_TENANT_USER_ARN_PREFIX',
    ],
    ['no prefix', { LATCHKEY_TENANT_USER_ARN_PREFIX: '' }, 'LATCHKEY_TENANT_USER_ARN_PREFIX'],
    [
      'a user that is none',
      { LATCHKEY_FEDERATION_USER_ARN: 'arn:aws:iam::111122223333:role/federation' },
      'LATCHKEY_FEDERATION_USER_ARN',
    ],
  ])('refuses %s', (_what, changes, message) => {
    const read = () => readDecodeEnvironment({ ...variables, ...changes });
    expect(read).toThrow(message);
    expect(read).toThrow(/not the ARN of|expected at least 1 elements/);
    expect(read).not.toThrow('a-secret-that-stays-out-of-errors');
  });
});
