import { describe, expect, it, test } from 'vitest';
import { readIamUserEnvironment } from '../../../functions/iam-user/environment.ts';

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_RESOURCES: '{}',
  LATCHKEY_USER_SECRETS_PREFIX: 'latchkey-prod/users/',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-that-stays-out-of-errors',
  AWS_SESSION_TOKEN: 'token',
};

describe('the environment of the function that asks as IAM users', () => {
  it('is read from variables', () => {
    expect(readIamUserEnvironment(variables)).toMatchObject({
      registryTable: 'registry',
      userSecretsPrefix: 'latchkey-prod/users/',
      secretsManagerEndpoint: undefined,
      vendsPerSecond: 480,
    });
    const endpoint = 'http://127.0.0.1:1';
    expect(
      readIamUserEnvironment({ ...variables, AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint }),
    ).toMatchObject({ secretsManagerEndpoint: endpoint });
  });

  test.each([
    ['no prefix', { LATCHKEY_USER_SECRETS_PREFIX: undefined }],
    // Any secret would be named then.
    ['an empty prefix', { LATCHKEY_USER_SECRETS_PREFIX: '' }],
    ['an ARN', { LATCHKEY_USER_SECRETS_PREFIX: 'arn:aws:secretsmanager:eu-central-1:1:secret:x/' }],
    ['a prefix that leaves no room', { LATCHKEY_USER_SECRETS_PREFIX: 'x'.repeat(449) }],
    ['an endpoint that is no URL', { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'localhost' }],
  ])('refuses %s, and names the variable', (_what, changes) => {
    const read = () => readIamUserEnvironment({ ...variables, ...changes });
    expect(read).toThrow(`environment: ${Object.keys(changes)[0]}`);
    expect(read).not.toThrow('a-secret-that-stays-out-of-errors');
  });
});
