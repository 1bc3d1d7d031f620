import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { get, NUMBERS, outcomeOf, put, query, startDynamoDb } from './dynamodb-client.ts';
import { createSession, TABLE, TABLE_ARN } from './tenant-session.ts';

type Part = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let acme: DynamoDBDocumentClient;
/** A partition of its own for every test. */
let id: string;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  acme = dynamoDb.clientOf(dynamoDb.open(createSession()));
});
afterAll(() => dynamoDb.close());
beforeEach(() => {
  id = `acme#${randomUUID()}`;
});

const transact = (
  TransactItems: readonly Part[],
  client = acme,
  more: Partial<TransactWriteCommandInput> = {},
) => client.send(new TransactWriteCommand({ TransactItems: [...TransactItems], ...more }));

const putPart = (sort: string, more: object = {}, text = 'new'): Part => ({
  Put: { TableName: TABLE, Item: { id, sort, owner: id, text }, ...more },
});
const key = (sort: string) => ({ TableName: TABLE, Key: { id, sort } });
const updatePart = (sort: string, more: object = {}): Part => ({
  Update: {
    ...key(sort),
    UpdateExpression: 'SET #t = :t',
    ExpressionAttributeNames: { '#t': 'text' },
    ExpressionAttributeValues: { ':t': 'new' },
    ...more,
  },
});
const deletePart = (sort: string, more: object = {}): Part => ({ Delete: { ...key(sort), ...more } });
const checkPart = (sort: string, ConditionExpression: string, more: object = {}): Part => ({
  ConditionCheck: { ...key(sort), ConditionExpression, ...more },
});

