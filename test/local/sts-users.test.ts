import { IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRootCommand,
  type Credentials,
  DecodeAuthorizationMessageCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  GetSessionTokenCommand,
  GetWebIdentityTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, DATA_BUCKET, REGION } from '../../local/account.ts';
import { parseIdentityPolicy, type RoleDefinition } from '../../local/aws/roles.ts';
import type { Session, Sessions } from '../../local/aws/session.ts';
import { openUserKeys, parseUsers, type UserDefinition } from '../../local/aws/users.ts';
import { signRequest } from './sign-request.ts';
import { type Doors, startDoors } from './start-doors.ts';

const CUSTOMER = '444455556666';
const TENANT = '${aws:PrincipalTag/TenantId}';
const document = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
});
const objects = (prefix: string) => `arn:aws:s3:::${DATA_BUCKET}/${prefix}*`;
const federated = (name: string) => `arn:aws:sts::${ACCOUNT}:federated-user/${name}`;
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;

/** Vouches for tenants' users, whom nothing but the tag of their session bounds, and has a folder of its own. */
const BROKER: UserDefinition = {
  arn: `arn:aws:iam::${ACCOUNT}:user/latchkey/broker`,
  policies: {
    vouch: document(
      { Action: 'sts:GetFederationToken', Resource: federated('*') },
      {
        Action: 'sts:TagSession',
        Resource: federated('*'),
        Condition: { Null: { 'aws:RequestTag/TenantId': 'false' } },
      },
      { Effect: 'Deny', Action: 'sts:GetFederationToken', Resource: federated('root') },
      { Effect: 'Deny', Action: ['sts:GetSessionToken', 'sts:GetCallerIdentity'], Resource: '*' },
    ),
    data: document(
      { Action: 's3:*', Resource: objects(`${TENANT}/`) },
      { Action: 's3:*', Resource: objects('users/${aws:username}/') },
    ),
    roles: document(
      { Action: 'sts:AssumeRole', Resource: role('*') },
      {
        Action: ['iam:ListRolePolicies', 'sts:GetAccessKeyInfo', 'sts:DecodeAuthorizationMessage'],
        Resource: '*',
      },
    ),
  },
  accessKeys: [{ accessKeyId: 'AKIABROKER2222222222', secretAccessKey: 'broker/secret' }],
};
const POWERLESS: UserDefinition = {
  arn: `arn:aws:iam::${ACCOUNT}:user/powerless`,
  policies: { all: document({ Action: '*', Resource: '*' }) },
  boundary: document({ Action: 's3:ListAllMyBuckets', Resource: '*' }),
  accessKeys: [{ accessKeyId: 'AKIAPOWERLESS2222222', secretAccessKey: 'powerless/secret' }],
};
const CUSTOMERS: UserDefinition = {
  arn: `arn:aws:iam::${CUSTOMER}:user/theirs`,
  policies: {},
  accessKeys: [{ accessKeyId: 'AKIATHEIRS2222222222', secretAccessKey: 'theirs/secret' }],
};
const roleOf = (arn: string, AWS: string, more: Partial<RoleDefinition> = {}): RoleDefinition => ({
  arn,
  trustPolicy: document({ Principal: { AWS }, Action: 'sts:AssumeRole' }),
  policies: { all: document({ Action: ['s3:*', 'iam:*', 'sts:AssumeRole'], Resource: '*' }) },
  ...more,
});
const ROLES = [
  roleOf(role('for-broker'), BROKER.arn, { maxSessionDurationSeconds: 43_200 }),
  roleOf(role('for-an-hour'), BROKER.arn),
  roleOf(role('for-anyone'), '*', { maxSessionDurationSeconds: 43_200 }),
  roleOf(role('for-another'), POWERLESS.arn),
];

type Keys = Session['credentials'];
let doors: Doors;
let broker: Keys;
beforeAll(async () => {
  doors = await startDoors(ROLES, { users: [BROKER, POWERLESS, CUSTOMERS] });
  broker = keyOf(BROKER);
  const setup = s3Of(doors.everything.credentials);
  for (const Key of ['acme/1', 'globex/1', 'users/broker/1', 'users/other/1'])
    await setup.send(new PutObjectCommand({ Bucket: DATA_BUCKET, Key, Body: 'x' }));
});
afterAll(() => doors.close());

