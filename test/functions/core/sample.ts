import { parseProfile } from '../../../functions/core/profile/profile.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import { secret } from '../../../functions/core/secret.ts';
import { parseTenant, type Tenant } from '../../../functions/core/tenant/tenant.ts';
import type { TenantDefinitionInput } from '../../../functions/core/tenant/tenant-definition.ts';
import type { Caller } from '../../../functions/core/token/caller.ts';
import type { PresentedToken } from '../../../functions/core/token/presented-token.ts';

/** Values that core tests start from; each test says what it changes. */
export const RESOURCES = {
  tenantRoleArn: 'arn:aws:iam::111122223333:role/latchkey-tenant',
  federatedRoleArn: 'arn:aws:iam::111122223333:role/latchkey-federated',
  mfaRoleArn: 'arn:aws:iam::111122223333:role/latchkey-mfa',
  federationUserArn: 'arn:aws:iam::111122223333:user/latchkey/federation',
  tenantUserArnPrefix: 'arn:aws:iam::111122223333:user/latchkey/tenants/',
  tenantBucketArn: 'arn:aws:s3:::latchkey-data',
  tenantTableArn: 'arn:aws:dynamodb:us-east-1:111122223333:table/latchkey-data',
};

export const NOW = new Date('2026-11-21T12:00:00Z');
export const clock = () => NOW;

export function sampleDefinition(changes: Partial<ProfileDefinition> = {}): ProfileDefinition {
  return {
    name: 'app',
    description: 'objects',
    roleArn: '{{resources.tenantRoleArn}}',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Objects',
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
        },
      ],
    },
    ...changes,
  };
}

export const sampleProfile = (changes: Partial<ProfileDefinition> = {}) =>
  parseProfile(sampleDefinition(changes), RESOURCES);

/** What Latchkey generates: 32 bytes in base64url. */
export const EXTERNAL_ID = 'c2FtcGxlLWV4dGVybmFsLWlkLW9mLTMyLWJ5dGVzISE';

export const sampleTenantDefinition = (
  changes: Partial<TenantDefinitionInput> = {},
): TenantDefinitionInput => ({
  displayName: 'Acme Ltd',
  profiles: ['app'],
  defaultProfile: 'app',
  ...changes,
});

/** A tenant's record as it is stored, as a test changes it in its definition and beside it. */
export const sampleTenantRecord = (
  definition: Partial<TenantDefinitionInput> = {},
  changes: Record<string, unknown> = {},
) => ({
  tenantId: 'acme',
  externalId: EXTERNAL_ID,
  holds: [],
  version: 1,
  createdAt: NOW.toISOString(),
  updatedAt: NOW.toISOString(),
  events: {},
  definition: sampleTenantDefinition(definition),
  ...changes,
});

export const sampleTenant = (
  definition: Partial<TenantDefinitionInput> = {},
  changes: Record<string, unknown> = {},
): Tenant => {
  const tenant = parseTenant(sampleTenantRecord(definition, changes));
  if (tenant === undefined) throw new Error('got a record without a definition');
  return tenant;
};

export const sampleCaller = (changes: Partial<Caller> = {}): Caller => ({
  issuer: 'https://issuer.example',
  subject: 'user-1',
  tenant: { kind: 'claim', issuer: 'https://issuer.example', value: 'acme' },
  scopes: new Set(['vend']),
  clientId: undefined,
  tokenId: undefined,
  validUntil: new Date(NOW.getTime() + 60_000),
  senderConstraint: undefined,
  carried: undefined,
  samlProviderArn: undefined,
  ...changes,
});

/** A token as it was presented, without proof or certificate. */
export const bearer = (token: string): PresentedToken => ({
  scheme: 'Bearer',
  token: secret(token),
  proof: undefined,
  request: { method: 'POST', url: 'https://latchkey.example/credentials' },
  certificateDigest: undefined,
});

/** One Allow statement with what a test changes in it. */
export const allow = (changes: Record<string, unknown>): ProfileDefinition['policy'] => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
      ...changes,
    },
  ],
});

/** The code of the VendingError that the work throws; undefined when it does not throw. */
export function codeOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}
