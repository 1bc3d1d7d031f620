import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { renderRevocation } from '../../functions/core/revocation/revocation.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { ACCOUNT, DATA_BUCKET, DATA_TABLE, REGION, TENANT_ROLE_ARN } from '../../local/account.ts';
import { createIamDoor } from '../../local/aws/iam.ts';
import { addRole } from '../../local/aws/roles.ts';
import type { Session } from '../../local/aws/session.ts';
import { openUserKeys, parseUsers } from '../../local/aws/users.ts';
import { ROLES } from '../../local/roles.ts';
import { allowing } from './local-events.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { type Doors, startDoors } from './start-doors.ts';

const ROLE = { RoleName: 'latchkey-tenant' };
const POLICY = { ...ROLE, PolicyName: 'latchkey-revocations' };

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const DENY_ALL = { Effect: 'Deny', Action: '*', Resource: '*' };
const put = (PolicyDocument: string) => new PutRolePolicyCommand({ ...POLICY, PolicyDocument });

/** How far ahead of the machine's clock these doors are; the SDK signs with the machine's. */
let aheadSeconds = 0;
const clock = () => new Date(Date.now() + aheadSeconds * 1000);
let doors: Doors;
let iam: IAMClient;

beforeAll(async () => {
  doors = await startDoors(ROLES, { clock });
  iam = iamOf(doors.everything);
});
afterAll(() => doors.close());
afterEach(() => doors.roles.get(TENANT_ROLE_ARN)?.policies.delete(POLICY.PolicyName));

const common = { region: REGION, maxAttempts: 1 };
const iamOf = ({ credentials }: Session) => new IAMClient({ ...common, endpoint: doors.iam, credentials });
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ name }: Error) => name,
  );

