import type { IncomingMessage } from 'node:http';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createUsageTable, type UsageTable } from '../../../../functions/adapters/usage-table.ts';
import type { Door } from '../../../../local/aws/door.ts';
import { startDynalite } from '../../../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../../../local/aws/dynamodb.ts';
import type { Session } from '../../../../local/aws/session.ts';
import { serveDoor } from '../../../local/serve-door.ts';
import { ACCOUNT, createSession, REGION } from '../../../local/tenant-session.ts';
import type { Fault } from '../registry/dynamo-registry.ts';

const TABLE = 'usage';
const Resource = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}`;
const dynamodb = (...operations: readonly string[]) => operations.map((operation) => `dynamodb:${operation}`);

/** An empty usage table in the local DynamoDB, and instances of the vend function that may do with it what the stack lets them. */
export async function startDynamoUsage() {
  const sessions = new Map<string, Session>();
  const dynalite = await startDynalite();
  /** Every request, `PutItem`, as it came. */
  const requests: string[] = [];
  let faultOf: (count: number) => Fault | undefined = () => undefined;
  const door = createDynamoDbDoor({
    account: ACCOUNT,
    region: REGION,
    dynalite,
    sessions,
    clock: () => new Date(),
    log: () => {},
  });
  const faulty: Door = async (request, bindings) => {
    const operation = String(request.headers.get('x-amz-target')).split('.').at(-1) ?? '';
    const fault = faultOf(requests.push(operation));
    const answer = fault?.endsWith('before') ? undefined : await door(request, bindings);
    if (answer !== undefined && fault === undefined) return answer;
    if (fault?.startsWith('reset')) (bindings.incoming as IncomingMessage).socket.destroy();
    return new Response('{}', { status: 500 });
  };
  const { endpoint, close } = await serveDoor(faulty);

  const access = (tenantId: string, actions: readonly string[]) => {
    const Statement = [{ Effect: 'Allow', Action: actions, Resource }];
    const session = createSession({ tenantId, rolePolicy: { Version: '2012-10-17', Statement } });
    sessions.set(session.credentials.accessKeyId, session);
    return { tableName: TABLE, region: REGION, endpoint, credentials: session.credentials };
  };
  const client = new DynamoDBClient(access('set-up', dynamodb('CreateTable', 'Scan', 'PutItem')) as never);
  const documents = DynamoDBDocumentClient.from(client);
  await client.send(createTable);
  requests.length = 0;
  return {
    requests,
    /** What an instance of the function has. */
    instance: (): UsageTable =>
      createUsageTable(access('vend', dynamodb('GetItem', 'PutItem', 'UpdateItem'))),
    /** What befalls requests from now on, by how many there have been, this one included. */
    fail(next: (count: number) => Fault | undefined) {
      requests.length = 0;
      faultOf = next;
    },
    put: (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: TABLE, Item })),
    async items(): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: TABLE }));
      return Items;
    },
    async close() {
      await close();
      await dynalite.close();
    },
  };
}

export type DynamoUsage = Awaited<ReturnType<typeof startDynamoUsage>>;

const createTable = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
});
