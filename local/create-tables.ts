import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DATA_TABLE, REGION, REGISTRY_TABLE, USAGE_TABLE } from './account.ts';
import type { LocalAws } from './start-aws.ts';

const KEYS: Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions'> = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

/** Makes the registry, the usage table and the tenants' table as the stack has them. */
export async function createTables({ urls, operatorCredentials }: LocalAws): Promise<void> {
  const client = new DynamoDBClient({
    region: REGION,
    credentials: operatorCredentials,
    endpoint: urls.dynamodb,
  });
  const create = (table: Omit<CreateTableCommandInput, 'BillingMode'>) =>
    client.send(new CreateTableCommand({ ...table, BillingMode: 'PAY_PER_REQUEST' }));
  await Promise.all([create({ ...KEYS, TableName: DATA_TABLE }), create(REGISTRY), create(USAGE)]);
}

const USAGE: CreateTableCommandInput = {
  TableName: USAGE_TABLE,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
};

const REGISTRY: CreateTableCommandInput = {
  TableName: REGISTRY_TABLE,
  KeySchema: KEYS.KeySchema,
  AttributeDefinitions: [
    ...(KEYS.AttributeDefinitions ?? []),
    { AttributeName: 'listKind', AttributeType: 'S' },
    { AttributeName: 'listName', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'list',
      KeySchema: [
        { AttributeName: 'listKind', KeyType: 'HASH' },
        { AttributeName: 'listName', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
