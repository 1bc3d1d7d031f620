import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Secret as OtpSecret, TOTP } from 'otpauth';
import { createUserKeys } from '../../../functions/adapters/secrets/user-keys.ts';
import { createUserAssumer } from '../../../functions/adapters/sts/user-assumer.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import { type Secret, secret } from '../../../functions/core/secret.ts';
import { ACCOUNT, DATA_BUCKET, REGION } from '../../../local/account.ts';
import type { Door } from '../../../local/aws/door.ts';
import { openExecutionSession } from '../../../local/aws/open-session.ts';
import { type LocalRole, parseRoles, type RoleDefinition } from '../../../local/aws/roles.ts';
import { createS3Door } from '../../../local/aws/s3.ts';
import { createSecretsManagerDoor } from '../../../local/aws/secrets-manager.ts';
import type { Sessions } from '../../../local/aws/session.ts';
import { createStsDoor } from '../../../local/aws/sts.ts';
import { openUserKeys, parseUsers, type UserDefinition } from '../../../local/aws/users.ts';
import { RESOURCES, sampleDefinition } from '../core/sample.ts';

export const SECRETS_PREFIX = 'latchkey-test/users/';
const FUNCTION_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/latchkey-iam-user`;
export const userArn = (tenantId: string) => `${RESOURCES.tenantUserArnPrefix}${tenantId}`;
export const deviceOf = (tenantId: string) => `arn:aws:iam::${ACCOUNT}:mfa/${tenantId}`;

/** The base32 that an authenticator app was given. */
const DEVICE_SECRETS: Readonly<Record<string, string>> = {
  acme: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  globex: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

const keysFor = (name: string, number = 1) => ({
  accessKeyId: `AKIA${name.toUpperCase().padEnd(14, 'X').slice(0, 14)}K${number + 1}`,
  secretAccessKey: `secret+of/${name}/${number}+${'0'.repeat(12)}`,
});

const policy = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
});
const objects = (tenant: string) => ({
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: `${RESOURCES.tenantBucketArn}/${tenant}/*`,
});
const TENANT = `\${aws:PrincipalTag/TenantId}`;

/** Of a tenant: bounded by its own policy, since GetSessionToken takes none. */
const tenantUser = (tenantId: string): UserDefinition => ({
  arn: userArn(tenantId),
  policies: {
    own: policy(objects(tenantId), {
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Resource: RESOURCES.mfaRoleArn,
    }),
  },
  accessKeys: [keysFor(tenantId), keysFor(tenantId, 2)],
  mfaDevices: [{ serialNumber: deviceOf(tenantId), secret: DEVICE_SECRETS[tenantId] ?? '' }],
});

const USERS: readonly UserDefinition[] = [
  tenantUser('acme'),
  tenantUser('globex'),
  {
    arn: RESOURCES.federationUserArn,
    policies: {
      own: policy(objects(TENANT), { Action: ['sts:GetFederationToken', 'sts:TagSession'], Resource: '*' }),
    },
    accessKeys: [keysFor('federation')],
  },
];

