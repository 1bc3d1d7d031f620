import { createHash } from 'node:crypto';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openExecutionSession } from '../../local/aws/open-session.ts';
import { parseManagedPolicies, parseRoles, type RoleDefinition } from '../../local/aws/roles.ts';
import type { SessionCredentials, Sessions, TemporarySession } from '../../local/aws/session.ts';
import { createStsDoor } from '../../local/aws/sts.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';

const REGION = 'eu-central-1';
const ACCOUNT = '111122223333';
const CUSTOMER = '444455556666';
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const VEND = role('vend');
const TENANT = role('latchkey/tenant');
const MANAGED = `arn:aws:iam::${ACCOUNT}:policy/read-only`;

const document = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const trust = (...statements: readonly object[]) =>
  document(...statements.map((statement) => ({ Effect: 'Allow', Principal: { AWS: VEND }, ...statement })));
const ALL_ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const EVERYTHING = document({ Effect: 'Allow', Action: '*', Resource: '*' });

/** The roles of two accounts; what each trusts is what its tests are about. */
const ROLES: readonly RoleDefinition[] = [
  {
    arn: VEND,
    trustPolicy: trust({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
    policies: {
      assume: document(
        { Effect: 'Allow', Action: ALL_ACTIONS, Resource: [role('*'), role('*', CUSTOMER)] },
        { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: role('forbidden') },
      ),
    },
  },
  {
    arn: TENANT,
    trustPolicy: trust({ Action: ALL_ACTIONS, Condition: { Null: { 'aws:RequestTag/TenantId': 'false' } } }),
    policies: { all: EVERYTHING },
    maxSessionDurationSeconds: 43_200,
  },
  { arn: role('plain'), trustPolicy: trust({ Action: 'sts:AssumeRole' }), policies: {} },
  {
    arn: role('open'),
    trustPolicy: trust({ Action: ALL_ACTIONS, Principal: { AWS: '*' } }),
    policies: { all: EVERYTHING },
  },
  { arn: role('forbidden'), trustPolicy: trust({ Action: ALL_ACTIONS }), policies: {} },
  {
    arn: role('stranger'),
    trustPolicy: trust({ Action: ALL_ACTIONS, Principal: { AWS: role('vend', CUSTOMER) } }),
    policies: {},
  },
  {
    arn: role('picky'),
    trustPolicy: trust({
      Action: ALL_ACTIONS,
      Condition: {
        StringEquals: {
          'sts:RoleSessionName': 'acme-1',
          'sts:SourceIdentity': 'ann',
          'aws:RequestTag/TenantId': 'acme',
        },
        'ForAllValues:StringEquals': {
          'aws:TagKeys': ['TenantId', 'Plan'],
          'sts:TransitiveTagKeys': ['TenantId'],
        },
        Null: { 'sts:TransitiveTagKeys': 'false' },
      },
    }),
    policies: {},
  },
  {
    arn: role('asks-the-unknown'),
    trustPolicy: trust({
      Action: ALL_ACTIONS,
      Condition: { StringEquals: { 'aws:Referer': 'nobody' } },
    }),
    policies: {},
  },
  {
    arn: role('customer', CUSTOMER),
    trustPolicy: trust({
      Action: ALL_ACTIONS,
      Condition: { StringEquals: { 'sts:ExternalId': 'acme-7f3' } },
    }),
    policies: { all: EVERYTHING },
  },
];

const sessions: Sessions = new Map();
const roles = parseRoles(ROLES);
const log: string[] = [];
let now = new Date();
let served: ServedDoor;
let execution: TemporarySession;

beforeAll(async () => {
  served = await serveDoor(
    createStsDoor({
      roles,
      managedPolicies: parseManagedPolicies({ [MANAGED]: EVERYTHING }),
      sessions,
      region: REGION,
      clock: () => now,
      log: (message) => log.push(message),
    }),
  );
});
afterAll(() => served.close());
beforeEach(() => {
  now = new Date();
  log.length = 0;
  execution = openExecutionSession(roleOf(VEND), {
    functionName: 'latchkey-vend',
    sessions,
    clock: () => now,
  });
});

function roleOf(arn: string) {
  const found = roles.get(arn);
  if (found === undefined) throw new Error(`no role ${arn}`);
  return found;
}

function clientOf(credentials: SessionCredentials): STSClient {
  return new STSClient({ region: REGION, endpoint: served.endpoint, credentials, maxAttempts: 1 });
}

const TAGS = [{ Key: 'TenantId', Value: 'acme' }];
const CONTEXT = {
  ProviderArn: 'arn:aws:iam::aws:contextProvider/IdentityCenter',
  ContextAssertion: 'assertion',
};
const REQUEST: AssumeRoleCommandInput = { RoleArn: TENANT, RoleSessionName: 'acme-1', Tags: TAGS };

async function assume(
  overrides: Partial<AssumeRoleCommandInput> = {},
  caller = execution,
): Promise<TemporarySession> {
  const answer = await clientOf(caller.credentials).send(new AssumeRoleCommand({ ...REQUEST, ...overrides }));
  const session = sessions.get(answer.Credentials?.AccessKeyId ?? '');
  if (session?.kind !== 'assumedRole') throw new Error('the answer names no session of a role');
  return session;
}

describe('AssumeRole', () => {
  test('opens a session with all that was asked for', async () => {
    const policy = document({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::data/acme/*',
    });
    const answer = await clientOf(execution.credentials).send(
      new AssumeRoleCommand({
        ...REQUEST,
        Policy: JSON.stringify(policy),
        PolicyArns: [{ arn: MANAGED }],
        TransitiveTagKeys: ['TenantId'],
        SourceIdentity: 'ann',
        DurationSeconds: 900,
      }),
    );
    const session = sessions.get(answer.Credentials?.AccessKeyId ?? '');

    expect(answer).toMatchObject({
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-1`,
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}:acme-1$/),
      },
      SourceIdentity: 'ann',
      PackedPolicySize: expect.any(Number),
    });
    expect(answer.Credentials).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: session?.credentials.secretAccessKey,
      SessionToken: session?.credentials.sessionToken,
      Expiration: new Date(Math.floor(now.getTime() / 1000) * 1000 + 900_000),
    });
    expect(session).toMatchObject({
      entityArn: TENANT,
      tags: { TenantId: 'acme' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: 'ann',
      entity: { policies: roleOf(TENANT).policies },
      sessionPolicies: [{ name: 'session policy' }, { name: MANAGED }],
    });
  });

  test('without session policies opens all of the role, and packs nothing', async () => {
    const answer = await clientOf(execution.credentials).send(
      new AssumeRoleCommand({ RoleArn: role('plain'), RoleSessionName: 'acme' }),
    );
    expect(sessions.get(answer.Credentials?.AccessKeyId ?? '')?.sessionPolicies).toBeUndefined();
    expect(answer.PackedPolicySize).toBeUndefined();
    expect(answer.SourceIdentity).toBeUndefined();
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
  test("estimates the packed size of AWS's example as AWS gives it", async () => {
    const example = {
      RoleArn: role('open'),
      Policy:
        '{"Version":"2012-10-17","Statement":[{"Sid": "Stmt1","Effect": "Allow","Action": "s3:*","Resource": "*"}]}',
      Tags: [
        { Key: 'Project', Value: 'Pegasus' },
        { Key: 'Cost-Center', Value: '12345' },
      ],
    };
    const answer = await clientOf(execution.credentials).send(
      new AssumeRoleCommand({ ...REQUEST, ...example }),
    );
    expect(answer.PackedPolicySize).toBe(8);
  });

  test('knows the external id of another account', async () => {
    const customer = { RoleArn: role('customer', CUSTOMER) };
    expect((await assume({ ...customer, ExternalId: 'acme-7f3' })).arn).toContain(`::${CUSTOMER}:`);
    await expect(assume({ ...customer, ExternalId: 'acme-7f4' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(assume(customer)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  const PICKED = { RoleArn: role('picky'), SourceIdentity: 'ann', TransitiveTagKeys: ['TenantId'] };
  test('puts session name, source identity, tags and transitive keys before the trust policy', async () => {
    expect((await assume(PICKED)).entityArn).toBe(role('picky'));
  });
  test.each<[string, Partial<AssumeRoleCommandInput>]>([
    ['session name', { RoleSessionName: 'globex-1' }],
    ['source identity', { SourceIdentity: 'bob' }],
    ['tag value', { Tags: [{ Key: 'TenantId', Value: 'acme-prod' }] }],
    ['tag key', { Tags: [...TAGS, { Key: 'Role', Value: 'admin' }] }],
    [
      'transitive key',
      { Tags: [...TAGS, { Key: 'Plan', Value: 'x' }], TransitiveTagKeys: ['TenantId', 'Plan'] },
    ],
    ['no transitive key', { TransitiveTagKeys: [] }],
  ])('… and refuses another %s', async (_name, overrides) => {
    await expect(assume({ ...PICKED, ...overrides })).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, …/API_Tag.html
const A_POLICY = JSON.stringify(EVERYTHING);
/** 250 characters that do not compress, always the same. */
const noise = (seed: number) =>
  [0, 1, 2]
    .map((part) => createHash('sha512').update(`${seed}.${part}`).digest('base64url'))
    .join('')
    .slice(0, 250);
const NOISE = Array.from({ length: 20 }, (_, index) => ({ Key: `k${index}`, Value: noise(index) }));
test.each<[string, Partial<AssumeRoleCommandInput>, string, RegExp]>([
  [
    'no session name',
    { RoleSessionName: undefined },
    'ValidationError',
    /^1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null$/,
  ],
  [
    'a session name of one',
    { RoleSessionName: 'a' },
    'ValidationError',
    /length greater than or equal to 2$/,
  ],
  [
    'a session name of 65',
    { RoleSessionName: 'a'.repeat(65) },
    'ValidationError',
    /'roleSessionName' .* length less than or equal to 64$/,
  ],
  [
    'a session name with a slash',
    { RoleSessionName: 'a/b' },
    'ValidationError',
    /Value 'a\/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\*$/,
  ],
  [
    'two faults at once',
    { RoleSessionName: 'ü', DurationSeconds: 1 },
    'ValidationError',
    /^3 validation errors detected: .*; .*; /,
  ],
  [
    'an ARN of 19',
    { RoleArn: 'arn:aws:iam::1:role' },
    'ValidationError',
    /'roleArn' .* greater than or equal to 20$/,
  ],
  [
    'an ARN that is no role',
    { RoleArn: `arn:aws:iam::${ACCOUNT}:user/ann` },
    'ValidationError',
    /user\/ann is invalid$/,
  ],
  [
    '899 seconds',
    { DurationSeconds: 899 },
    'ValidationError',
    /Value '899' at 'durationSeconds' .* value greater than or equal to 900$/,
  ],
  ['43201 seconds', { DurationSeconds: 43_201 }, 'ValidationError', /value less than or equal to 43200$/],
  [
    'more than the chained hour',
    { DurationSeconds: 3601 },
    'ValidationError',
    /^The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining$/,
  ],
  ['an empty policy', { Policy: '' }, 'ValidationError', /'policy' .* greater than or equal to 1/],
  [
    'a policy of 2049',
    { Policy: A_POLICY.padEnd(2049) },
    'ValidationError',
    /'policy' .* less than or equal to 2048$/,
  ],
  [
    'a policy beyond Latin-1',
    { Policy: A_POLICY.replace('2012', '二') },
    'ValidationError',
    /'policy' .* regular expression/,
  ],
  ['a policy that is no JSON', { Policy: 'NOT JSON' }, 'MalformedPolicyDocumentException', /policy/],
  [
    'a policy with a principal',
    { Policy: JSON.stringify(trust({ Action: '*', Resource: '*' })) },
    'MalformedPolicyDocumentException',
    /policy/,
  ],
  ['a policy without statements', { Policy: '{}' }, 'MalformedPolicyDocumentException', /policy/],
  [
    'eleven managed policies',
    { PolicyArns: Array(11).fill({ arn: MANAGED }) },
    'ValidationError',
    /'policyArns' .* less than or equal to 10$/,
  ],
  ['no managed policies, listed', { PolicyArns: [] }, 'NotImplemented', /empty PolicyArns/],
  [
    'an unknown managed policy',
    { PolicyArns: [{ arn: `${MANAGED}-2` }] },
    'InvalidParameterValue',
    /read-only-2/,
  ],
  [
    'too much plain text',
    { Policy: A_POLICY.padEnd(2020), PolicyArns: [{ arn: MANAGED }] },
    'PackedPolicyTooLargeException',
    /plaintext/,
  ],
  [
    'too much to pack',
    { Tags: NOISE },
    'PackedPolicyTooLargeException',
    /^Packed size of session tags consumes \d{3}% of allotted space\.$/,
  ],
  [
    'too much to pack with a policy',
    {
      Policy: A_POLICY,
      Tags: NOISE,
    },
    'PackedPolicyTooLargeException',
    /^Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/,
  ],
  [
    '51 tags',
    { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })) },
    'ValidationError',
    /'tags' .* less than or equal to 50$/,
  ],
  [
    'a tag key of 129',
    { Tags: [{ Key: 'k'.repeat(129), Value: '' }] },
    'ValidationError',
    /'tags\.1\.member\.key' .* less than or equal to 128$/,
  ],
  [
    'a tag value of 257',
    { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] },
    'ValidationError',
    /'tags\.1\.member\.value' .* less than or equal to 256$/,
  ],
  [
    'a tag value with a star',
    { Tags: [{ Key: 'TenantId', Value: '*' }] },
    'ValidationError',
    /Value '\*' at 'tags\.1\.member\.value' .* regular expression/,
  ],
  [
    'a tag value with a variable',
    { Tags: [{ Key: 'TenantId', Value: '$' }] },
    'ValidationError',
    /regular expression/,
  ],
  [
    'tag keys that differ by case',
    { Tags: [...TAGS, { Key: 'tenantid', Value: 'globex' }] },
    'InvalidParameterValue',
    /^Duplicate tag keys found\. Please note that Tag keys are case insensitive\.$/,
  ],
  [
    'a reserved tag key',
    { Tags: [...TAGS, { Key: 'aws:x', Value: '' }] },
    'InvalidParameterValue',
    /reserved/,
  ],
  [
    'a transitive key that is no tag',
    { TransitiveTagKeys: ['Plan'] },
    'InvalidParameterValue',
    /^The specified transitive tag key must be included in the requested tags\.$/,
  ],
  ['an external id of one', { ExternalId: 'a' }, 'ValidationError', /'externalId'/],
  [
    'a source identity with a colon',
    { SourceIdentity: 'aws:x' },
    'ValidationError',
    /'sourceIdentity' .* regular expression/,
  ],
  [
    'an MFA device, which sessions have not',
    { SerialNumber: 'GAHT12345678', TokenCode: '123456' },
    'AccessDenied',
    /^MultiFactorAuthentication failed, unable to validate MFA code\. {2}Please verify your MFA serial number is valid and associated with this user\.$/,
  ],
  [
    'a context of an unknown provider',
    { ProvidedContexts: [{ ProviderArn: MANAGED, ContextAssertion: 'assertion' }] },
    'InvalidParameterValue',
    /is not a context provider/,
  ],
  [
    'a context that nobody may set',
    { ProvidedContexts: [CONTEXT] },
    'AccessDenied',
    /sts:SetContext on resource/,
  ],
  [
    'a context without an assertion',
    { ProvidedContexts: [{ ProviderArn: CONTEXT.ProviderArn }] },
    'ValidationError',
    /^1 .*'providedContexts\.1\.member\.contextAssertion' .* not be null$/,
  ],
  [
    'an assertion of three',
    { ProvidedContexts: [{ ...CONTEXT, ContextAssertion: 'abc' }] },
    'ValidationError',
    /contextAssertion' .* greater than or equal to 4$/,
  ],
  [
    'six contexts',
    { ProvidedContexts: Array(6).fill(CONTEXT) },
    'ValidationError',
    /'providedContexts' .* less than or equal to 5$/,
  ],
  [
    'a role that is not there',
    { RoleArn: role('nobody') },
    'AccessDenied',
    /^User: arn:aws:sts::111122223333:assumed-role\/vend\/latchkey-vend is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role\/nobody$/,
  ],
  ['a role that trusts another', { RoleArn: role('stranger') }, 'AccessDenied', /sts:AssumeRole on resource/],
  [
    "a role that the caller's own policy denies",
    { RoleArn: role('forbidden') },
    'AccessDenied',
    /sts:AssumeRole on resource/,
  ],
  [
    'tags that the trust policy does not take',
    { RoleArn: role('plain') },
    'AccessDenied',
    /^User: .* is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111122223333:role\/plain$/,
  ],
  [
    'a source identity that it does not take',
    { RoleArn: role('plain'), Tags: [], SourceIdentity: 'ann' },
    'AccessDenied',
    /sts:SetSourceIdentity on resource/,
  ],
  ['no tenant tag', { Tags: [{ Key: 'Plan', Value: 'x' }] }, 'AccessDenied', /sts:AssumeRole on resource/],
  [
    'an empty tenant tag',
    { Tags: [{ Key: 'TenantId', Value: '' }] },
    'AccessDenied',
    /sts:AssumeRole on resource/,
  ],
  [
    'a trust policy that asks for what is not known here',
    { RoleArn: role('asks-the-unknown') },
    'AccessDenied',
    /sts:AssumeRole on resource/,
  ],
])('AssumeRole refuses %s', async (_name, overrides, name, message) => {
  const before = sessions.size;
  await expect(assume(overrides as Partial<AssumeRoleCommandInput>)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
  expect(sessions.size).toBe(before);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
describe('a chain of sessions', () => {
  const first = () =>
    assume({
      TransitiveTagKeys: ['TenantId'],
      Tags: [...TAGS, { Key: 'Plan', Value: 'x' }],
      SourceIdentity: 'ann',
    });
  const onward = { RoleArn: role('open'), Tags: undefined } as unknown as Partial<AssumeRoleCommandInput>;

  test('hands on transitive tags and the source identity, and nothing else', async () => {
    const second = await assume(onward, await first());
    const third = await assume(onward, second);
    expect(third).toMatchObject({
      tags: { TenantId: 'acme' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: 'ann',
    });
    expect(third.tags).not.toHaveProperty('Plan');
  });

  test('lets nobody pass an inherited tag again, in any case', async () => {
    const passed = assume({ ...onward, Tags: [{ Key: 'TENANTID', Value: 'globex' }] }, await first());
    await expect(passed).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('conflicts with a transitive tag key'),
    });
  });

  test('lets nobody change the source identity', async () => {
    const changed = assume({ ...onward, SourceIdentity: 'bob' }, await first());
    await expect(changed).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The source identity is already set for this assume role session',
    });
  });

  test('keeps a session within its session policy', async () => {
    const narrowed = await assume({
      Policy: JSON.stringify(document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })),
    });
    await expect(assume(onward, narrowed)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

test.each([
  ['no role', { arn: MANAGED }],
  ['a maximum that IAM would not take', { maxSessionDurationSeconds: 900 }],
  ['a trust policy with a Resource', { trustPolicy: trust({ Action: '*', Resource: '*' }) }],
  ['a permission with a Principal', { policies: { all: trust({ Action: '*', Resource: '*' }) } }],
])('a role is refused with %s', (_name, fault) => {
  const plain = { arn: role('plain'), trustPolicy: trust({ Action: ALL_ACTIONS }), policies: {} };
  expect(() => parseRoles([{ ...plain, ...fault }])).toThrow(/got .*expected/);
});

describe('who calls', () => {
  test('GetCallerIdentity tells', async () => {
    const { Arn, UserId, Account } = await clientOf(execution.credentials).send(
      new GetCallerIdentityCommand({}),
    );
    expect({ Arn, UserId, Account }).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/vend/latchkey-vend`,
      UserId: execution.userId,
      Account: ACCOUNT,
    });
  });

  test.each<[string, (credentials: SessionCredentials) => SessionCredentials, string]>([
    [
      'an unknown key',
      (credentials) => ({ ...credentials, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }),
      'InvalidClientTokenId',
    ],
    ['a wrong secret', (credentials) => ({ ...credentials, secretAccessKey: 'x' }), 'SignatureDoesNotMatch'],
    ['a wrong token', (credentials) => ({ ...credentials, sessionToken: 'x' }), 'InvalidClientTokenId'],
  ])('%s is refused', async (_name, change, name) => {
    const client = clientOf(change(execution.credentials));
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name });
  });

  test('an expired session is refused', async () => {
    const options = { functionName: 'vend', durationSeconds: -1, sessions, clock: () => now };
    const session = openExecutionSession(roleOf(VEND), options);
    await expect(clientOf(session.credentials).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: expect.stringMatching(/^ExpiredToken/),
    });
  });
});

test('why access was denied is told to the log, not to the caller', async () => {
  await expect(assume({ Tags: [{ Key: 'Plan', Value: 'x' }] })).rejects.toThrow();
  expect(log).toEqual([expect.stringContaining('but for its Null on aws:RequestTag/TenantId')]);
});

test('an execution role must trust Lambda', () => {
  const options = { functionName: 'vend', sessions, clock: () => now };
  expect(() => openExecutionSession(roleOf(TENANT), options)).toThrow();
});