describe('inline policies of a user', () => {
  const arn = `arn:aws:iam::${ACCOUNT}:user/machines/federation`;
  const foreign = arn.replace(ACCOUNT, '444455556666').replace('federation', 'foreign');
  const USER = { UserName: 'federation' };
  const USER_POLICY = { ...USER, PolicyName: 'latchkey-revocations' };
  const accessKeys = [{ accessKeyId: 'AKIA2222333344445555', secretAccessKey: 'secret' }];
  const read = allowing({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${DATA_BUCKET}/*` });
  const users = parseUsers([
    { arn, policies: { read }, accessKeys },
    { arn: foreign, policies: {}, accessKeys: [] },
  ]);
  let served: ServedDoor;

  beforeAll(async () => {
    openUserKeys(users, doors.sessions);
    const { roles, sessions } = doors;
    const log = () => undefined;
    served = await serveDoor(
      createIamDoor({ account: ACCOUNT, region: REGION, roles, users, sessions, clock, log }),
    );
  });
  afterAll(async () => {
    await served.close();
    for (const { accessKeyId } of accessKeys) doors.sessions.delete(accessKeyId);
  });

  const clientOf = ({ credentials }: Session) =>
    new IAMClient({ ...common, endpoint: served.endpoint, credentials });
  const putUser = (PolicyDocument: string, PolicyName = USER_POLICY.PolicyName) =>
    clientOf(doors.everything).send(new PutUserPolicyCommand({ ...USER, PolicyName, PolicyDocument }));

  test('cut off its keys while they are there', async () => {
    await write(doors.everything, 'acme');
    const [credentials] = accessKeys;
    const s3 = new S3Client({ ...common, endpoint: doors.s3, ...(credentials && { credentials }) });
    const reach = () => outcome(s3.send(new GetObjectCommand({ Bucket: DATA_BUCKET, Key: 'acme/a' })));
    expect(await reach()).toBe('done');

    const client = clientOf(doors.everything);
    const PolicyDocument = document(DENY_ALL);
    await putUser(PolicyDocument);
    expect(await reach()).toBe('AccessDenied');
    const got = await client.send(new GetUserPolicyCommand(USER_POLICY));
    expect(got).toMatchObject({ ...USER_POLICY, PolicyDocument: encodeURIComponent(PolicyDocument) });
    const listed = await client.send(new ListUserPoliciesCommand(USER));
    expect(listed.PolicyNames).toEqual(['read', USER_POLICY.PolicyName]);

    await client.send(new DeleteUserPolicyCommand(USER_POLICY));
    expect(await reach()).toBe('done');
    expect(await outcome(client.send(new DeleteUserPolicyCommand(USER_POLICY)))).toBe(
      'NoSuchEntityException',
    );
  });

  test('have 2,048 characters together, without white space', async () => {
    const room =
      2048 - JSON.stringify(read).length - document({ ...DENY_ALL, Resource: 'arn:aws:s3:::' }).length;
    const filled = (more: number) =>
      document({ ...DENY_ALL, Resource: `arn:aws:s3:::${'x'.repeat(room + more)}` });
    expect(await outcome(putUser(filled(1)))).toBe('LimitExceededException');
    expect(await outcome(putUser(filled(0).replaceAll(',', ',\n  ')))).toBe('done');
    expect(await outcome(putUser('{'))).toBe('MalformedPolicyDocumentException');
    users.get(arn)?.policies.delete(USER_POLICY.PolicyName);
  });

  test.each([
    ['a role of that name', 'latchkey-tenant', 'NoSuchEntityException'],
    ['a user of another account', 'foreign', 'NoSuchEntityException'],
    ['a bad name', 'a b', 'ValidationError'],
  ])('are not those of %s', async (_what, UserName, code) => {
    const command = new PutUserPolicyCommand({
      ...USER_POLICY,
      UserName,
      PolicyDocument: document(DENY_ALL),
    });
    expect(await outcome(clientOf(doors.everything).send(command))).toBe(code);
    // Nor does a user have any where there are no users.
    const gone = new PutUserPolicyCommand({ ...USER_POLICY, PolicyDocument: document(DENY_ALL) });
    expect(await outcome(iam.send(gone))).toBe('NoSuchEntityException');
  });

  test('take the permission on the very user, for users', async () => {
    const PolicyDocument = document(DENY_ALL);
    const attempt = async (...statements: readonly object[]) => {
      const reviser = `arn:aws:iam::${ACCOUNT}:role/user-reviser`;
      const policies = { revise: allowing(...statements) };
      addRole(doors.roles, { arn: reviser, trustPolicy: ROLES[0]?.trustPolicy, policies });
      const client = clientOf(doors.open(reviser));
      return [
        await outcome(client.send(new PutUserPolicyCommand({ ...USER_POLICY, PolicyDocument }))),
        await outcome(
          client.send(new PutUserPolicyCommand({ ...USER_POLICY, UserName: 'nobody', PolicyDocument })),
        ),
        await outcome(client.send(new DeleteUserPolicyCommand(USER_POLICY))),
      ];
    };
    const put = { Action: 'iam:PutUserPolicy', Resource: arn };
    expect(await attempt(put)).toEqual(['done', 'AccessDenied', 'AccessDenied']);
    const remove = { Action: 'iam:DeleteUserPolicy', Resource: arn };
    expect(await attempt(remove)).toEqual(['AccessDenied', 'AccessDenied', 'done']);
    expect(await attempt({ ...put, Action: 'iam:PutRolePolicy' })).toEqual(Array(3).fill('AccessDenied'));
    expect(await attempt({ ...put, Resource: arn.replace('/machines', '') })).toEqual(
      Array(3).fill('AccessDenied'),
    );
  });
});

describe('inline policies of a role', () => {
  test('come back as they were put, until they are deleted', async () => {
    const PolicyDocument = document({ ...DENY_ALL, Resource: 'arn:aws:s3:::a b/ä*' });
    await iam.send(put(PolicyDocument));
    const got = await iam.send(new GetRolePolicyCommand(POLICY));
    expect(got).toMatchObject(POLICY);
    expect(decodeURIComponent(got.PolicyDocument ?? '')).toBe(PolicyDocument);
    const listed = await iam.send(new ListRolePoliciesCommand(ROLE));
    expect(listed.PolicyNames).toEqual(['tenantData', 'latchkey-revocations']);
    await iam.send(new DeleteRolePolicyCommand(POLICY));
    expect(await outcome(iam.send(new GetRolePolicyCommand(POLICY)))).toBe('NoSuchEntityException');
  });

  test.each([
    ['that is no JSON', '{'],
    ['without a statement', '{"Version":"2012-10-17"}'],
    ['with a principal', document({ ...DENY_ALL, Principal: '*' })],
    ['with an unknown operator', document({ ...DENY_ALL, Condition: { DateBefore: {} } })],
  ])('%s are MalformedPolicyDocument', async (_what, policy) => {
    expect(await outcome(iam.send(put(policy)))).toBe('MalformedPolicyDocumentException');
  });

  test('have 10,240 characters together, without white space', async () => {
    const role = doors.roles.get(TENANT_ROLE_ARN);
    const own = [...(role?.policies.values() ?? [])].map((each) => each.document).join('').length;
    const empty = document({ ...DENY_ALL, Resource: 'arn:aws:s3:::' }).length;
    const filled = (more: number) =>
      document({ ...DENY_ALL, Resource: `arn:aws:s3:::${'x'.repeat(10_240 - own - empty + more)}` });
    expect(await outcome(iam.send(put(filled(1))))).toBe('LimitExceededException');
    expect(await outcome(iam.send(put(filled(0).replaceAll(',', ',\n  '))))).toBe('done');
    // What is replaced does not count.
    expect(await outcome(iam.send(put(filled(0))))).toBe('done');
  });

  test.each([
    ['an unknown role', new GetRolePolicyCommand({ ...POLICY, RoleName: 'nobody' }), 'NoSuchEntityException'],
    ['an unknown policy', new DeleteRolePolicyCommand(POLICY), 'NoSuchEntityException'],
    ['a bad name', new DeleteRolePolicyCommand({ ...POLICY, PolicyName: 'a b' }), 'ValidationError'],
    ['an unknown operation', new GetRoleCommand(ROLE), 'InvalidAction'],
    ['an unknown parameter', new ListRolePoliciesCommand({ ...ROLE, MaxItems: 1 }), 'NotImplemented'],
  ] as const)('%s is refused', async (_what, command, expected) => {
    expect(await outcome(iam.send(command as never))).toBe(expected);
  });

  test('take the permission on the very role', async () => {
    const arn = TENANT_ROLE_ARN.replace('latchkey-tenant', 'reviser');
    addRole(doors.roles, {
      arn,
      trustPolicy: ROLES[0]?.trustPolicy,
      policies: {
        revise: JSON.parse(
          document({ Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: TENANT_ROLE_ARN }),
        ),
      },
    });
    const reviser = iamOf(doors.open(arn));
    expect(await outcome(reviser.send(put(document(DENY_ALL))))).toBe('done');
    expect(await outcome(reviser.send(new GetRolePolicyCommand(POLICY)))).toBe('AccessDenied');
    const other = { ...POLICY, RoleName: 'latchkey-vend', PolicyDocument: document(DENY_ALL) };
    expect(await outcome(reviser.send(new PutRolePolicyCommand(other)))).toBe('AccessDenied');
    // A role that is not there is told to nobody who may not ask.
    const nobody = { ...other, RoleName: 'nobody' };
    expect(await outcome(reviser.send(new PutRolePolicyCommand(nobody)))).toBe('AccessDenied');
    const stranger = iamOf(doors.open(TENANT_ROLE_ARN, { TenantId: 'acme' }));
    expect(await outcome(stranger.send(put(document(DENY_ALL))))).toBe('AccessDenied');
  });
});

test('a revocation cuts off the old sessions of one tenant, and no others', async () => {
  const tenant = (TenantId: string) => doors.open(TENANT_ROLE_ARN, { TenantId });
  const old = tenant('acme');
  const globex = tenant('globex');
  await write(old, 'acme');
  await write(globex, 'globex');
  expect(await reach(old, 'acme')).toEqual(['done', 'done']);

  aheadSeconds = 2;
  const before = `${clock().toISOString().slice(0, 19)}Z`;
  aheadSeconds = 4;
  const fresh = tenant('acme');
  const statement = renderRevocation({ tenantId: parseTenantId('acme'), before }, { isShared: true });
  await iam.send(put(document(statement)));

  expect(await reach(old, 'acme')).toEqual(['AccessDenied', 'AccessDeniedException']);
  expect(await reach(globex, 'globex')).toEqual(['done', 'done']);
  expect(await reach(fresh, 'acme')).toEqual(['done', 'done']);

  await iam.send(new DeleteRolePolicyCommand(POLICY));
  expect(await reach(old, 'acme')).toEqual(['done', 'done']);
});

test('whatever is put on the tenant role, its boundary keeps tenants apart', async () => {
  await write(doors.open(TENANT_ROLE_ARN, { TenantId: 'globex' }), 'globex');
  await iam.send(put(document({ Effect: 'Allow', Action: '*', Resource: '*' })));
  const acme = doors.open(TENANT_ROLE_ARN, { TenantId: 'acme' });
  expect(await reach(acme, 'globex')).toEqual(['AccessDenied', 'AccessDeniedException']);
});

const s3Of = ({ credentials }: Session) => new S3Client({ ...common, endpoint: doors.s3, credentials });

async function write(session: Session, tenantId: string): Promise<void> {
  const Key = `${tenantId}/a`;
  await s3Of(session).send(new PutObjectCommand({ Bucket: DATA_BUCKET, Key, Body: 'x' }));
}

function reach(session: Session, tenantId: string): Promise<readonly string[]> {
  const dynamodb = new DynamoDBClient({
    ...common,
    endpoint: doors.dynamodb,
    credentials: session.credentials,
  });
  const Key = { pk: { S: tenantId }, sk: { S: 'a' } };
  return Promise.all([
    outcome(s3Of(session).send(new GetObjectCommand({ Bucket: DATA_BUCKET, Key: `${tenantId}/a` }))),
    outcome(dynamodb.send(new GetItemCommand({ TableName: DATA_TABLE, Key }))),
  ]);
}
