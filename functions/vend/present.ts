import { revealed } from '../core/grant/credentials.ts';
import type { Identity, Vend } from '../core/vending.ts';
import type { ContainerAnswer, ProcessAnswer, VendAnswer, WhoamiAnswer } from './answers.ts';
import type { Format } from './vend-request.ts';

/** A body and its media type. */
export interface Presentation {
  readonly contentType: 'application/json' | 'text/plain; charset=utf-8';
  readonly body: string;
}

/** Vended credentials in the form that was asked for. */
export function presentVend(vend: Vend, format: Format): Presentation {
  switch (format) {
    case 'sdk':
      return json(sdkAnswer(vend));
    case 'container':
      return json(containerAnswer(vend));
    case 'process':
      return json(processAnswer(vend));
    case 'env':
      return { contentType: 'text/plain; charset=utf-8', body: envAnswer(vend) };
  }
}

/** What is known of the caller. */
export function presentIdentity({ caller, tenant, profiles }: Identity): Presentation {
  const answer: WhoamiAnswer = {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    issuer: caller.issuer,
    subject: caller.subject,
    scopes: [...caller.scopes],
    tokenValidUntil: instant(caller.validUntil),
    defaultProfile: tenant.defaultProfile,
    profiles: profiles.map(({ name, description, durationSeconds, scope, requiredScopes }) => ({
      name,
      description,
      durationSeconds,
      scope: Object.fromEntries(
        [...scope].map(([key, parameter]) => [key, { ...parameter, pattern: parameter.pattern.source }]),
      ),
      requiredScopes: [...requiredScopes],
      missingScopes: requiredScopes.filter((required) => !caller.scopes.has(required)),
    })),
  };
  return json(answer);
}

function sdkAnswer({ vendId, grant, credentials }: Vend): VendAnswer {
  const { expiration, assumedRoleUser } = credentials;
  return {
    vendId,
    tenantId: grant.tenantId,
    profile: grant.profile,
    credentials: { ...revealed(credentials), expiration: instant(expiration) },
    assumedRoleUser,
    packedPolicySize: credentials.packedPolicySize,
    sourceIdentity: credentials.sourceIdentity,
    sessionTags: Object.fromEntries(grant.tags.map(({ key, value }) => [key, value])),
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html: the field is `Token` here. */
function containerAnswer({ credentials, ...vend }: Vend): ContainerAnswer {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    Token: credentials.sessionToken.reveal(),
    Expiration: instant(credentials.expiration),
    AccountId: accountOf(vend.grant.roleArn),
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
function processAnswer({ credentials, grant }: Vend): ProcessAnswer {
  return {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    SessionToken: credentials.sessionToken.reveal(),
    Expiration: instant(credentials.expiration),
    AccountId: accountOf(grant.roleArn),
  };
}

/** Lines for `eval "$(curl …)"`. */
function envAnswer({ credentials }: Vend): string {
  const variables = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey.reveal(),
    AWS_SESSION_TOKEN: credentials.sessionToken.reveal(),
    AWS_CREDENTIAL_EXPIRATION: instant(credentials.expiration),
  };
  // In single quotes nothing means anything to a shell but the quote itself, and that is closed, escaped and reopened.
  const quote = (value: string) => `'${value.replaceAll("'", () => `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

/** `2026-11-21T23:00:00Z`: AWS SDK for JavaScript demands the Z. Cut to the second, so never later than it is. */
function instant(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `arn:aws:iam::111122223333:role/…` → `111122223333` */
function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

function json(answer: unknown): Presentation {
  return { contentType: 'application/json', body: JSON.stringify(answer) };
}
