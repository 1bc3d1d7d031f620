import { describe, expect, it, test } from 'vitest';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_RESOURCES: '{"tenantBucketArn":"arn:aws:s3:::data"}',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-that-stays-out-of-errors',
  AWS_SESSION_TOKEN: 'token',
};

describe('the environment of the vend function', () => {
  it('is read from variables', () => {
    expect(readVendEnvironment({ ...variables, PATH: '/bin' })).toEqual({
      registryTable: 'registry',
      usageTable: 'usage',
      resources: { tenantBucketArn: 'arn:aws:s3:::data' },
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

  it('takes what a deployment chooses', () => {
    const chosen = readVendEnvironment({
      ...variables,
      LATCHKEY_STS_FALLBACK_REGIONS: '["eu-west-1",{"region":"us-west-2","endpoint":"http://127.0.0.1:1"}]',
      LATCHKEY_VENDS_PER_SECOND: '100',
      LATCHKEY_DEADLINE_MILLISECONDS: '1000',
      LATCHKEY_ALLOWED_ORIGINS: '["https://app.example.com"]',
    });
    expect(chosen).toMatchObject({
      stsFallbacks: [
        { region: 'eu-west-1', endpoint: undefined },
        { region: 'us-west-2', endpoint: 'http://127.0.0.1:1' },
      ],
      vendsPerSecond: 100,
      deadlineMilliseconds: 1000,
      allowedOrigins: ['https://app.example.com'],
    });
  });

  it('names every fault at once', () => {
    expect(() => readVendEnvironment({})).toThrow(
      /^environment: LATCHKEY_REGISTRY_TABLE: .*; LATCHKEY_USAGE_TABLE: .*; LATCHKEY_RESOURCES: .*; AWS_REGION: .*; AWS_SESSION_TOKEN: [^;]*$/,
    );
  });

  test.each([
    [
      'resources that are no JSON',
      { LATCHKEY_RESOURCES: '{' },
      'environment: LATCHKEY_RESOURCES: got text that is not JSON',
    ],
    ['resources that are no texts', { LATCHKEY_RESOURCES: '{"a":1}' }, 'environment: LATCHKEY_RESOURCES.a: '],
    ['a share that is no number', { LATCHKEY_VENDS_PER_SECOND: '1e3' }, 'LATCHKEY_VENDS_PER_SECOND'],
    ['a share of nothing', { LATCHKEY_VENDS_PER_SECOND: '0' }, 'LATCHKEY_VENDS_PER_SECOND'],
    [
      'a deadline beyond the function’s own',
      { LATCHKEY_DEADLINE_MILLISECONDS: '20000' },
      'LATCHKEY_DEADLINE_MILLISECONDS',
    ],
    ['origins that are none', { LATCHKEY_ALLOWED_ORIGINS: '["*"]' }, 'LATCHKEY_ALLOWED_ORIGINS'],
    ['an endpoint that is no URL', { AWS_ENDPOINT_URL_STS: 'localhost' }, 'AWS_ENDPOINT_URL_STS'],
    [
      'a switch that is neither on nor off',
      { LATCHKEY_LOOPBACK_ISSUERS: 'yes' },
      'LATCHKEY_LOOPBACK_ISSUERS',
    ],
  ])('refuses %s', (_what, changes, message) => {
    const read = () => readVendEnvironment({ ...variables, ...changes });
    expect(read).toThrow(message);
    expect(read).not.toThrow('a-secret-that-stays-out-of-errors');
  });
});
