import { devNull } from 'node:os';

/** Variables with names and values, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What says or leads to AWS credentials, in any SDK: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 * and the older names of the SDKs for Java and Ruby.
 */
const AWS_CREDENTIALS =
  /^(?:(?:AWS|AMAZON)_(?:ACCESS_KEY|ACCESS_KEY_ID|SECRET_KEY|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_(?:SECURITY_TOKEN|CREDENTIAL_EXPIRATION|ACCOUNT_ID|PROFILE|DEFAULT_PROFILE|CREDENTIAL_FILE|CREDENTIAL_PROFILES_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+|BEARER_TOKEN_\w+))$/;

/** What is Latchkey's own, tokens and secrets among it; its addresses are nobody's secret. */
const LATCHKEY = /^LATCHKEY_(?!(?:API_URL|ENDPOINT)$)/;

/** An environment without AWS credentials and without what Latchkey gets them with. */
export function withoutCredentials(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !AWS_CREDENTIALS.test(name) && !LATCHKEY.test(name)),
  );
}

/**
 * Variables with which no source of credentials comes before, or after, a container endpoint: SDKs ask the user's files
 * first, where a default profile would win, and some an instance's metadata when the endpoint has none.
 */
export const NO_OTHER_SOURCE = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  BOTO_CONFIG: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;
