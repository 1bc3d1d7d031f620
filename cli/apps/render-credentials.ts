import type { LatchkeyCredentials } from '../../client/src/index.ts';

/** The forms in which credentials are printed. */
export const FORMATS = ['process', 'env', 'json', 'container'] as const;
export type Format = (typeof FORMATS)[number];

/** Credentials in the form that was asked for, ending in a newline. */
export function renderCredentials(credentials: LatchkeyCredentials, format: Format): string {
  if (format === 'env') return renderEnv(credentials);
  const document = { process: processAnswer, container: containerAnswer, json: jsonAnswer }[format](
    credentials,
  );
  return `${JSON.stringify(document)}\n`;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
function processAnswer({ accessKeyId, secretAccessKey, sessionToken, ...credentials }: LatchkeyCredentials) {
  return {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: instant(credentials),
    AccountId: credentials.accountId,
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html: the field is `Token` here. */
function containerAnswer(credentials: LatchkeyCredentials) {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: instant(credentials),
    AccountId: credentials.accountId,
  };
}

function jsonAnswer(credentials: LatchkeyCredentials) {
  const { accessKeyId, secretAccessKey, sessionToken, accountId } = credentials;
  const { vendId, tenantId, profile, assumedRoleArn } = credentials;
  const keys = { accessKeyId, secretAccessKey, sessionToken, expiration: instant(credentials) };
  return { vendId, tenantId, profile, credentials: keys, accountId, assumedRoleArn };
}

function renderEnv(credentials: LatchkeyCredentials): string {
  const variables = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: instant(credentials),
  };
  // In single quotes nothing means anything to a shell but the quote itself, and that is closed, escaped and reopened.
  const quote = (value: string) => `'${value.replaceAll("'", () => `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

/** Cut to the second, so never later than it is; SDKs want the Z. */
function instant({ expiration }: Pick<LatchkeyCredentials, 'expiration'>): string {
  return expiration.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
