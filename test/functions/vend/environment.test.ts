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

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-central-1:111122223333:key/mrk-${KEY.replaceAll('-', '')}`;

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
      issuer: undefined,
      kmsEndpoint: undefined,
      signInEndpoint: undefined,
    });
  });

  it('takes what a deployment chooses', () => {
    const chosen = readVendEnvironment({
      ...variables,
      LATCHKEY_STS_FALLBACK_REGIONS: '["eu-west-1",{"region":"us-west-2","endpoint":"http://127.0.0.1:1"}]',
      LATCHKEY_VENDS_PER_SECOND: '100',
      LATCHKEY_DEADLINE_MILLISECONDS: '1000',
      LATCHKEY_ALLOWED_ORIGINS: '["https://app.example.com"]',
      LATCHKEY_ISSUER_URL: 'https://latchkey.example/v1',
      LATCHKEY_SIGNING_KEYS: JSON.stringify([KEY, KEY_ARN]),
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:2',
      AWS_ENDPOINT_URL_SIGNIN: 'http://127.0.0.1:3',
    });
    expect(chosen).toMatchObject({
      stsFallbacks: [
        { region: 'eu-west-1', endpoint: undefined },
        { region: 'us-west-2', endpoint: 'http://127.0.0.1:1' },
      ],
      vendsPerSecond: 100,
      deadlineMilliseconds: 1000,
      allowedOrigins: ['https://app.example.com'],
      issuer: { url: 'https://latchkey.example/v1', signingKeys: [KEY, KEY_ARN] },
      kmsEndpoint: 'http://127.0.0.1:2',
      signInEndpoint: 'http://127.0.0.1:3',
    });
  });

  test.each([
    'https://latchkey.example',
    'https://latchkey.example:8443',
    'http://127.0.0.1:8787',
    'http://localhost',
  ])('takes an issuer at %s', (url) => {
    const chosen = { ...variables, LATCHKEY_ISSUER_URL: url, LATCHKEY_SIGNING_KEYS: JSON.stringify([KEY]) };
    expect(readVendEnvironment(chosen).issuer).toEqual({ url, signingKeys: [KEY] });
  });

  test.each([
    ['keys', { LATCHKEY_ISSUER_URL: 'https://latchkey.example' }],
    ['a URL', { LATCHKEY_SIGNING_KEYS: JSON.stringify([KEY]) }],
  ])('takes no issuer without %s', (_what, changes) => {
    expect(() => readVendEnvironment({ ...variables, ...changes })).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message:
          'environment: got one of LATCHKEY_ISSUER_URL and LATCHKEY_SIGNING_KEYS, expected both or neither',
      }),
    );
  });

  test.each([
    ['https://latchkey.example/', 'a slash at its end'],
    ['https://latchkey.example?a', 'a query'],
    ['https://latchkey.example/v1#a', 'a fragment'],
    ['https://user@latchkey.example', 'a user'],
    ['http://latchkey.example', 'no encryption'],
    ['http://127.0.0.1.example', 'a name that only begins like this machine'],
    ['latchkey.example', 'no scheme'],
  ])('refuses an issuer at %s: %s', (url) => {
    const read = () =>
      readVendEnvironment({
        ...variables,
        LATCHKEY_ISSUER_URL: url,
        LATCHKEY_SIGNING_KEYS: JSON.stringify([KEY]),
      });
    expect(read).toThrow('LATCHKEY_ISSUER_URL: expected an https URL without a slash at its end');
  });

  test.each<[string, unknown, string]>([
    ['none', [], 'LATCHKEY_SIGNING_KEYS'],
    [
      'an alias',
      ['alias/latchkey'],
      'LATCHKEY_SIGNING_KEYS.0: expected the id or ARN of a KMS key, and no alias',
    ],
    [
      'the ARN of an alias',
      [KEY, KEY_ARN.replace('key/', 'alias/')],
      'LATCHKEY_SIGNING_KEYS.1: expected the id or ARN',
    ],
    ['one twice', [KEY, KEY], 'LATCHKEY_SIGNING_KEYS: got a key twice'],
    ['six', ['a', 'b', 'c', 'd', 'e', 'f'], 'LATCHKEY_SIGNING_KEYS: expected at most 5 keys'],
    ['one that is no list', KEY, 'LATCHKEY_SIGNING_KEYS'],
  ])('refuses keys: %s', (_what, keys, message) => {
    const read = () =>
      readVendEnvironment({
        ...variables,
        LATCHKEY_ISSUER_URL: 'https://latchkey.example',
        LATCHKEY_SIGNING_KEYS: JSON.stringify(keys),
      });
    expect(read).toThrow(message);
  });

  it('names every fault at once', () => {
    expect(() => readVendEnvironment({})).toThrow(
      /^environment: LATCHKEY_REGISTRY_TABLE: .*; LATCHKEY_USAGE_TABLE: .*; AWS_REGION: .*; AWS_SESSION_TOKEN: .*; LATCHKEY_RESOURCES: [^;]*$/,
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
    ['a sign-in elsewhere', { AWS_ENDPOINT_URL_SIGNIN: 'https://evil.example' }, 'AWS_ENDPOINT_URL_SIGNIN'],
    [
      'a sign-in that only begins like this machine',
      { AWS_ENDPOINT_URL_SIGNIN: 'http://localhost.evil.example' },
      'AWS_ENDPOINT_URL_SIGNIN',
    ],
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
