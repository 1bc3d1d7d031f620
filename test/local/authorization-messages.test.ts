import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AuthorizationFailure,
  type AuthorizationMessages,
  createAuthorizationMessages,
  describeFailure,
} from '../../local/aws/authorization-messages.ts';
import type { Door } from '../../local/aws/door.ts';
import { type Dynalite, startDynalite } from '../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../local/aws/dynamodb.ts';
import { createKmsDoor } from '../../local/aws/kms.ts';
import { createS3Door } from '../../local/aws/s3.ts';
import type { Session } from '../../local/aws/session.ts';
import { createStsDoor } from '../../local/aws/sts.ts';
import { allowing, outcomeOf } from './local-events.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { ACCOUNT, BUCKET, createSession, REGION, type SessionOptions, TABLE_ARN } from './tenant-session.ts';

/** Where doors know nothing of messages. */
const SILENT_REGION = 'eu-west-1';
const ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-session`;
const MAY_DECODE = allowing({ Action: 'sts:DecodeAuthorizationMessage', Resource: '*' });

const sessions = new Map<string, Session>();
const logged: string[] = [];
const messages = createAuthorizationMessages();
let dynalite: Dynalite;
let served: ServedDoor;

function doorsIn(region: string, encoding: AuthorizationMessages | undefined): Record<string, Door> {
  const log = (message: string) => void logged.push(message);
  const clock = () => new Date();
  const common = { account: ACCOUNT, region, sessions, clock, log, messages: encoding };
  const none = { roles: new Map(), managedPolicies: new Map() };
  return {
    [`${region}/s3`]: createS3Door({ ...common, bucketNames: [BUCKET] }),
    [`${region}/dynamodb`]: createDynamoDbDoor({ ...common, dynalite }),
    [`${region}/kms`]: createKmsDoor({ ...common, keys: [] }),
    [`${region}/sts`]: createStsDoor({ ...common, ...none }),
  };
}

beforeAll(async () => {
  dynalite = await startDynalite();
  const doors = { ...doorsIn(REGION, messages), ...doorsIn(SILENT_REGION, undefined) };
  // All at one address: a request says in its signature where it is for.
  served = await serveDoor((request, bindings) => {
    const [, place = ''] =
      /\/([\w-]+\/\w+)\/aws4_request/.exec(request.headers.get('authorization') ?? '') ?? [];
    const door = doors[place];
    if (door === undefined) throw new Error(`no door at ${place}`);
    return door(request, bindings);
  });
});
afterAll(async () => {
  await served.close();
  await dynalite.close();
});

function configOf(options: SessionOptions = {}, region = REGION) {
  const session = createSession(options);
  sessions.set(session.credentials.accessKeyId, session);
  const { credentials } = session;
  return { region, endpoint: served.endpoint, credentials, maxAttempts: 1 };
}

const getObject = (Key = 'globex/a', options: SessionOptions = {}, region = REGION) =>
  new S3Client({ ...configOf(options, region), forcePathStyle: true }).send(
    new GetObjectCommand({ Bucket: BUCKET, Key }),
  );
const getItem = (region = REGION) =>
  new DynamoDBClient(configOf({}, region)).send(
    new GetItemCommand({ TableName: 'tenant-items', Key: { id: { S: 'globex' }, sort: { S: '1' } } }),
  );
const sign = (region = REGION) =>
  new KMSClient(configOf({}, region)).send(
    new SignCommand({ KeyId: 'none', Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_384' }),
  );

interface Refused {
  readonly name: string;
  readonly message: string;
  readonly EncodedAuthorizationMessage?: string;
}

const refusalOf = (work: Promise<unknown>): Promise<Refused> =>
  work.then(
    () => Promise.reject(new Error('was not refused')),
    (error: Refused) => error,
  );

const decode = (EncodedMessage: string | undefined, options: SessionOptions = { rolePolicy: MAY_DECODE }) =>
  new STSClient(configOf(options)).send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));

async function failureOf(work: Promise<unknown>): Promise<AuthorizationFailure> {
  const { EncodedAuthorizationMessage } = await refusalOf(work);
  return JSON.parse((await decode(EncodedAuthorizationMessage)).DecodedMessage ?? '');
}

const valuesOf = ({ context }: AuthorizationFailure, wanted: string) =>
  context.conditions.items.find(({ key }) => key === wanted)?.values.items.map(({ value }) => value);

describe('a denial', () => {
  test.each([
    ['S3', getObject, 's3:GetObject', `arn:aws:s3:::${BUCKET}/globex/a`, 'AccessDenied'],
    ['DynamoDB', getItem, 'dynamodb:GetItem', TABLE_ARN, 'AccessDeniedException'],
    [
      'a door in JSON',
      sign,
      'kms:Sign',
      `arn:aws:kms:${REGION}:${ACCOUNT}:key/none`,
      'AccessDeniedException',
    ],
  ] as const)(
    'of %s says what AWS says, and carries what STS decodes',
    async (_where, ask, action, resource, code) => {
      const refusal = await refusalOf(ask());
      expect(refusal.name).toBe(code);
      expect(refusal.message).toContain(`User: ${ARN} is not authorized to perform: ${action} on resource: `);
      expect(refusal.message).not.toContain(refusal.EncodedAuthorizationMessage);
      const { DecodedMessage } = await decode(refusal.EncodedAuthorizationMessage);
      expect(JSON.parse(DecodedMessage ?? '')).toEqual({
        allowed: false,
        explicitDeny: false,
        matchedStatements: { items: [] },
        failures: { items: [] },
        context: {
          principal: { id: 'AROAEXAMPLE:acme-session', arn: ARN },
          action,
          resource,
          conditions: { items: expect.any(Array) },
        },
      });
    },
  );

  test('tells the condition keys of the request', async () => {
    const failure = await failureOf(getObject());
    expect(valuesOf(failure, 'aws:PrincipalTag/TenantId')).toEqual(['acme']);
    expect(valuesOf(failure, 's3:signatureversion')).toEqual(['AWS4-HMAC-SHA256']);
    // What is absent has no value.
    expect(valuesOf(failure, 's3:prefix')).toBeUndefined();
  });

  test('tells the statements that denied, by their Sid', async () => {
    const deny = (more: object) => ({ Effect: 'Deny', Action: 's3:*', Resource: '*', ...more });
    const Statement = [deny({ Sid: 'NoBuckets' }), deny({}), deny({ Sid: 'Other', Action: 'sqs:*' })];
    const failure = await failureOf(
      getObject('acme/a', { sessionPolicy: { Version: '2012-10-17', Statement } }),
    );
    expect(failure.explicitDeny).toBe(true);
    const principals = { items: [{ value: 'AROAEXAMPLE' }] };
    expect(failure.matchedStatements.items).toEqual([
      { statementId: 'NoBuckets', effect: 'DENY', principals },
      { statementId: '', effect: 'DENY', principals },
    ]);
  });

  test('brings back every character of what was asked for', async () => {
    const key = 'globex/<&">\' ü\u{1f600}\t\u0001';
    expect((await failureOf(getObject(key))).context.resource).toBe(`arn:aws:s3:::${BUCKET}/${key}`);
  });

  test.each([
    ['S3', () => getObject('globex/a', {}, SILENT_REGION)],
    ['DynamoDB', () => getItem(SILENT_REGION)],
    ['a door in JSON', () => sign(SILENT_REGION)],
  ])('of %s without messages carries none', async (_where, ask) => {
    const refusal = await refusalOf(ask());
    expect(refusal.message).toContain('is not authorized to perform');
    expect(refusal).not.toHaveProperty('EncodedAuthorizationMessage');
  });

  test('alone carries one', async () => {
    const rolePolicy = allowing({ Action: 's3:*', Resource: '*' });
    const refusal = await refusalOf(getObject('globex/a', { rolePolicy }));
    expect(refusal.name).toBe('NoSuchKey');
    expect(refusal).not.toHaveProperty('EncodedAuthorizationMessage');
  });
});

describe('DecodeAuthorizationMessage', () => {
  const failure = describeFailure({
    session: createSession(),
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::a/b',
    values: {},
    denies: [],
  });
  const encoded = messages.encode(failure) ?? '';
  const changedAt = (index: number) => {
    const at = index < 0 ? encoded.length + index : index;
    return `${encoded.slice(0, at)}${encoded[at] === 'A' ? 'B' : 'A'}${encoded.slice(at + 1)}`;
  };

  test('takes the message as it is', async () => {
    expect((await decode(encoded)).DecodedMessage).toBe(JSON.stringify(failure));
  });

  test.each([
    ['with another iv', changedAt(0)],
    ['with other content', changedAt(100)],
    ['with another tag', changedAt(-4)],
    ['with a line break', `${encoded.slice(0, 60)}\n${encoded.slice(60)}`],
    ['padded', `${encoded}=`],
    ['cut off', encoded.slice(0, -4)],
    ['too short to be one', 'AAAA'],
    ['of another account of that number', createAuthorizationMessages().encode(failure)],
  ])('does not open a message %s', async (_what, message) => {
    expect(message).not.toBe(encoded);
    expect(await outcomeOf(decode(message))).toBe('InvalidAuthorizationMessageException');
  });

  test('opens nothing of another account', async () => {
    const other = { account: '444455556666', rolePolicy: MAY_DECODE };
    expect(await outcomeOf(decode(encoded, other))).toBe('InvalidAuthorizationMessageException');
    const own = messages.encode(
      describeFailure({ ...failure.context, session: createSession(other), values: {}, denies: [] }),
    );
    expect(await outcomeOf(decode(own, other))).toBe('done');
    expect(await outcomeOf(decode(own))).toBe('InvalidAuthorizationMessageException');
  });

  test('opens nothing where no message is made', async () => {
    const sts = new STSClient(configOf({ rolePolicy: MAY_DECODE }, SILENT_REGION));
    const command = new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded });
    expect(await outcomeOf(sts.send(command))).toBe('InvalidAuthorizationMessageException');
  });

  test.each([
    ['nothing that allows it', allowing({ Action: 'sts:AssumeRole', Resource: '*' })],
    ['an Allow on some resource', allowing({ Action: 'sts:*', Resource: `arn:aws:iam::${ACCOUNT}:*` })],
  ])('takes the permission on everything: not %s', async (_what, rolePolicy) => {
    logged.length = 0;
    const action = 'sts:DecodeAuthorizationMessage';
    expect(await refusalOf(decode(encoded, { rolePolicy }))).toMatchObject({
      name: 'AccessDenied',
      message: `User: ${ARN} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
    });
    expect(logged).toEqual([expect.stringContaining('implicitly denied')]);
  });

  test.each([
    [0, 'ValidationError'],
    [10_240, 'InvalidAuthorizationMessageException'],
    [10_241, 'ValidationError'],
  ])('of %i characters: %s', async (length, code) => {
    expect(await outcomeOf(decode('A'.repeat(length)))).toBe(code);
  });

  test('with a parameter that it does not have is not done without it', async () => {
    const sts = new STSClient(configOf({ rolePolicy: MAY_DECODE }));
    sts.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body += '&Language=de';
        return next(args);
      },
      { step: 'serialize', priority: 'low' },
    );
    const command = new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded });
    expect(await outcomeOf(sts.send(command))).toBe('NotImplemented');
  });
});

