import { describe, expect, it } from 'vitest';
import { readSamlEnvironment } from '../../../functions/saml/environment.ts';

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_RESOURCES: '{"federatedRoleArn":"arn:aws:iam::111122223333:role/latchkey-federated"}',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-that-stays-out-of-errors',
  AWS_SESSION_TOKEN: 'token',
};

describe('the environment of the function that takes SAML assertions', () => {
  it('is that of every function that vends', () => {
    expect(readSamlEnvironment({ ...variables, PATH: '/bin' })).toEqual({
      registryTable: 'registry',
      usageTable: 'usage',
      resources: { federatedRoleArn: 'arn:aws:iam::111122223333:role/latchkey-federated' },
      region: 'eu-central-1',
      credentials: {
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: 'a-secret-that-stays-out-of-errors',
        sessionToken: 'token',
      },
      stsEndpoint: undefined,
      dynamodbEndpoint: undefined,
      stsFallbacks: [],
      vendsPerSecond: 480,
      deadlineMilliseconds: 1900,
      allowedOrigins: [],
      allowLoopbackIssuers: false,
    });
  });

  it('names every fault at once, and no secret', () => {
    const read = () => readSamlEnvironment({ ...variables, LATCHKEY_RESOURCES: '{', AWS_REGION: '' });
    expect(read).toThrow(/^environment: AWS_REGION: .*; LATCHKEY_RESOURCES: [^;]*$/);
    expect(read).not.toThrow('a-secret-that-stays-out-of-errors');
  });
});