const keyOf = ({ accessKeys: [key] }: UserDefinition): Keys => {
  const session = doors.sessions.get(key?.accessKeyId ?? '');
  if (session === undefined) throw new Error('no such key');
  return session.credentials;
};
const common = (credentials: Keys) => ({ region: REGION, maxAttempts: 1, credentials });
const stsOf = (credentials: Keys) => new STSClient({ ...common(credentials), endpoint: doors.sts });
const iamOf = (credentials: Keys) => new IAMClient({ ...common(credentials), endpoint: doors.iam });
const s3Of = (credentials: Keys) =>
  new S3Client({ ...common(credentials), endpoint: doors.s3, forcePathStyle: true });

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ name }: Error) => name,
  );
/** Which of the objects that are there the credentials open. */
async function opened(credentials: Keys): Promise<readonly string[]> {
  const keys = ['acme/1', 'globex/1', 'users/broker/1', 'users/other/1'];
  const outcomes = await Promise.all(
    keys.map((Key) => outcome(s3Of(credentials).send(new GetObjectCommand({ Bucket: DATA_BUCKET, Key })))),
  );
  expect(outcomes.filter((each) => each !== 'done' && each !== 'AccessDenied')).toEqual([]);
  return keys.filter((_, index) => outcomes[index] === 'done');
}
function sessionOf(credentials: Credentials | undefined): Session {
  const session = doors.sessions.get(credentials?.AccessKeyId ?? '');
  if (session === undefined) throw new Error('the answer names no session');
  return session;
}

const ALL = JSON.stringify(document({ Action: '*', Resource: '*' }));
const REQUEST: GetFederationTokenCommandInput = {
  Name: 'ann@acme',
  Policy: ALL,
  Tags: [{ Key: 'TenantId', Value: 'acme' }],
};
const vouch = async (changes: Partial<GetFederationTokenCommandInput> = {}, by: Keys = broker) =>
  stsOf(by).send(new GetFederationTokenCommand({ ...REQUEST, ...changes }));
const vouched = async (changes: Partial<GetFederationTokenCommandInput> = {}) =>
  sessionOf((await vouch(changes)).Credentials).credentials;
const userSession = async () =>
  sessionOf((await stsOf(broker).send(new GetSessionTokenCommand({}))).Credentials);
const assume = async (by: Keys, changes: Partial<AssumeRoleCommandInput> = {}) => {
  const input = { RoleArn: role('for-broker'), RoleSessionName: 'jo', ...changes };
  return sessionOf((await stsOf(by).send(new AssumeRoleCommand(input))).Credentials);
};
const secondsLeft = ({ credentials, issuedAt }: Session) =>
  Math.round(((credentials.expiration?.getTime() ?? 0) - issuedAt.getTime()) / 1000);

describe('GetCallerIdentity', () => {
  // The user's own policy denies it, which counts for nothing.
  test.each<[string, () => Promise<Keys>, object]>([
    ['a user', async () => broker, { Arn: BROKER.arn, UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/) }],
    ["a user's session", async () => (await userSession()).credentials, { Arn: BROKER.arn }],
    ['a federated user', () => vouched(), { Arn: federated('ann@acme'), UserId: `${ACCOUNT}:ann@acme` }],
  ])('tells of %s', async (_who, credentials, expected) => {
    const identity = await stsOf(await credentials()).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: ACCOUNT, ...expected });
  });
});

