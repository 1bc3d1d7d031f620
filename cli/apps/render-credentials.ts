import type { LatchkeyCredentials } from '../../client/src/index.ts';
import { containerForm, environmentForm, processForm } from '../../functions/core/grant/credential-forms.ts';
import { inWholeSeconds } from '../../functions/core/instant.ts';

/** The forms in which credentials are printed. */
export const FORMATS = ['process', 'env', 'json', 'container'] as const;
export type Format = (typeof FORMATS)[number];

/** Credentials in the form that was asked for, ending in a newline. */
export function renderCredentials(credentials: LatchkeyCredentials, format: Format): string {
  if (format === 'env') return environmentForm(credentials);
  const document = { process: processForm, container: containerForm, json: jsonAnswer }[format](credentials);
  return `${JSON.stringify(document)}\n`;
}

function jsonAnswer(credentials: LatchkeyCredentials) {
  const { accessKeyId, secretAccessKey, sessionToken, accountId } = credentials;
  const { vendId, tenantId, profile, sessionArn, assumedRoleArn } = credentials;
  const expiration = inWholeSeconds(credentials.expiration);
  const keys = { accessKeyId, secretAccessKey, sessionToken, expiration };
  return { vendId, tenantId, profile, credentials: keys, accountId, sessionArn, assumedRoleArn };
}
