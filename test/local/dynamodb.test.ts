import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dynalite, startDynalite } from '../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDb } from '../../local/aws/dynamodb.ts';
import type { Session, Sessions } from '../../local/aws/session.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { signRequest } from './sign-request.ts';
import { ACCOUNT, createSession, REGION, TABLE, TABLE_ARN } from './tenant-session.ts';

const ANYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }],
};
const NUMBERS = 'numbered-items';

const sessions: Sessions = new Map();
const logged: string[] = [];
let dynalite: Dynalite;
let door: ServedDoor;
let acmeSession: Session;
let acme: DynamoDBDocumentClient;
let globex: DynamoDBDocumentClient;
let operator: DynamoDBDocumentClient;

function open(session: Session): Session {
  sessions.set(session.credentials.accessKeyId, session);
  return session;
}

function clientOf({ credentials }: Session, config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    credentials,
    endpoint: door.endpoint,
    region: REGION,
    maxAttempts: 1,
    ...config,
  });
  return DynamoDBDocumentClient.from(client);
}

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof DynamoDBServiceException) return error.name;
    throw error;
  }
}

const inTable = <Input extends object>(input: Input) => ({ TableName: TABLE, ...input });
const get = (client: DynamoDBDocumentClient, id: string, sort = '1') =>
  client.send(new GetCommand(inTable({ Key: { id, sort } })));
const put = (client: DynamoDBDocumentClient, id: string, sort = '1') =>
  client.send(new PutCommand(inTable({ Item: { id, sort, owner: id, text: 'x' } })));
const query = (client: DynamoDBDocumentClient, input: Partial<QueryCommandInput>) =>
  client.send(new QueryCommand(inTable(input)));