describe('a failure', () => {
  const failureWith = (resource: string) =>
    describeFailure({ session: createSession(), action: 's3:GetObject', resource, values: {}, denies: [] });

  test('that is longer than STS takes is not encoded', () => {
    // Beside the content, 12 bytes of iv and 16 of tag; four characters of base64 a three bytes.
    const room = (10_240 / 4) * 3 - 28 - JSON.stringify(failureWith('')).length;
    const filled = failureWith('x'.repeat(room));
    const encoded = messages.encode(filled) ?? '';
    expect(encoded).toHaveLength(10_240);
    expect(messages.decode(encoded)).toEqual(filled);
    expect(messages.encode(failureWith('x'.repeat(room + 1)))).toBeUndefined();
  });

  test('is never encoded the same twice', () => {
    expect(messages.encode(failureWith('x'))).not.toBe(messages.encode(failureWith('x')));
  });

  test.each([
    [`arn:aws:iam::${ACCOUNT}:user/backup`, { name: 'backup' }],
    [`arn:aws:iam::${ACCOUNT}:user/machines/backup`, { name: 'backup' }],
    [`arn:aws:sts::${ACCOUNT}:federated-user/acme`, {}],
    [ARN, {}],
  ])('of %s tells the name of an IAM user alone', (arn, name) => {
    const session: Session = { ...createSession(), arn, userId: 'ID' };
    const { context } = describeFailure({ session, action: 'a:B', resource: '*', values: {}, denies: [] });
    expect(context.principal).toEqual({ id: 'ID', arn, ...name });
  });

  test('tells every value of a key that has one', () => {
    const values = { one: 'a', several: ['a', 'b'], none: [], absent: undefined };
    const session = createSession();
    const { context } = describeFailure({ session, action: 'a:B', resource: '*', values, denies: [] });
    expect(context.conditions.items).toEqual([
      { key: 'one', values: { items: [{ value: 'a' }] } },
      { key: 'several', values: { items: [{ value: 'a' }, { value: 'b' }] } },
    ]);
  });
});
