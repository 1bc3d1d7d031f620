import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createUsageTable, type UsageTable } from '../../../../functions/adapters/usage-table.ts';
import { ACCOUNT, REGION } from '../../../local/tenant-session.ts';
import { type Fault, startFaultyDynamoDb } from '../faulty-dynamodb.ts';

const TABLE = 'usage';
const Resource = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}`;
const dynamodb = (...operations: readonly string[]) => operations.map((operation) => `dynamodb:${operation}`);

/** An empty usage table in the local DynamoDB, and instances of the vend function that may do with it what the stack lets them. */
export async function startDynamoUsage() {
  const { requests, fail, close, ...dynamo } = await startFaultyDynamoDb();
  const access = (tenantId: string, actions: readonly string[]) => ({
    tableName: TABLE,
    ...dynamo.access(tenantId, [{ Action: actions, Resource }]),
  });
  const client = new DynamoDBClient(access('set-up', dynamodb('CreateTable', 'Scan', 'PutItem')) as never);
  const documents = DynamoDBDocumentClient.from(client);
  await client.send(createTable);
  requests.length = 0;
  return {
    requests,
    /** What an instance of the function has. */
    instance: (): UsageTable => createUsageTable(access('vend', dynamodb('GetItem', 'UpdateItem'))),
    /** What befalls requests from now on, by how many there have been, this one included. */
    fail(next: (count: number) => Fault | undefined) {
      requests.length = 0;
      fail((_operation, count) => next(count));
    },
    put: (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: TABLE, Item })),
    async items(): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: TABLE }));
      return Items;
    },
    close,
  };
}

export type DynamoUsage = Awaited<ReturnType<typeof startDynamoUsage>>;

const createTable = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
});