beforeAll(async () => {
  dynalite = await startDynalite();
  door = await serveDoor(
    createDynamoDb({
      account: ACCOUNT,
      region: REGION,
      dynalite,
      sessions,
      clock: () => new Date(),
      log: (message) => logged.push(message),
    }),
  );
  acmeSession = open(createSession());
  acme = clientOf(acmeSession);
  globex = clientOf(open(createSession({ tenantId: 'globex' })));
  operator = clientOf(open(createSession({ tenantId: 'operator', rolePolicy: ANYTHING })));
  await operator.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'sort', 'owner'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'sort', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  await operator.send(
    new CreateTableCommand({
      TableName: NUMBERS,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  for (const client of [acme, globex]) {
    const id = client === acme ? 'acme' : 'globex';
    for (const sort of ['1', '2', '3']) await put(client, id, sort);
  }
});
afterAll(async () => {
  await door.close();
  await dynalite.close();
});

describe('a tenant opens its own items', () => {
  test('one by one', async () => {
    await put(acme, 'acme#orders');
    expect((await get(acme, 'acme#orders')).Item).toMatchObject({ text: 'x' });
    const update = {
      Key: { id: 'acme#orders', sort: '1' },
      UpdateExpression: 'SET #t = :t',
      ExpressionAttributeNames: { '#t': 'text' },
      ExpressionAttributeValues: { ':t': 'ü\u{1F511}' },
      ReturnValues: 'ALL_NEW' as const,
    };
    expect((await acme.send(new UpdateCommand(inTable(update)))).Attributes?.['text']).toBe('ü\u{1F511}');
    await acme.send(new DeleteCommand(inTable({ Key: { id: 'acme#orders', sort: '1' } })));
    expect((await get(acme, 'acme#orders')).Item).toBeUndefined();
  });

  test('in batches', async () => {
    const Keys = ['1', '2'].map((sort) => ({ id: 'acme#batch', sort }));
    await acme.send(
      new BatchWriteCommand({
        RequestItems: { [TABLE]: Keys.map((key) => ({ PutRequest: { Item: key } })) },
      }),
    );
    const found = await acme.send(new BatchGetCommand({ RequestItems: { [TABLE]: { Keys } } }));
    expect(found.Responses?.[TABLE]).toHaveLength(2);
    await acme.send(
      new BatchWriteCommand({ RequestItems: { [TABLE]: Keys.map((Key) => ({ DeleteRequest: { Key } })) } }),
    );
  });

  const values = { ':id': 'acme', ':a': '1', ':b': '2' };
  const named = { ExpressionAttributeNames: { '#id': 'id', '#s': 'sort' } };
  test.each<[string, Partial<QueryCommandInput>, number]>([
    ['id = :id', { ExpressionAttributeValues: { ':id': 'acme' } }, 3],
    [':id = id', { ExpressionAttributeValues: { ':id': 'acme' } }, 3],
    ['( id = :id )', { ExpressionAttributeValues: { ':id': 'acme' } }, 3],
    ['#id=:id AND #s=:a', { ...named, ExpressionAttributeValues: { ':id': 'acme', ':a': '1' } }, 1],
    ['#s > :a and #id = :id', { ...named, ExpressionAttributeValues: { ':id': 'acme', ':a': '1' } }, 2],
    ['((#s BETWEEN :a AND :b) AND (:id = #id))', { ...named, ExpressionAttributeValues: values }, 2],
    [
      'begins_with(#s, :a) AND #id = :id',
      { ...named, ExpressionAttributeValues: { ':id': 'acme', ':a': '1' } },
      1,
    ],
  ])('by %s', async (KeyConditionExpression, input, count) => {
    expect((await query(acme, { KeyConditionExpression, ...input })).Count).toBe(count);
  });

  test('by legacy KeyConditions, page by page', async () => {
    const KeyConditions = { id: { ComparisonOperator: 'EQ' as const, AttributeValueList: ['acme'] } };
    const first = await query(acme, { KeyConditions, Limit: 2 });
    const ExclusiveStartKey = first.LastEvaluatedKey;
    const second = await query(acme, { KeyConditions, ExclusiveStartKey });
    expect([first.Count, second.Count]).toEqual([2, 1]);
  });

  test("by an index's own key", async () => {
    const found = await query(acme, {
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': 'acme' },
    });
    expect(found.Count).toBe(3);
  });

  test('and the table itself', async () => {
    expect((await acme.send(new DescribeTableCommand({ TableName: TABLE }))).Table?.TableName).toBe(TABLE);
  });
});

describe('a tenant is refused', () => {
  const byId = (id: string) => ({
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: { ':id': id },
  });
  const own = { id: 'acme', sort: '1' };
  const foreign = { id: 'globex', sort: '1' };
  const values = { ':own': 'acme', ':id': 'globex' };

  test.each<[string, () => Promise<unknown>, string]>([
    ["another's item, get", () => get(acme, 'globex'), 'AccessDeniedException'],
    ["another's item, put", () => put(acme, 'globex'), 'AccessDeniedException'],
    [
      "another's item, update",
      () =>
        acme.send(
          new UpdateCommand(
            inTable({
              Key: foreign,
              UpdateExpression: 'REMOVE #t',
              ExpressionAttributeNames: { '#t': 'text' },
            }),
          ),
        ),
      'AccessDeniedException',
    ],
    [
      "another's item, delete",
      () => acme.send(new DeleteCommand(inTable({ Key: foreign }))),
      'AccessDeniedException',
    ],
    ['an id that begins the same', () => get(acme, 'acme2'), 'AccessDeniedException'],
    ['an id in another case', () => get(acme, 'ACME'), 'AccessDeniedException'],
    ['a scan', () => acme.send(new ScanCommand(inTable({}))), 'AccessDeniedException'],
    [
      'a scan of an index',
      () => acme.send(new ScanCommand(inTable({ IndexName: 'by-owner' }))),
      'AccessDeniedException',
    ],
    ["a query of another's", () => query(acme, byId('globex')), 'AccessDeniedException'],
    [
      "a query of another's, reversed",
      () => query(acme, { ...byId('globex'), KeyConditionExpression: ':id = id' }),
      'AccessDeniedException',
    ],
    [
      "a query of another's, by a name",
      () =>
        query(acme, {
          KeyConditionExpression: '#id = :id',
          ExpressionAttributeNames: { '#id': 'id' },
          ExpressionAttributeValues: { ':id': 'globex' },
        }),
      'AccessDeniedException',
    ],
    [
      "a query of another's, legacy",
      () =>
        query(acme, { KeyConditions: { id: { ComparisonOperator: 'EQ', AttributeValueList: ['globex'] } } }),
      'AccessDeniedException',
    ],
    [
      "a query of another's on an index",
      () =>
        query(acme, {
          IndexName: 'by-owner',
          KeyConditionExpression: '#o = :id',
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: { ':id': 'globex' },
        }),
      'AccessDeniedException',
    ],
    [
      'a query of its own and another',
      () =>
        query(acme, { KeyConditionExpression: 'id = :own AND id = :id', ExpressionAttributeValues: values }),
      'ValidationException',
    ],
    [
      'a query of its own or another',
      () =>
        query(acme, { KeyConditionExpression: 'id = :own OR id = :id', ExpressionAttributeValues: values }),
      'ValidationException',
    ],
    [
      'a query of all above its own',
      () =>
        query(acme, { KeyConditionExpression: 'id >= :id', ExpressionAttributeValues: { ':id': 'acme' } }),
      'ValidationException',
    ],
    [
      "a query that goes on in another's",
      () => query(acme, { ...byId('acme'), ExclusiveStartKey: foreign }),
      'ValidationException',
    ],
    [
      'a query by two kinds of condition',
      () =>
        query(acme, {
          ...byId('globex'),
          KeyConditions: { id: { ComparisonOperator: 'EQ', AttributeValueList: ['acme'] } },
        }),
      'ValidationException',
    ],
    [
      'a batch read with one foreign key',
      () => acme.send(new BatchGetCommand({ RequestItems: { [TABLE]: { Keys: [own, foreign] } } })),
      'AccessDeniedException',
    ],
    [
      'a batch write with one foreign item',
      () =>
        acme.send(
          new BatchWriteCommand({
            RequestItems: { [TABLE]: [{ PutRequest: { Item: own } }, { PutRequest: { Item: foreign } }] },
          }),
        ),
      'AccessDeniedException',
    ],
    [
      'a batch write with one foreign key',
      () =>
        acme.send(
          new BatchWriteCommand({ RequestItems: { [TABLE]: [{ DeleteRequest: { Key: foreign } }] } }),
        ),
      'AccessDeniedException',
    ],
    [
      'a batch over another table',
      () =>
        acme.send(
          new BatchGetCommand({
            RequestItems: { [TABLE]: { Keys: [own] }, [NUMBERS]: { Keys: [{ id: 1 }] } },
          }),
        ),
      'AccessDeniedException',
    ],
    [
      'a table by its ARN',
      () => acme.send(new GetCommand({ TableName: TABLE_ARN, Key: own })),
      'ValidationException',
    ],
    [
      'a table that is not there',
      () => acme.send(new GetCommand({ TableName: 'elsewhere', Key: own })),
      'AccessDeniedException',
    ],
    ['the list of tables', () => acme.send(new ListTablesCommand({})), 'AccessDeniedException'],
    [
      'a transaction',
      () =>
        acme.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: TABLE, Item: own } }] })),
      'UnknownOperationException',
    ],
    [
      'PartiQL',
      () => acme.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TABLE}"` })),
      'UnknownOperationException',
    ],
    [
      'a parameter that dynalite would drop',
      () =>
        acme.send(
          new PutCommand(inTable({ Item: own, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const })),
        ),
      'ValidationException',
    ],
  ])('%s', async (_, work, outcome) => {
    expect(await outcomeOf(work())).toBe(outcome);
    expect((await query(globex, byId('globex'))).Count).toBe(3);
  });

  test.each<[string, () => Session, string]>([
    [
      'a wrong secret',
      () => ({ ...acmeSession, credentials: { ...acmeSession.credentials, secretAccessKey: 'not-it' } }),
      'InvalidSignatureException',
    ],
    ['credentials nobody gave out', () => createSession(), 'UnrecognizedClientException'],
    [
      'expired credentials',
      () => {
        const session = open(createSession({ now: new Date(Date.now() - 3_600_000) }));
        return {
          ...session,
          credentials: { ...session.credentials, expiration: new Date(Date.now() + 3_600_000) },
        };
      },
      'ExpiredTokenException',
    ],
    [
      'a session of another account',
      () => open(createSession({ account: '444455556666' })),
      'AccessDeniedException',
    ],
  ])('with %s', async (_, session, outcome) => {
    expect(await outcomeOf(get(clientOf(session()), 'acme'))).toBe(outcome);
  });

  test("in AWS's words", async () => {
    await expect(acme.send(new ScanCommand(inTable({})))).rejects.toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-session is not authorized to perform: dynamodb:Scan on resource: ${TABLE_ARN} because no identity-based policy allows the dynamodb:Scan action`,
    );
  });
});

/** What no SDK would send, signed all the same. */
describe('a body that could be read in two ways', () => {
  async function send(operation: string, body: string): Promise<string> {
    const { host } = new URL(door.endpoint);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const signed = await signRequest(acmeSession, { body, headers });
    signed.headers.delete('host');
    const response = await fetch(door.endpoint, { method: 'POST', headers: signed.headers, body });
    const answer = (await response.json()) as { __type?: string };
    return answer.__type?.split('#').at(-1) ?? JSON.stringify(answer);
  }
  const key = (id: string) => `{"id":{"S":"${id}"},"sort":{"S":"1"}}`;

  test.each<[string, string, string, string]>([
    [
      'a member twice, its own last',
      'GetItem',
      `{"TableName":"${TABLE}","Key":${key('globex')},"Key":${key('acme')}}`,
      '{"Item":{"id":{"S":"acme"},"sort":{"S":"1"},"owner":{"S":"acme"},"text":{"S":"x"}}}',
    ],
    [
      "a member twice, another's last",
      'GetItem',
      `{"TableName":"${TABLE}","Key":${key('acme')},"Key":${key('globex')}}`,
      'AccessDeniedException',
    ],
    [
      'a value of two types',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"id":{"S":"acme","N":"1"},"sort":{"S":"1"}}}`,
      'ValidationException',
    ],
    [
      'a value of one type and null',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"id":{"S":"acme","N":null},"sort":{"S":"1"}}}`,
      'ValidationException',
    ],
    [
      'a value of another type',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"id":{"B":"YWNtZQ=="},"sort":{"S":"1"}}}`,
      'ValidationException',
    ],
    [
      'a value that is no string',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"id":{"S":["acme"]},"sort":{"S":"1"}}}`,
      'ValidationException',
    ],
    [
      '__proto__',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"__proto__":${key('globex')},"sort":{"S":"1"}}}`,
      'SerializationException',
    ],
    [
      'a lone surrogate',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"id":{"S":"acme#\\ud800"},"sort":{"S":"1"}}}`,
      'SerializationException',
    ],
    [
      'no partition key',
      'GetItem',
      `{"TableName":"${TABLE}","Key":{"sort":{"S":"1"}}}`,
      'ValidationException',
    ],
    ['a list', 'GetItem', '[]', 'SerializationException'],
    ['null', 'GetItem', 'null', 'SerializationException'],
    ['nothing', 'GetItem', '', 'SerializationException'],
    [
      'a table name in a list',
      'GetItem',
      `{"TableName":["${TABLE}"],"Key":${key('acme')}}`,
      'SerializationException',
    ],
    [
      '100 lists in one another',
      'GetItem',
      `{"TableName":"${TABLE}","Key":${'['.repeat(100)}${']'.repeat(100)}}`,
      'ValidationException',
    ],
    [
      'a put that is also a delete',
      'BatchWriteItem',
      `{"RequestItems":{"${TABLE}":[{"PutRequest":{"Item":${key('acme')}},"DeleteRequest":{"Key":${key('globex')}}}]}}`,
      'ValidationException',
    ],
    [
      'an operation in another case',
      'getItem',
      `{"TableName":"${TABLE}","Key":${key('acme')}}`,
      'UnknownOperationException',
    ],
    ['an operation of every object', 'constructor', '{}', 'UnknownOperationException'],
  ])('%s', async (_, operation, body, answer) => {
    expect(await send(operation, body)).toBe(answer);
  });
});

test.each(['1.0', '01', '1e0', '+1', '-0', '1.', '.5', ''])(
  'the number %o is refused as a key, for a number has one spelling',
  async (N) => {
    const get = new GetItemCommand({ TableName: NUMBERS, Key: { id: { N } } });
    expect(await outcomeOf(operator.send(get))).toBe('ValidationException');
  },
);

test.each(['0', '1', '-1', '10', '0.5', '-0.05', '12.34'])('the number %o is a key', async (N) => {
  const get = new GetItemCommand({ TableName: NUMBERS, Key: { id: { N } } });
  expect(await outcomeOf(operator.send(get))).toBe('done');
});

test('a condition key that is not known refuses, with a line in the log', async () => {
  const rolePolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id'] } },
      },
    ],
  };
  expect(await outcomeOf(get(clientOf(open(createSession({ rolePolicy }))), 'acme'))).toBe(
    'AccessDeniedException',
  );
  expect(logged.at(-1)).toContain('dynamodb:Attributes');
});
