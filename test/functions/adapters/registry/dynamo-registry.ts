import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoTenantRegistryOptions } from '../../../../functions/adapters/registry/dynamo-tenant-registry.ts';
import { LIST_INDEX } from '../../../../functions/adapters/registry/registry-key.ts';
import type { SharedIssuerRecord } from '../../../../functions/core/administration/administrative-ports.ts';
import { defineTenant, newTenant } from '../../../../functions/core/administration/tenant-changes.ts';
import { parseSharedIssuer, type SharedIssuerDefinition } from '../../../../functions/core/issuer/issuer.ts';
import {
  parseTenantDefinition,
  type TenantDefinitionInput,
} from '../../../../functions/core/tenant/tenant-definition.ts';
import type { TenantRecord } from '../../../../functions/core/tenant/tenant-record.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import { ACCOUNT, REGION } from '../../../local/tenant-session.ts';
import { EXTERNAL_ID, NOW, sampleTenantDefinition } from '../../core/sample.ts';
import { startFaultyDynamoDb } from '../faulty-dynamodb.ts';

const TABLE = 'registry';
const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}`;

/** The least that each of them needs. */
const POLICIES = {
  store: [
    { Action: 'dynamodb:GetItem', Resource: TABLE_ARN },
    { Action: 'dynamodb:Query', Resource: [TABLE_ARN, `${TABLE_ARN}/index/${LIST_INDEX.name}`] },
    {
      Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      Resource: TABLE_ARN,
      Condition: { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } },
    },
  ],
  vend: [{ Action: 'dynamodb:GetItem', Resource: TABLE_ARN }],
  setUp: [{ Action: ['dynamodb:CreateTable', 'dynamodb:PutItem', 'dynamodb:Scan'], Resource: TABLE_ARN }],
};

/** An empty registry table in the local DynamoDB, and for each of those who use it what its adapter is made with. */
export async function startDynamoRegistry() {
  const { access, requests, fail, close } = await startFaultyDynamoDb();
  const as = (user: keyof typeof POLICIES): DynamoTenantRegistryOptions => ({
    tableName: TABLE,
    ...access(user, POLICIES[user]),
  });
  const client = new DynamoDBClient(as('setUp') as never);
  const documents = DynamoDBDocumentClient.from(client);
  await client.send(createTable);
  return {
    as,
    requests,
    fail,
    /** As somebody would who edits the table by hand. */
    put: (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: TABLE, Item })),
    /** The whole table, `sk` by `pk`. */
    async items(): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: TABLE }));
      const key = ({ pk, sk }: Record<string, unknown>) => `${pk} ${sk}`;
      return Items.sort((one, other) => (key(one) < key(other) ? -1 : 1));
    },
    close,
  };
}

const createTable = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', LIST_INDEX.partitionKey, LIST_INDEX.sortKey].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: LIST_INDEX.name,
      KeySchema: [
        { AttributeName: LIST_INDEX.partitionKey, KeyType: 'HASH' },
        { AttributeName: LIST_INDEX.sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

export type DynamoRegistry = Awaited<ReturnType<typeof startDynamoRegistry>>;

/** A tenant as an operator's first PUT makes it, with what a test changes in its definition. */
export function definedTenant(id: string, changes: Partial<TenantDefinitionInput> = {}): TenantRecord {
  const record = newTenant({ tenantId: parseTenantId(id), externalId: EXTERNAL_ID }, NOW);
  return redefined(record, changes);
}

/** The next version of a record, defined anew. */
export function redefined(record: TenantRecord, changes: Partial<TenantDefinitionInput>): TenantRecord {
  return defineTenant(record, parseTenantDefinition(sampleTenantDefinition(changes)), NOW);
}

/** What a tenant's definition says of an issuer of its own. */
export const ownIssuer = (url: string) => ({ url, audience: 'https://api.example', jwksUri: `${url}/jwks` });

export function sharedIssuer(
  url: string,
  version = 1,
  changes: Partial<SharedIssuerDefinition> = {},
): SharedIssuerRecord {
  const issuer = parseSharedIssuer({ ...ownIssuer(url), claim: 'tenant', ...changes });
  return { issuer: issuer as SharedIssuerRecord['issuer'], version };
}

/** The code of the failure that the work ends in; undefined when it does not. */
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error.code ?? error,
  );
