import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../local/aws/session.ts';
import { put, startDynamoDb } from './dynamodb-client.ts';
import { signRequest } from './sign-request.ts';
import { createSession, TABLE } from './tenant-session.ts';

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let acmeSession: Session;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  acmeSession = dynamoDb.open(createSession());
  await put(dynamoDb.clientOf(acmeSession), 'acme');
});
afterAll(() => dynamoDb.close());

/** What no SDK would send, signed all the same. */
describe('a body that could be read in two ways', () => {
  async function send(operation: string, body: string): Promise<string> {
    const { host } = new URL(dynamoDb.endpoint);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const signed = await signRequest(acmeSession, { body, headers });
    signed.headers.delete('host');
    const response = await fetch(dynamoDb.endpoint, { method: 'POST', headers: signed.headers, body });
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
      'SerializationException',
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
      'a part of a transaction with a parameter that is not known',
      'TransactWriteItems',
      `{"TransactItems":[{"Put":{"TableName":"${TABLE}","Item":${key('acme')},"Expected":{}}}]}`,
      'ValidationException',
    ],
    [
      'a check without a condition',
      'TransactWriteItems',
      `{"TransactItems":[{"ConditionCheck":{"TableName":"${TABLE}","Key":${key('acme')}}}]}`,
      'ValidationException',
    ],
    [
      'a put by a key and an item',
      'TransactWriteItems',
      `{"TransactItems":[{"Put":{"TableName":"${TABLE}","Key":${key('acme')},"Item":${key('globex')}}}]}`,
      'ValidationException',
    ],
    [
      'an operation of every object in a transaction',
      'TransactWriteItems',
      '{"TransactItems":[{"constructor":{}}]}',
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
