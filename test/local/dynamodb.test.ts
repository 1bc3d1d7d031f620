import { DescribeTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, inTable, NUMBERS, outcomeOf, put, query, startDynamoDb } from './dynamodb-client.ts';
import { createSession, TABLE } from './tenant-session.ts';

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let acme: DynamoDBDocumentClient;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  acme = dynamoDb.clientOf(dynamoDb.open(createSession()));
  for (const sort of ['1', '2', '3']) await put(acme, 'acme', sort);
});
afterAll(() => dynamoDb.close());

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

test.each(['1.0', '01', '1e0', '+1', '-0', '1.', '.5', ''])(
  'the number %o is refused as a key, for a number has one spelling',
  async (N) => {
    const get = new GetItemCommand({ TableName: NUMBERS, Key: { id: { N } } });
    expect(await outcomeOf(dynamoDb.operator.send(get))).toBe('ValidationException');
  },
);

test.each(['0', '1', '-1', '10', '0.5', '-0.05', '12.34'])('the number %o is a key', async (N) => {
  const get = new GetItemCommand({ TableName: NUMBERS, Key: { id: { N } } });
  expect(await outcomeOf(dynamoDb.operator.send(get))).toBe('done');
});

test('a table that is not there is told of to whoever may open it', async () => {
  const get = new GetItemCommand({ TableName: 'elsewhere', Key: { id: { N: '1' } } });
  expect(await outcomeOf(dynamoDb.operator.send(get))).toBe('ResourceNotFoundException');
});
