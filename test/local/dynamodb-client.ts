import { CreateTableCommand, DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { startDynalite } from '../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../local/aws/dynamodb.ts';
import type { Session, TemporarySession } from '../../local/aws/session.ts';
import { serveDoor } from './serve-door.ts';
import { ACCOUNT, createSession, REGION, TABLE } from './tenant-session.ts';

/** A second table, of which only the operator may do anything; its key is a number. */
export const NUMBERS = 'numbered-items';

const ANYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }],
};

/** A served DynamoDB with the tables that TABLE and NUMBERS name, and the real SDK's clients for it. */
export async function startDynamoDb() {
  const sessions = new Map<string, Session>();
  const logged: string[] = [];
  const dynalite = await startDynalite();
  const { endpoint, close } = await serveDoor(
    createDynamoDbDoor({
      account: ACCOUNT,
      region: REGION,
      dynalite,
      sessions,
      clock: () => new Date(),
      log: (message) => logged.push(message),
    }),
  );
  const open = (session: TemporarySession) => {
    sessions.set(session.credentials.accessKeyId, session);
    return session;
  };
  const clientOf = ({ credentials }: Session) =>
    DynamoDBDocumentClient.from(
      new DynamoDBClient({ credentials, endpoint, region: REGION, maxAttempts: 1 }),
    );
  const operator = clientOf(open(createSession({ tenantId: 'operator', rolePolicy: ANYTHING })));
  await createTables(operator);
  return {
    endpoint,
    logged,
    /** May do anything on any table. */
    operator,
    /** Makes DynamoDB know a session, as STS does when it issues one. */
    open,
    clientOf,
    async close() {
      await close();
      await dynalite.close();
    },
  };
}

async function createTables(operator: DynamoDBDocumentClient): Promise<void> {
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
}

/** The error's name, or 'done'. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof DynamoDBServiceException) return error.name;
    throw error;
  }
}

export const inTable = <Input extends object>(input: Input) => ({ TableName: TABLE, ...input });

export const get = (client: DynamoDBDocumentClient, id: string, sort = '1') =>
  client.send(new GetCommand(inTable({ Key: { id, sort } })));

export const put = (client: DynamoDBDocumentClient, id: string, sort = '1') =>
  client.send(new PutCommand(inTable({ Item: { id, sort, owner: id, text: 'x' } })));

export const query = (client: DynamoDBDocumentClient, input: Partial<QueryCommandInput>) =>
  client.send(new QueryCommand(inTable(input)));