/** `sort=text` of every item in the test's partition. */
const texts = async () =>
  (
    await query(acme, { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': id } })
  ).Items?.map(({ sort, text }) => `${sort}=${text}`);

/** The codes of the cancellation, or what else became of it. */
const codesOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => {
      if (!(error instanceof TransactionCanceledException)) return error.name;
      return error.CancellationReasons?.map(({ Code }) => Code).join(' ');
    },
  );

const PRESENT = 'attribute_exists(id)';
const ABSENT = 'attribute_not_exists(id)';

describe('a transaction', () => {
  /** By one who may do anything, checks as well. */
  const transactAll = (parts: readonly Part[]) => transact(parts, dynamoDb.operator);

  beforeEach(async () => {
    for (const sort of ['1', '2', '3']) await put(acme, id, sort);
  });

  it('does every part', async () => {
    await transactAll([
      putPart('0', { ConditionExpression: ABSENT }),
      updatePart('1', { ConditionExpression: PRESENT }),
      deletePart('2', { ConditionExpression: PRESENT }),
      checkPart('3', PRESENT),
      checkPart('4', ABSENT),
      updatePart('5'),
    ]);
    expect(await texts()).toEqual(['0=new', '1=new', '3=x', '5=new']);
  });

  test.each<[string, () => Part, string]>([
    ['a put', () => putPart('3', { ConditionExpression: ABSENT }), 'ConditionalCheckFailed'],
    ['a put of nothing', () => putPart('4', { ConditionExpression: PRESENT }), 'ConditionalCheckFailed'],
    ['an update', () => updatePart('4', { ConditionExpression: PRESENT }), 'ConditionalCheckFailed'],
    ['a deletion', () => deletePart('4', { ConditionExpression: PRESENT }), 'ConditionalCheckFailed'],
    ['a check of what is there', () => checkPart('3', ABSENT), 'ConditionalCheckFailed'],
    ['a check of what is not', () => checkPart('4', PRESENT), 'ConditionalCheckFailed'],
    [
      'an update of a path that is none',
      () => updatePart('3', { UpdateExpression: 'SET a.b.#t = :t' }),
      'ValidationError',
    ],
  ])('does nothing when one fails: %s', async (_, failing, code) => {
    const before = await texts();
    const others = [putPart('0'), updatePart('1'), deletePart('2'), updatePart('5')];
    const none = others.map(() => 'None').join(' ');
    expect(await codesOf(transactAll([failing(), ...others]))).toBe(`${code} ${none}`);
    expect(await texts()).toEqual(before);
    expect(await codesOf(transactAll([...others, failing()]))).toBe(`${none} ${code}`);
    expect(await texts()).toEqual(before);
    const ofIndex = {
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': id },
    };
    expect((await query(acme, ofIndex)).Items).toHaveLength(3);
  });

  it('tells every condition that does not hold, and the item where that is asked for', async () => {
    const failure = await transactAll([
      putPart('1', { ConditionExpression: ABSENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      putPart('2', { ConditionExpression: ABSENT }),
      putPart('9', { ConditionExpression: PRESENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ]).catch((error) => error);
    expect(failure).toBeInstanceOf(TransactionCanceledException);
    const Item = { id: { S: id }, sort: { S: '1' }, owner: { S: id }, text: { S: 'x' } };
    const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    expect(failure.CancellationReasons).toEqual([{ ...reason, Item }, reason, reason]);
    expect(failure.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, ConditionalCheckFailed, ConditionalCheckFailed]',
    );
    expect(dynamoDb.logged.at(-1)).toContain('TransactionCanceledException');
  });

  it('is seen whole or not at all, by those who read and write meanwhile', async () => {
    const seen: Promise<unknown>[] = [];
    for (const round of ['a', 'b', 'c', 'd']) {
      seen.push(
        transactAll([putPart('1', {}, round), putPart('2', {}, round), putPart('3', {}, round)]),
        texts(),
      );
      // One that is rolled back is not seen either.
      seen.push(
        transactAll([putPart('1', {}, 'no'), checkPart('2', ABSENT)]).catch(() => undefined),
        texts(),
      );
    }
    const looks = (await Promise.all(seen)).filter((look) => Array.isArray(look));
    expect(looks).toHaveLength(8);
    for (const look of looks) expect(new Set(look.map((text) => text.slice(1))).size).toBe(1);
    expect(looks.flat()).not.toContain('1=no');
  });

  it('is one of many that want the same', async () => {
    const outcomes = await Promise.all(
      [...Array(10)].map(() =>
        codesOf(transactAll([putPart('7', { ConditionExpression: ABSENT }), updatePart('1')])),
      ),
    );
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('ConditionalCheckFailed None'), 'done']);
  });
});

describe('a ClientRequestToken', () => {
  const counted = (): Part => ({
    Update: {
      ...key('1'),
      UpdateExpression: 'ADD times :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  });
  const times = async () => (await get(acme, id)).Item?.['times'];

  it('is done once, also when its time comes again', async () => {
    const ClientRequestToken = randomUUID();
    for (const _ of [1, 2, 3]) await transact([counted()], acme, { ClientRequestToken });
    expect(await times()).toBe(1);
    await transact([counted()], acme, { ClientRequestToken: randomUUID() });
    expect(await times()).toBe(2);
  });

  it("is not another transaction's", async () => {
    const ClientRequestToken = randomUUID();
    await transact([counted()], acme, { ClientRequestToken });
    const other = transact([putPart('2')], acme, { ClientRequestToken });
    expect(await outcomeOf(other)).toBe('IdempotentParameterMismatchException');
    expect(await texts()).toEqual(['1=undefined']);
  });

  it('of what was cancelled is tried again', async () => {
    const ClientRequestToken = randomUUID();
    const wanted = [putPart('2', { ConditionExpression: PRESENT })];
    expect(await codesOf(transact(wanted, acme, { ClientRequestToken }))).toBe('ConditionalCheckFailed');
    await put(acme, id, '2');
    expect(await codesOf(transact(wanted, acme, { ClientRequestToken }))).toBe('done');
    expect(await texts()).toEqual(['2=new']);
  });

  it('opens nothing to whoever repeats it', async () => {
    const ClientRequestToken = randomUUID();
    await transact([counted()], acme, { ClientRequestToken });
    const globex = dynamoDb.clientOf(dynamoDb.open(createSession({ tenantId: 'globex' })));
    expect(await outcomeOf(transact([counted()], globex, { ClientRequestToken }))).toBe(
      'AccessDeniedException',
    );
  });
});

describe('a transaction is refused', () => {
  const foreign = { id: 'globex', sort: '1' };
  test.each<[string, () => readonly Part[], string]>([
    ['a foreign item, put', () => [{ Put: { TableName: TABLE, Item: foreign } }], 'AccessDeniedException'],
    [
      'a foreign item, updated',
      () => [{ Update: { TableName: TABLE, Key: foreign, UpdateExpression: 'REMOVE a' } }],
      'AccessDeniedException',
    ],
    [
      'a foreign item, deleted',
      () => [{ Delete: { TableName: TABLE, Key: foreign } }],
      'AccessDeniedException',
    ],
    ['a check, which the role may not', () => [checkPart('1', ABSENT)], 'AccessDeniedException'],
    ['another table', () => [{ Put: { TableName: NUMBERS, Item: { id: 1 } } }], 'AccessDeniedException'],
    ['one item twice', () => [putPart('1'), deletePart('1')], 'ValidationException'],
    ['no part', () => [], 'ValidationException'],
    ['101 parts', () => [...Array(101).keys()].map((sort) => putPart(String(sort))), 'ValidationException'],
    ['a part that is two', () => [{ ...putPart('1'), ...deletePart('2') }], 'ValidationException'],
    ['a part that is none', () => [{}], 'ValidationException'],
    ['an update of nothing', () => [{ Update: key('1') as never }], 'ValidationException'],
    [
      'a key without its sort key',
      () => [{ Delete: { TableName: TABLE, Key: { id } } }],
      'ValidationException',
    ],
    [
      'a key with more than a key',
      () => [{ Delete: { TableName: TABLE, Key: { id, sort: '1', text: 'x' } } }],
      'ValidationException',
    ],
    [
      'a table by its ARN',
      () => [{ Delete: { TableName: TABLE_ARN, Key: { id, sort: '1' } } }],
      'ValidationException',
    ],
    [
      'another item to tell',
      () => [putPart('1', { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' })],
      'ValidationException',
    ],
  ])('with %s, and none of its other parts is done', async (_, parts, outcome) => {
    expect(await codesOf(transact([...parts(), ...(parts().length === 0 ? [] : [putPart('other')])]))).toBe(
      outcome,
    );
    expect(await texts()).toEqual([]);
  });

  it.each([
    ['a token that is too long', { ClientRequestToken: 'x'.repeat(37) }],
    ['a parameter that is not known', { ReturnConsumedCapacity: 'TOTAL' as const }],
  ])('with %s', async (_, more) => {
    expect(await outcomeOf(transact([putPart('1')], acme, more))).toBe('ValidationException');
  });

  it('of a table that is not there', async () => {
    const part = { Put: { TableName: 'elsewhere', Item: { id } } };
    expect(await outcomeOf(transact([part], dynamoDb.operator))).toBe('ResourceNotFoundException');
  });
});

describe('a policy tells a transaction by dynamodb:EnclosingOperation', () => {
  const clientOf = (
    Condition: object,
    Action: readonly string[] = ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'],
  ) => {
    const Statement = [{ Effect: 'Allow', Action, Resource: TABLE_ARN, Condition }];
    return dynamoDb.clientOf(
      dynamoDb.open(createSession({ rolePolicy: { Version: '2012-10-17', Statement } })),
    );
  };
  const ENCLOSING = { 'dynamodb:EnclosingOperation': 'TransactWriteItems' };

  it.each([
    ['in one alone', { StringEquals: ENCLOSING }, 'done', 'AccessDeniedException'],
    ['outside alone', { Null: { 'dynamodb:EnclosingOperation': 'true' } }, 'AccessDeniedException', 'done'],
    [
      'in neither',
      { StringEquals: { 'dynamodb:EnclosingOperation': 'X' } },
      'AccessDeniedException',
      'AccessDeniedException',
    ],
  ])('%s', async (_, condition, inside, outside) => {
    const client = clientOf(condition);
    expect(await codesOf(transact([putPart('1'), checkPart('2', ABSENT)], client))).toBe(inside);
    expect(await outcomeOf(put(client, id, '3'))).toBe(outside);
  });

  it('and each part by its own action', async () => {
    const client = clientOf({ StringEquals: ENCLOSING }, ['dynamodb:PutItem']);
    expect(await codesOf(transact([putPart('1')], client))).toBe('done');
    expect(await codesOf(transact([putPart('1'), checkPart('2', ABSENT)], client))).toBe(
      'AccessDeniedException',
    );
    expect(await codesOf(transact([putPart('1'), deletePart('2')], client))).toBe('AccessDeniedException');
    expect(await codesOf(transact([putPart('1'), updatePart('2')], client))).toBe('AccessDeniedException');
  });
});

test('an index is opened by its own ARN', async () => {
  await put(acme, 'acme', 'index');
  const input = {
    IndexName: 'by-owner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': 'acme' },
  };
  const opened = async (Resource: string) => {
    const Statement = [{ Effect: 'Allow', Action: 'dynamodb:Query', Resource }];
    const session = createSession({ rolePolicy: { Version: '2012-10-17', Statement } });
    return outcomeOf(query(dynamoDb.clientOf(dynamoDb.open(session)), input));
  };
  expect(await opened(`${TABLE_ARN}/index/by-owner`)).toBe('done');
  expect(await opened(TABLE_ARN)).toBe('AccessDeniedException');
  expect(await opened(`${TABLE_ARN}/index/other`)).toBe('AccessDeniedException');
});
