import { describe, expect, it, test } from 'vitest';
import { NO_OTHER_SOURCE, withoutCredentials } from '../../cli/apps/child-environment.ts';

describe('the environment of a child', () => {
  test.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_CREDENTIAL_EXPIRATION',
    'AWS_ACCOUNT_ID',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_ROLE_ARN',
    'AWS_ROLE_SESSION_NAME',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_CREDENTIAL_FILE',
    'AWS_ACCESS_KEY',
    'AWS_SECRET_KEY',
    'AMAZON_SECRET_ACCESS_KEY',
    'LATCHKEY_TOKEN',
    'LATCHKEY_TOKEN_FILE',
    'LATCHKEY_CLIENT_SECRET',
    'LATCHKEY_HOME',
  ])('has no %s', (name) => {
    expect(withoutCredentials({ [name]: 'x' })).toEqual({});
  });

  test.each([
    'PATH',
    'HOME',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_ENDPOINT_URL_S3',
    'AWS_CA_BUNDLE',
    'AWS_MAX_ATTEMPTS',
    'AWS_PAGER',
    'MY_AWS_PROFILE',
    'LATCHKEY_API_URL',
    'LATCHKEY_ENDPOINT',
  ])('has %s', (name) => {
    expect(withoutCredentials({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it('leads no SDK to the files of the user', () => {
    expect(Object.values(NO_OTHER_SOURCE)).toEqual(['/dev/null', '/dev/null', '/dev/null', 'true']);
  });
});
