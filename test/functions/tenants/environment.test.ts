import { describe, expect, it, test } from 'vitest';
import { readAdministrationEnvironment } from '../../../functions/tenants/environment.ts';

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_RESOURCES: '{"tenantBucketArn":"arn:aws:s3:::data"}',
  LATCHKEY_VEND_ROLE_ARN: 'arn:aws:iam::111122223333:role/vend',
  LATCHKEY_VERIFY_FUNCTION: 'verify',
  LATCHKEY_REVOKE_FUNCTION: 'revoke',
  LATCHKEY_EVENT_BUS: 'bus',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-that-stays-out-of-errors',
  AWS_SESSION_TOKEN: 'token',
};

describe('the environment of the functions that administer', () => {
  it('is read from variables', () => {
    expect(readAdministrationEnvironment({ ...variables, PATH: '/bin' })).toEqual({
      registryTable: 'registry',
      resources: { tenantBucketArn: 'arn:aws:s3:::data' },
      vendRoleArn: 'arn:aws:iam::111122223333:role/vend',
      verifyFunction: 'verify',
      revokeFunction: 'revoke',
      eventBus: 'bus',
      templateBucket: undefined,
      tenantRolePolicy: undefined,
      region: 'eu-central-1',
      credentials: {
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: 'a-secret-that-stays-out-of-errors',
        sessionToken: 'token',
      },
      dynamodbEndpoint: undefined,
      lambdaEndpoint: undefined,
      eventBridgeEndpoint: undefined,
      s3Endpoint: undefined,
      allowLoopbackIssuers: false,
    });
  });

  it('has what is optional', () => {
    const more = {
      LATCHKEY_TEMPLATE_BUCKET: 'templates',
      LATCHKEY_TENANT_ROLE_POLICY: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}',
      LATCHKEY_LOOPBACK_ISSUERS: 'allow',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:2',
      AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://127.0.0.1:3',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4',
    };
    expect(readAdministrationEnvironment({ ...variables, ...more })).toMatchObject({
      templateBucket: 'templates',
      tenantRolePolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] },
      allowLoopbackIssuers: true,
      dynamodbEndpoint: 'http://127.0.0.1:1',
      lambdaEndpoint: 'http://127.0.0.1:2',
      eventBridgeEndpoint: 'http://127.0.0.1:3',
      s3Endpoint: 'http://127.0.0.1:4',
    });
  });

  test.each(Object.keys(variables))('lacks %s', (name) => {
    expect(() => readAdministrationEnvironment({ ...variables, [name]: undefined })).toThrow(
      `environment: ${name}: `,
    );
  });

  it('names every fault at once, and no secret', () => {
    const read = () =>
      readAdministrationEnvironment({
        ...variables,
        LATCHKEY_RESOURCES: '{',
        LATCHKEY_VEND_ROLE_ARN: 'arn:aws:iam::1:user/a',
        LATCHKEY_TEMPLATE_BUCKET: '',
        LATCHKEY_TENANT_ROLE_POLICY: '{}',
        LATCHKEY_LOOPBACK_ISSUERS: 'yes',
        AWS_ENDPOINT_URL_LAMBDA: 'localhost',
      });
    expect(read).toThrow(
      /^environment: LATCHKEY_RESOURCES: got text that is not JSON; LATCHKEY_VEND_ROLE_ARN: .*; LATCHKEY_TEMPLATE_BUCKET: .*; LATCHKEY_TENANT_ROLE_POLICY.Statement: .*; LATCHKEY_LOOPBACK_ISSUERS: .*; AWS_ENDPOINT_URL_LAMBDA: [^;]*$/,
    );
    expect(read).not.toThrow('a-secret-that-stays-out-of-errors');
  });
});
