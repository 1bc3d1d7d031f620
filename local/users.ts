import { randomBytes } from 'node:crypto';
import { Secret as OtpSecret } from 'otpauth';
import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import { secret } from '../functions/core/secret.ts';
import {
  ACCOUNT,
  arn,
  FEDERATION_USER_ARN,
  MFA_ROLE_ARN,
  TENANT_USER_ARN_PREFIX,
  USER_SECRETS_PREFIX,
} from './account.ts';
import type { MfaDevice } from './authenticator.ts';
import type { LocalSecret } from './aws/secrets-manager.ts';
import type { UserDefinition } from './aws/users.ts';
import { policy } from './policy-document.ts';
import { TAGGED_TENANT, tenantDataStatements } from './tenant-data.ts';
import { TAGGED_FOR_A_TENANT } from './tenant-roles.ts';

/** The tenant that has an IAM user of its own, with an MFA device. */
export const TENANT_WITH_USER = 'acme';

/** ARNs of the account's IAM users. */
export const USER_ARNS = [FEDERATION_USER_ARN, `${TENANT_USER_ARN_PREFIX}${TENANT_WITH_USER}`];

/** The IAM users of the account, as in the stack, with keys and devices that are new with every start. */
export function createUsers(): readonly UserDefinition[] {
  return [federationUser(), tenantUser(TENANT_WITH_USER)];
}

/** The MFA device of a tenant's user; undefined for a tenant without one. */
export function mfaDeviceOf(users: readonly UserDefinition[], tenantId: string): MfaDevice | undefined {
  return users.find(({ arn: userArn }) => userArn === TENANT_USER_ARN_PREFIX + tenantId)?.mfaDevices?.[0];
}

/** The secrets with their long-term keys, for the one function that may read them. */
export function userSecrets(users: readonly UserDefinition[], createdAt: Date): readonly LocalSecret[] {
  return users.map(({ arn: userArn, accessKeys: [keys] }) => ({
    name: secretNameOf(userArn),
    value: secret(JSON.stringify(keys)),
    createdAt,
  }));
}

/** The name of the secret with a user's keys. */
export function secretNameOf(userArn: string): string {
  return `${USER_SECRETS_PREFIX}${userArn.split('/').at(-1)}`;
}

/** It may do nothing by itself: what it permits is of the tenant of a tag that it has not, and its federated sessions have. */
function federationUser(): UserDefinition {
  const own = policy(...tenantDataStatements(TAGGED_TENANT), {
    Action: ['sts:GetFederationToken', 'sts:TagSession'],
    Resource: `arn:aws:sts::${ACCOUNT}:federated-user/*`,
    Condition: TAGGED_FOR_A_TENANT,
  });
  return { arn: FEDERATION_USER_ARN, policies: { own }, boundary: own, accessKeys: [createKeys()] };
}

/** With MFA it may use its tenant's data; without, ask for a session of the MFA role, which demands it. */
function tenantUser(tenantId: string): UserDefinition {
  const own = policy(
    ...tenantDataStatements(tenantId, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    {
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: MFA_ROLE_ARN,
      Condition: {
        StringEquals: { [`aws:RequestTag/${TENANT_TAG_KEY}`]: tenantId },
        Null: { 'aws:TokenIssueTime': 'true' },
      },
    },
    { Action: 'sts:SetSourceIdentity', Resource: MFA_ROLE_ARN },
  );
  return {
    arn: `${TENANT_USER_ARN_PREFIX}${tenantId}`,
    policies: { own },
    boundary: own,
    accessKeys: [createKeys()],
    mfaDevices: [
      { serialNumber: arn.mfaDevice(`latchkey-local-${tenantId}`), secret: new OtpSecret().base32 },
    ],
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function createKeys(): UserDefinition['accessKeys'][number] {
  const id = [...randomBytes(16)].map((byte) => BASE32[byte % BASE32.length]).join('');
  return { accessKeyId: `AKIA${id}`, secretAccessKey: randomBytes(30).toString('base64') };
}