const ROLES: readonly RoleDefinition[] = [
  {
    arn: FUNCTION_ROLE_ARN,
    trustPolicy: policy({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    policies: {
      own: policy({
        Action: 'secretsmanager:GetSecretValue',
        Resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${SECRETS_PREFIX}*`,
      }),
    },
  },
  {
    arn: RESOURCES.mfaRoleArn,
    trustPolicy: policy({
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        ArnLike: { 'aws:PrincipalArn': `${RESOURCES.tenantUserArnPrefix}\${aws:RequestTag/TenantId}` },
      },
    }),
    policies: { own: policy(objects(TENANT)) },
    maxSessionDurationSeconds: 43_200,
  },
];

const tenantData: ProfileDefinition['policy'] = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
    },
  ],
};
const TENANT_USER = '{{resources.tenantUserArnPrefix}}{{tenant.id}}';

/** A profile for each way that goes by an IAM user, and one that does not. */
export const PROFILES: Readonly<Record<string, ProfileDefinition>> = {
  app: sampleDefinition(),
  federated: {
    name: 'federated',
    description: 'objects, for a day and a half',
    method: 'federationToken',
    userArn: '{{resources.federationUserArn}}',
    durationSeconds: { default: 3600, maximum: 129_600 },
    policy: tenantData,
  },
  session: {
    name: 'session',
    description: "what the tenant's user may",
    method: 'sessionToken',
    userArn: TENANT_USER,
    durationSeconds: { default: 3600, maximum: 129_600 },
    policy: tenantData,
  },
  'mfa-session': {
    name: 'mfa-session',
    description: 'the same with a code',
    method: 'sessionToken',
    userArn: TENANT_USER,
    mfa: 'required',
    policy: tenantData,
  },
  'mfa-role': {
    name: 'mfa-role',
    description: 'a role with a code',
    roleArn: '{{resources.mfaRoleArn}}',
    userArn: TENANT_USER,
    mfa: 'required',
    durationSeconds: { default: 3600, maximum: 43_200 },
    policy: tenantData,
  },
};

const actionOf = (body: string) => new URLSearchParams(body).get('Action') ?? '';

export type LocalUsers = Awaited<ReturnType<typeof startUsers>>;

/** An account with IAM users behind one server: STS, Secrets Manager and S3, and the real adapters before them. */
export async function startUsers() {
  // AWS's clock goes on with each code, and nobody else's.
  let skewMilliseconds = 0;
  const clock = () => new Date(Date.now() + skewMilliseconds);
  let remembered = 0;
  const sessions: Sessions = new Map();
  const users = parseUsers(USERS);
  openUserKeys(users, sessions);
  const inactive: Sessions = new Map();
  const roles = parseRoles(ROLES);
  const log = () => {};
  const common = { account: ACCOUNT, region: REGION, sessions, roles, clock, log };
  const stored: { name: string; value: Secret; createdAt: Date }[] = [];
  const doors: Readonly<Record<string, Door>> = {
    sts: createStsDoor({ ...common, users, managedPolicies: new Map() }),
    secretsmanager: createSecretsManagerDoor({ ...common, secrets: stored }),
    s3: createS3Door({ ...common, bucketNames: [DATA_BUCKET] }),
  };
  /** What STS and Secrets Manager were asked, in order. */
  const asked: string[] = [];
  /** Answers in the place of STS, for one request each. */
  const instead: ((action: string) => Response | undefined)[] = [];
  const door: Door = async (request, bindings) => {
    const service = /\/(sts|secretsmanager|s3)\/aws4_request/.exec(
      request.headers.get('authorization') ?? '',
    )?.[1];
    const own = doors[service ?? ''];
    if (own === undefined) throw new Error('got a request of no service');
    if (service === 's3') return own(request, bindings);
    const action = service === 'sts' ? actionOf(await request.clone().text()) : 'GetSecretValue';
    asked.push(action);
    return instead.shift()?.(action) ?? own(request, bindings);
  };
  const server = createAdaptorServer({ fetch: door }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** What a secret holds from now on; undefined: it is gone. */
  function store(name: string, value: string | object | undefined): void {
    const at = stored.findIndex((each) => each.name === SECRETS_PREFIX + name);
    if (at >= 0) stored.splice(at, 1);
    if (value === undefined) return;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    stored.push({ name: SECRETS_PREFIX + name, value: secret(text), createdAt: new Date() });
  }
  for (const name of ['acme', 'globex', 'federation']) store(name, keysFor(name));

  const role = roles.get(FUNCTION_ROLE_ARN) as LocalRole;
  const { credentials } = openExecutionSession(role, { functionName: 'iam-user', sessions, clock });
  const access = { region: REGION, endpoint };
  const createKeys = () =>
    createUserKeys({
      ...access,
      credentials,
      secretsPrefix: SECRETS_PREFIX,
      clock: () => new Date(remembered),
    });
  return {
    endpoint,
    credentials,
    sessions,
    asked,
    instead,
    store,
    keysFor,
    createKeys,
    createAssumer: () => createUserAssumer({ ...access, keys: createKeys() }),
    /** Time goes by for what is remembered. */
    pass: (seconds: number) => {
      remembered += seconds * 1000;
    },
    /** AWS does not take a key any more. */
    deactivate: (name: string, number = 1) => {
      const { accessKeyId } = keysFor(name, number);
      const key = sessions.get(accessKeyId);
      if (key !== undefined) inactive.set(accessKeyId, key);
      sessions.delete(accessKeyId);
    },
    /** It takes all of them again. */
    reactivate: () => {
      for (const [accessKeyId, key] of inactive) sessions.set(accessKeyId, key);
    },
    /** A code of a tenant's device that is good now; each call a new one, since time goes by. */
    code: (tenantId: string) => {
      skewMilliseconds += 30_000;
      const totp = new TOTP({ secret: OtpSecret.fromBase32(DEVICE_SECRETS[tenantId] ?? ''), digits: 6 });
      return totp.generate({ timestamp: clock().getTime() });
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
