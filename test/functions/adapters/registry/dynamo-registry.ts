import type { IncomingMessage } from 'node:http';
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
import type { Door } from '../../../../local/aws/door.ts';
import { startDynalite } from '../../../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../../../local/aws/dynamodb.ts';
import type { Session } from '../../../../local/aws/session.ts';
import { serveDoor } from '../../../local/serve-door.ts';
import { ACCOUNT, createSession, REGION } from '../../../local/tenant-session.ts';
import { EXTERNAL_ID, NOW, sampleTenantDefinition } from '../../core/sample.ts';

const TABLE = 'registry';
const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}`;

/** What befalls a request on its way there, or its answer on the way back. */
export type Fault = 'reset before' | 'reset after' | '500 before' | '500 after';

/** What befalls the next request, or is answered in DynamoDB's place; `count` is that of all requests so far, this one included. What it waits for happens before the request. */
type FaultOf = (operation: string, count: number) => Fault | Response | undefined | Promise<undefined>;

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
  const sessions = new Map<string, Session>();
  const dynalite = await startDynalite();
  /** Every request, `GetItem`, as it came. */
  const requests: string[] = [];
  let faultOf: FaultOf = () => undefined;
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
    const fault = await faultOf(operation, requests.push(operation));
    if (fault instanceof Response) return fault;
    const answer = fault?.endsWith('before') ? undefined : await door(request, bindings);
    if (answer !== undefined && fault === undefined) return answer;
    if (fault?.startsWith('reset')) (bindings.incoming as IncomingMessage).socket.destroy();
    return new Response('{}', { status: 500 });
  };
  const { endpoint, close } = await serveDoor(faulty);

  const as = (user: keyof typeof POLICIES): DynamoTenantRegistryOptions => {
    const Statement = POLICIES[user].map((statement) => ({ Effect: 'Allow', ...statement }));
    const session = createSession({ tenantId: user, rolePolicy: { Version: '2012-10-17', Statement } });
    sessions.set(session.credentials.accessKeyId, session);
    return { tableName: TABLE, region: REGION, endpoint, credentials: session.credentials };
  };
  const client = new DynamoDBClient(as('setUp') as never);
  const documents = DynamoDBDocumentClient.from(client);
  await client.send(createTable);
  return {
    as,
    requests,
    /** From now on. */
    fail(next: FaultOf) {
      faultOf = next;
    },
    /** As somebody would who edits the table by hand. */
    put: (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: TABLE, Item })),
    /** The whole table, `sk` by `pk`. */
    async items(): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: TABLE }));
      const key = ({ pk, sk }: Record<string, unknown>) => `${pk} ${sk}`;
      return Items.sort((one, other) => (key(one) < key(other) ? -1 : 1));
    },
    async close() {
      await close();
      await dynalite.close();
    },
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
