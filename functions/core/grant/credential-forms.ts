import { inWholeSeconds } from '../instant.ts';

/** Credentials in the open, on their way to whoever they are for. */
export interface OpenCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly accountId: string;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html: the field is `Token` here. */
export function containerForm(credentials: OpenCredentials) {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: inWholeSeconds(credentials.expiration),
    AccountId: credentials.accountId,
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export function processForm(credentials: OpenCredentials) {
  return {
    Version: 1 as const,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: inWholeSeconds(credentials.expiration),
    AccountId: credentials.accountId,
  };
}

/** Lines for `eval "$(…)"`. */
export function environmentForm(credentials: OpenCredentials): string {
  return exportLines({
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: inWholeSeconds(credentials.expiration),
  });
}

/** Variables as a POSIX shell takes them, a line each. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  // In single quotes nothing means anything to a shell but the quote itself, and that is closed, escaped and reopened.
  const quote = (value: string) => `'${value.replaceAll("'", () => `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}