describe('GetFederationToken', () => {
  test('answers with all that STS answers with', async () => {
    const answer = await vouch({ DurationSeconds: 900 });
    expect(answer).toMatchObject({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.any(String),
        SessionToken: expect.any(String),
        Expiration: expect.any(Date),
      },
      FederatedUser: { Arn: federated('ann@acme'), FederatedUserId: `${ACCOUNT}:ann@acme` },
      PackedPolicySize: expect.any(Number),
    });
  });

  test.each([
    [undefined, 43_200],
    [900, 900],
    [129_600, 129_600],
  ])('for %s s lasts %i s', async (DurationSeconds, seconds) => {
    expect(secondsLeft(sessionOf((await vouch({ DurationSeconds })).Credentials))).toBeCloseTo(seconds, -1);
  });

  test("opens what the user's policy gives to the tenant of the tag", async () => {
    expect(await opened(await vouched())).toEqual(['acme/1']);
    expect(await opened(await vouched({ Tags: [{ Key: 'TenantId', Value: 'globex' }] }))).toEqual([
      'globex/1',
    ]);
    // Not the user itself: it has no tag, and the session no user name.
    expect(await opened(broker)).toEqual(['users/broker/1']);
  });

  test.each<[string, Partial<GetFederationTokenCommandInput>, readonly string[]]>([
    [
      'of another tenant',
      { Policy: JSON.stringify(document({ Action: 's3:*', Resource: objects('globex/') })) },
      [],
    ],
    [
      'of both tenants',
      {
        Policy: JSON.stringify(
          document({ Action: 's3:*', Resource: [objects('acme/'), objects('globex/')] }),
        ),
      },
      ['acme/1'],
    ],
    ['that is not there', { Policy: undefined }, []],
  ])('with a session policy %s opens %j', async (_what, changes, expected) => {
    expect(await opened(await vouched(changes))).toEqual(expected);
  });

  test("follows the user's policies while it lives", async () => {
    const credentials = await vouched();
    const policies = doors.users.get(BROKER.arn)?.policies;
    const data = policies?.get('data');
    if (data === undefined) throw new Error('no policy');
    const deny = document({ Effect: 'Deny', Action: '*', Resource: '*' });
    policies?.set('data', { document: JSON.stringify(deny), parsed: parseIdentityPolicy(deny, 'deny') });
    try {
      expect(await opened(credentials)).toEqual([]);
    } finally {
      policies?.set('data', data);
    }
    expect(await opened(credentials)).toEqual(['acme/1']);
  });

  const TAG = { Key: 'TenantId', Value: 'acme' };
  test.each<[string, Partial<GetFederationTokenCommandInput>, string, RegExp]>([
    ['no name', { Name: undefined }, 'ValidationError', /^1 .*Value null at 'name' .* not be null$/],
    ['a name of one', { Name: 'a' }, 'ValidationError', /'name' .* greater than or equal to 2$/],
    ['a name of 33', { Name: 'a'.repeat(33) }, 'ValidationError', /'name' .* less than or equal to 32$/],
    ['a name with a slash', { Name: 'a/b' }, 'ValidationError', /'name' .* pattern: \[\\w\+=,\.@-\]\*$/],
    ['899 s', { DurationSeconds: 899 }, 'ValidationError', /'durationSeconds' .* equal to 900$/],
    ['129601 s', { DurationSeconds: 129_601 }, 'ValidationError', /'durationSeconds' .* equal to 129600$/],
    ['an empty policy', { Policy: '' }, 'ValidationError', /'policy' .* greater than or equal to 1/],
    ['a policy that is none', { Policy: '{}' }, 'MalformedPolicyDocumentException', /policy/],
    ['a policy of 2049', { Policy: ALL.padEnd(2049) }, 'ValidationError', /'policy' .* equal to 2048$/],
    [
      'too much plain text',
      { Policy: ALL.padEnd(2040), PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/some` }] },
      'PackedPolicyTooLargeException',
      /plaintext/,
    ],
    ['51 tags', { Tags: Array(51).fill(TAG) }, 'ValidationError', /'tags' .* less than or equal to 50$/],
    [
      'a tag twice',
      { Tags: [TAG, { ...TAG, Key: 'tenantid' }] },
      'InvalidParameterValue',
      /^Duplicate tag keys/,
    ],
    [
      'a name that the user may not give',
      { Name: 'root' },
      'AccessDenied',
      /^User: arn:aws:iam::\d+:user\/latchkey\/broker is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::\d+:federated-user\/root with an explicit deny in an identity-based policy$/,
    ],
    [
      'tags that the user may not give',
      { Tags: [{ Key: 'Plan', Value: 'x' }] },
      'AccessDenied',
      /sts:TagSession on resource: arn:aws:sts::\d+:federated-user\/ann@acme because no identity-based policy allows/,
    ],
  ])('refuses %s', async (_what, changes, name, message) => {
    const before = doors.sessions.size;
    await expect(vouch(changes)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(doors.sessions.size).toBe(before);
  });

  test('refuses a user beyond its boundary', async () => {
    expect(await outcome(vouch({}, keyOf(POWERLESS)))).toBe('AccessDenied');
  });

  test('refuses what AWS has not', async () => {
    const body = 'Action=GetFederationToken&Version=2011-06-15&Name=ann&SourceIdentity=ann';
    expect(await post(body)).toMatchObject({ status: 501, text: expect.stringContaining('SourceIdentity') });
  });
});

describe('GetSessionToken', () => {
  test.each([
    [undefined, 43_200],
    [900, 900],
    [129_600, 129_600],
  ])('for %s s lasts %i s', async (DurationSeconds, seconds) => {
    const answer = await stsOf(broker).send(new GetSessionTokenCommand({ DurationSeconds }));
    expect(secondsLeft(sessionOf(answer.Credentials))).toBeCloseTo(seconds, -1);
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(['Credentials']));
  });

  test('opens what the user opens, whatever its policies say of asking', async () => {
    expect(await opened((await userSession()).credentials)).toEqual(['users/broker/1']);
  });

  test.each([899, 129_601])('refuses %i s', async (DurationSeconds) => {
    const call = stsOf(broker).send(new GetSessionTokenCommand({ DurationSeconds }));
    expect(await outcome(call)).toBe('ValidationError');
  });
});

describe('AssumeRole by a user', () => {
  test("lasts up to the role's maximum, and is no chaining", async () => {
    const session = await assume(broker, { DurationSeconds: 43_200 });
    expect(secondsLeft(session)).toBeCloseTo(43_200, -1);
    expect(session).toMatchObject({ kind: 'assumedRole', chained: false, entityArn: role('for-broker') });
    expect(await opened(session.credentials)).toHaveLength(4);
  });

  test('with credentials of GetSessionToken is the same', async () => {
    const session = await assume((await userSession()).credentials, { DurationSeconds: 43_200 });
    expect(session).toMatchObject({ chained: false });
  });

  test('and from there is chaining, for an hour', async () => {
    const first = await assume(broker);
    const onward = { RoleArn: role('for-anyone') };
    expect(await assume(first.credentials, onward)).toMatchObject({ chained: true });
    await expect(assume(first.credentials, { ...onward, DurationSeconds: 3601 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('role chaining'),
    });
  });

  test.each<[string, Partial<AssumeRoleCommandInput>, string]>([
    [
      'for more than the role lets',
      { RoleArn: role('for-an-hour'), DurationSeconds: 3601 },
      'ValidationError',
    ],
    ['of a role that trusts another user', { RoleArn: role('for-another') }, 'AccessDenied'],
    ['of a role out of its policies', { RoleArn: role('for-anyone', CUSTOMER) }, 'AccessDenied'],
  ])('%s is refused', async (_what, changes, name) => {
    expect(await outcome(assume(broker, changes))).toBe(name);
  });

  test('beyond its boundary is refused', async () => {
    expect(await outcome(assume(keyOf(POWERLESS), { RoleArn: role('for-another') }))).toBe('AccessDenied');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html */
describe('what temporary credentials may not', () => {
  const ACTIONS = {
    AssumeRole: () => new AssumeRoleCommand({ RoleArn: role('for-anyone'), RoleSessionName: 'jo' }),
    DecodeAuthorizationMessage: () => new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' }),
    GetAccessKeyInfo: () => new GetAccessKeyInfoCommand({ AccessKeyId: BROKER.accessKeys[0]?.accessKeyId }),
    GetFederationToken: () => new GetFederationTokenCommand(REQUEST),
    GetSessionToken: () => new GetSessionTokenCommand({}),
  };
  const refused = (action: keyof typeof ACTIONS) => `Cannot call ${action} with session credentials`;
  test.each<[string, () => Promise<Keys>, ReadonlyArray<keyof typeof ACTIONS>]>([
    [
      'of a federated user',
      () => vouched(),
      [
        'AssumeRole',
        'DecodeAuthorizationMessage',
        'GetAccessKeyInfo',
        'GetFederationToken',
        'GetSessionToken',
      ],
    ],
    [
      'of GetSessionToken',
      async () => (await userSession()).credentials,
      ['DecodeAuthorizationMessage', 'GetAccessKeyInfo', 'GetFederationToken', 'GetSessionToken'],
    ],
    ['of a role', async () => (await assume(broker)).credentials, ['GetFederationToken', 'GetSessionToken']],
  ])('%s', async (_who, credentials, forbidden) => {
    const client = stsOf(await credentials());
    const messages = await Promise.all(
      Object.values(ACTIONS).map((command) =>
        client.send(command() as GetCallerIdentityCommand).then(
          () => '',
          ({ message }: Error) => message,
        ),
      ),
    );
    expect(messages.filter((message) => message.startsWith('Cannot call'))).toEqual(forbidden.map(refused));
  });

  test.each<[string, () => Promise<Keys>, string]>([
    ['a user', async () => broker, 'done'],
    ['a session of a role', async () => (await assume(broker)).credentials, 'done'],
    ["a user's session", async () => (await userSession()).credentials, 'InvalidClientTokenId'],
    ['a federated user', () => vouched(), 'InvalidClientTokenId'],
  ])('IAM answers %s: %s', async (_who, credentials, name) => {
    const call = new ListRolePoliciesCommand({ RoleName: 'for-broker' });
    expect(await outcome(iamOf(await credentials()).send(call))).toBe(name);
  });
});

describe('GetAccessKeyInfo', () => {
  const info = (AccessKeyId: string, by = broker) =>
    stsOf(by).send(new GetAccessKeyInfoCommand({ AccessKeyId }));

  test('tells whose account a key is of, temporary or not', async () => {
    expect((await info('AKIATHEIRS2222222222')).Account).toBe(CUSTOMER);
    expect((await info((await userSession()).credentials.accessKeyId)).Account).toBe(ACCOUNT);
  });

  test.each([
    ['a key that nobody has', 'AKIANOBODY2222222222', /does not exist$/],
    ['a key of 15', 'AKIA22222222222', /'accessKeyId' .* greater than or equal to 16$/],
    ['a key with a dash', 'AKIA-222222222222222', /'accessKeyId' .* pattern: \[\\w\]\*$/],
  ])('refuses %s', async (_what, key, message) => {
    await expect(info(key)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  test('refuses who may not ask', async () => {
    expect(await outcome(info('AKIATHEIRS2222222222', keyOf(POWERLESS)))).toBe('AccessDenied');
  });
});

const post = async (body: string) => {
  const headers = { host: new URL(doors.sts).host, 'content-type': 'application/x-www-form-urlencoded' };
  const signed = await signRequest(
    { credentials: broker },
    { service: 'sts', region: REGION, headers, body },
  );
  const answer = await fetch(doors.sts, { method: 'POST', headers: signed.headers, body });
  return { status: answer.status, text: await answer.text() };
};

test('GetWebIdentityToken is turned off, as in every account at first', async () => {
  const call = new GetWebIdentityTokenCommand({ Audience: ['https://x.example'], SigningAlgorithm: 'ES384' });
  await expect(stsOf(broker).send(call)).rejects.toMatchObject({
    name: 'OutboundWebIdentityFederationDisabledException',
    $metadata: { httpStatusCode: 403 },
  });
});

test('AssumeRoot is for accounts of an organisation', async () => {
  const call = new AssumeRootCommand({
    TargetPrincipal: CUSTOMER,
    TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
  });
  expect(await outcome(stsOf(broker).send(call))).toBe('AccessDenied');
});

test('there are no other operations, and who does not sign is not told', async () => {
  const body = 'Action=AssumeRoleWithMagic&Version=2011-06-15';
  expect(await post(body)).toEqual({
    status: 400,
    text: expect.stringContaining('Could not find operation AssumeRoleWithMagic for version 2011-06-15'),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const unsigned = await fetch(doors.sts, { method: 'POST', headers, body });
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
});

test.each<[string, Partial<UserDefinition>, RegExp]>([
  ['no ARN of a user', { arn: role('x') }, /got .*role\/x, expected the ARN of an IAM user/],
  [
    'a key of another kind',
    { accessKeys: [{ accessKeyId: 'ASIABROKER2222222222', secretAccessKey: 'x' }] },
    /AKIA/,
  ],
  [
    'a permission with a Principal',
    { policies: { all: document({ Principal: '*', Action: '*' }) } },
    /got .*expected/,
  ],
])('a user is refused with %s', (_name, fault, message) => {
  expect(() => parseUsers([{ ...BROKER, ...fault }])).toThrow(message);
});

test("a key is one user's", () => {
  const sessions: Sessions = new Map();
  const users = parseUsers([BROKER, { ...POWERLESS, accessKeys: BROKER.accessKeys }]);
  expect(() => openUserKeys(users, sessions)).toThrow(/AKIABROKER2222222222.* in use/);
});
