import { ExecuteStatementCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TemporarySession } from '../../local/aws/session.ts';
import { get, inTable, NUMBERS, outcomeOf, put, query, startDynamoDb } from './dynamodb-client.ts';
import { ACCOUNT, createSession, TABLE, TABLE_ARN } from './tenant-session.ts';

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let acmeSession: TemporarySession;
let acme: DynamoDBDocumentClient;
let globex: DynamoDBDocumentClient;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  acmeSession = dynamoDb.open(createSession());
  acme = dynamoDb.clientOf(acmeSession);
  globex = dynamoDb.clientOf(dynamoDb.open(createSession({ tenantId: 'globex' })));
  await put(acme, 'acme');
  for (const sort of ['1', '2', '3']) await put(globex, 'globex', sort);
});
afterAll(() => dynamoDb.close());

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
      'a transaction with one foreign item',
      () =>
        acme.send(
          new TransactWriteCommand({
            TransactItems: [own, foreign].map((Item) => ({ Put: { TableName: TABLE, Item } })),
          }),
        ),
      'AccessDeniedException',
    ],
    [
      'a transaction that reads',
      () => acme.send(new TransactGetCommand({ TransactItems: [{ Get: { TableName: TABLE, Key: own } }] })),
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

  test.each<[string, () => TemporarySession, string]>([
    [
      'a wrong secret',
      () => ({ ...acmeSession, credentials: { ...acmeSession.credentials, secretAccessKey: 'not-it' } }),
      'InvalidSignatureException',
    ],
    ['credentials nobody gave out', () => createSession(), 'UnrecognizedClientException'],
    [
      'expired credentials',
      () => {
        const session = dynamoDb.open(createSession({ now: new Date(Date.now() - 3_600_000) }));
        return {
          ...session,
          credentials: { ...session.credentials, expiration: new Date(Date.now() + 3_600_000) },
        };
      },
      'ExpiredTokenException',
    ],
    [
      'a session of another account',
      () => dynamoDb.open(createSession({ account: '444455556666' })),
      'AccessDeniedException',
    ],
  ])('with %s', async (_, session, outcome) => {
    expect(await outcomeOf(get(dynamoDb.clientOf(session()), 'acme'))).toBe(outcome);
  });

  test("in AWS's words", async () => {
    await expect(acme.send(new ScanCommand(inTable({})))).rejects.toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-session is not authorized to perform: dynamodb:Scan on resource: ${TABLE_ARN} because no identity-based policy allows the dynamodb:Scan action`,
    );
  });
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
  expect(await outcomeOf(get(dynamoDb.clientOf(dynamoDb.open(createSession({ rolePolicy }))), 'acme'))).toBe(
    'AccessDeniedException',
  );
  expect(dynamoDb.logged.at(-1)).toContain('dynamodb:Attributes');
});
