import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetFederationTokenCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { REVOCATIONS_POLICY_NAME } from '../../../functions/adapters/administration/iam-policy-writer.ts';
import { createOutcomeLog } from '../../../functions/adapters/log/outcome-log.ts';
import { readRevokeEnvironment } from '../../../functions/revoke/environment.ts';
import { wireRevoking } from '../../../functions/revoke/wiring.ts';
import {
  ACCOUNT,
  arn,
  DATA_BUCKET,
  FEDERATED_ROLE_ARN,
  MFA_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  REVOKE_ROLE_ARN,
  TENANT_ROLE_ARN,
} from '../../../local/account.ts';
import type { RoleDefinition } from '../../../local/aws/roles.ts';
import type { UserDefinition } from '../../../local/aws/users.ts';
import { type Doors, startDoors } from '../../local/start-doors.ts';

const FEDERATION = arn.user('latchkey-test.federation');
const PREFIX = arn.user('latchkey-test-');
const [ACME, GLOBEX] = [`${PREFIX}acme`, `${PREFIX}globex`];
const allowing = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({ Effect: 'Allow', ...each })),
});
const LIST = { Action: 's3:ListBucket', Resource: arn.bucket(DATA_BUCKET) };
const keysOf = (name: string) => ({
  accessKeyId: `AKIA${name.toUpperCase().padEnd(16, 'X')}`,
  secretAccessKey: name,
});
const user = (userArn: string, name: string): UserDefinition => ({
  arn: userArn,
  policies: { own: allowing(LIST, { Action: ['sts:GetFederationToken', 'sts:TagSession'], Resource: '*' }) },
  accessKeys: [keysOf(name)],
});
const longRole = (roleArn: string): RoleDefinition => ({
  arn: roleArn,
  trustPolicy: allowing({ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
  policies: { own: allowing(LIST) },
});
const revoker: RoleDefinition = {
  ...longRole(REVOKE_ROLE_ARN),
  policies: {
    own: allowing(
      {
        Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
        Resource: [TENANT_ROLE_ARN, FEDERATED_ROLE_ARN, MFA_ROLE_ARN],
      },
      { Action: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], Resource: [FEDERATION, `${PREFIX}*`] },
      { Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn.table(REGISTRY_TABLE) },
    ),
  },
};

let doors: Doors;
beforeAll(async () => {
  doors = await startDoors([revoker, ...[TENANT_ROLE_ARN, FEDERATED_ROLE_ARN, MFA_ROLE_ARN].map(longRole)], {
    users: [user(FEDERATION, 'federation'), user(ACME, 'acme'), user(GLOBEX, 'globex')],
  });
});
afterAll(() => doors.close());

function wire(clock = () => new Date()) {
  const { accessKeyId, secretAccessKey, sessionToken } = doors.open(REVOKE_ROLE_ARN).credentials;
  return wireRevoking({
    environment: readRevokeEnvironment({
      LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
      LATCHKEY_TENANT_ROLE_ARNS: JSON.stringify([TENANT_ROLE_ARN]),
      LATCHKEY_LONG_SESSION_ROLE_ARNS: JSON.stringify([FEDERATED_ROLE_ARN, MFA_ROLE_ARN]),
      LATCHKEY_FEDERATION_USER_ARN: FEDERATION,
      LATCHKEY_TENANT_USER_ARN_PREFIX: PREFIX,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL_DYNAMODB: doors.dynamodb,
      AWS_ENDPOINT_URL_IAM: doors.iam,
    }),
    log: createOutcomeLog('revocation', { info: () => {}, warn: () => {} } as never),
    clock,
  });
}
/** Cuts off what was made until a moment from now. */
const revoke = (principalArn: string, tenantId: string) =>
  wire()({
    operation: 'revoke',
    principalArn,
    tenantId,
    before: `${new Date(Date.now() + 2000).toISOString().slice(0, 19)}Z`,
  });

const sts = (name: string) =>
  new STSClient({ region: REGION, endpoint: doors.sts, credentials: keysOf(name) });

async function federated(tenantId: string) {
  const { Credentials: made } = await sts('federation').send(
    new GetFederationTokenCommand({
      Name: tenantId,
      Policy: JSON.stringify(allowing(LIST)),
      Tags: [{ Key: 'TenantId', Value: tenantId }],
    }),
  );
  return made;
}

async function ofUser(name: string) {
  const { Credentials: made } = await sts(name).send(new GetSessionTokenCommand({}));
  return made;
}

async function reach(made: Awaited<ReturnType<typeof ofUser>>): Promise<string> {
  const credentials = {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  };
  const client = new S3Client({ region: REGION, endpoint: doors.s3, credentials });
  return client.send(new ListObjectsV2Command({ Bucket: DATA_BUCKET })).then(
    () => 'done',
    (error: Error) => error.name,
  );
}
const isCutOff = (roleArn: string) =>
  doors.roles.get(roleArn)?.policies.has(REVOCATIONS_POLICY_NAME) === true;

describe('sessions of IAM users', () => {
  it('that are federated are cut off by their tag: the tenant’s, and nobody else’s', async () => {
    const [acme, globex] = [await federated('acme'), await federated('globex')];
    expect(await revoke(FEDERATION, 'acme')).toEqual({ value: null });
    expect([await reach(acme), await reach(globex)]).toEqual(['AccessDenied', 'done']);
  });

  it("of a tenant's own user are cut off, without a tag, and its keys work on", async () => {
    const [acme, globex] = [await ofUser('acme'), await ofUser('globex')];
    expect(await revoke(ACME, 'acme')).toEqual({ value: null });
    expect([await reach(acme), await reach(globex)]).toEqual(['AccessDenied', 'done']);
    expect(await ofUser('acme')).toBeDefined();
  });

  it('of a user that nobody made are none', async () => {
    expect(await revoke(`${PREFIX}nobody`, 'nobody')).toEqual({ value: null });
  });

  test.each([
    ["another tenant's user", GLOBEX],
    ['all that are tenants’', PREFIX],
    ['a user of nobody’s', arn.user('admin')],
  ])('are cut off on no user but the tenant’s: %s', async (_what, principalArn) => {
    expect(await revoke(principalArn, 'acme')).toMatchObject({ failure: { code: 'revocation_failed' } });
  });
});

test('sessions of a role for tokens are cut off for the half day that they can live', async () => {
  await revoke(FEDERATED_ROLE_ARN, 'acme');
  const after = (hours: number) => () => new Date(Date.now() + hours * 3_600_000);
  await wire(after(12))({ operation: 'sweep' });
  expect(isCutOff(FEDERATED_ROLE_ARN)).toBe(true);
  await wire(after(12.1))({ operation: 'sweep' });
  expect(isCutOff(FEDERATED_ROLE_ARN)).toBe(false);
});

test.each([
  ['LATCHKEY_LONG_SESSION_ROLE_ARNS', '["arn:aws:iam::1:role/x"]', 'not the ARN of an IAM role'],
  ['LATCHKEY_FEDERATION_USER_ARN', TENANT_ROLE_ARN, 'not the ARN of an IAM user'],
  ['LATCHKEY_TENANT_USER_ARN_PREFIX', 'latchkey/', 'not the ARN of IAM users'],
  ['LATCHKEY_TENANT_USER_ARN_PREFIX', `${PREFIX}*`, 'not the ARN of IAM users'],
])('a wrong %s is named', (name, value, message) => {
  expect(() => readRevokeEnvironment({ [name]: value })).toThrow(new RegExp(`${name}.*${message}`));
});
