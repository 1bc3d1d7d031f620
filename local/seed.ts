import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoTenantWriter } from '../functions/adapters/dynamo-tenant-writer.ts';
import type { IssuerRecord } from '../functions/core/issuer.ts';
import { DATA_BUCKET, DATA_TABLE, REGION, REGISTRY_TABLE } from './account.ts';
import { TENANT_CLAIM } from './openid-provider.ts';
import { SAMPLE_TENANTS } from './sample-tenants.ts';
import type { LocalAws } from './start-aws.ts';

/** What the sample records name. */
export interface SeedOptions {
  readonly aws: LocalAws;
  readonly audience: string;
  /** Issuer URL by name: `pool`, and a tenant's id where it has an issuer of its own. */
  readonly issuers: ReadonlyMap<string, string>;
}

/** Makes the tables, writes issuers and tenants through the registry's own writer, and gives every tenant an object and an item. */
export async function seed({ aws, audience, issuers }: SeedOptions): Promise<void> {
  const client = { region: REGION, credentials: aws.operatorCredentials };
  const dynamodb = new DynamoDBClient({ ...client, endpoint: aws.dynamodb });
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const s3 = new S3Client({ ...client, endpoint: aws.s3 });
  const writer = createDynamoTenantWriter({ ...client, tableName: REGISTRY_TABLE, endpoint: aws.dynamodb });
  await Promise.all([createTable(dynamodb, REGISTRY_TABLE), createTable(dynamodb, DATA_TABLE)]);

  const pool = issuers.get('pool') ?? '';
  await writer.putIssuer({
    ...issuerRecord(pool, audience),
    binding: { kind: 'claim', claim: TENANT_CLAIM },
  });
  for (const { record, issuer } of SAMPLE_TENANTS) {
    const { tenantId } = record;
    const own = issuers.get(tenantId);
    if (own !== undefined) {
      await writer.putIssuer({ ...issuerRecord(own, audience), binding: { kind: 'tenant', tenantId } });
    }
    await writer.putTenant({
      ...record,
      claims: issuer === 'pool' ? [{ issuer: pool, value: tenantId }] : [],
    });
    const text = `Welcome, ${record.displayName}.`;
    await s3.send(new PutObjectCommand({ Bucket: DATA_BUCKET, Key: `${tenantId}/welcome.txt`, Body: text }));
    await documents.send(
      new PutCommand({ TableName: DATA_TABLE, Item: { pk: tenantId, sk: 'welcome', text } }),
    );
  }
}

function issuerRecord(url: string, audience: string): Omit<IssuerRecord, 'binding'> {
  return { url, audience, algorithms: ['RS256'], jwksUri: `${url}/jwks` };
}

/** Partition and sort key as in the stack's tables. */
async function createTable(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
}
