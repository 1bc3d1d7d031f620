import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Act, Administration } from '../functions/core/administration/administration.ts';
import { parseTenantId } from '../functions/core/tenant-id.ts';
import { DATA_BUCKET, DATA_TABLE, REGION } from './account.ts';
import { TENANT_CLAIM } from './openid-provider.ts';
import { SAMPLE_TENANTS } from './sample-tenants.ts';
import type { LocalAws } from './start-aws.ts';

/** What the sample tenants are made with. */
export interface SeedOptions {
  readonly aws: LocalAws;
  readonly administration: Administration;
  readonly audience: string;
  /** Issuer URL by name: `pool`, and a tenant's id where it has an issuer of its own. */
  readonly issuers: ReadonlyMap<string, string>;
}

const ACT: Act = { requestId: 'set-up', actor: 'local' };

/** Administers the sample tenants and their issuers as an operator would, and gives every tenant an object and an item. */
export async function seed({ aws, administration, audience, issuers }: SeedOptions): Promise<void> {
  const pool = issuers.get('pool') ?? '';
  const termsOf = (url: string) => ({
    url,
    audience,
    algorithms: ['RS256' as const],
    jwksUri: `${url}/jwks`,
  });
  await administration.putIssuer(ACT, { ...termsOf(pool), claim: TENANT_CLAIM }, 'absent');
  for (const { tenantId, definition, issuer } of SAMPLE_TENANTS) {
    const bindings =
      issuer === 'pool'
        ? { claims: [{ issuer: pool, value: tenantId }] }
        : { issuers: [termsOf(issuers.get(tenantId) ?? '')] };
    await administration.putTenant(ACT, parseTenantId(tenantId), { ...definition, ...bindings }, 'absent');
    await giveData(aws, tenantId, `Welcome, ${definition.displayName}.`);
  }
}

async function giveData(
  { urls, operatorCredentials }: LocalAws,
  tenantId: string,
  text: string,
): Promise<void> {
  const client = { region: REGION, credentials: operatorCredentials };
  const s3 = new S3Client({ ...client, endpoint: urls.s3 });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ ...client, endpoint: urls.dynamodb }));
  await s3.send(new PutObjectCommand({ Bucket: DATA_BUCKET, Key: `${tenantId}/welcome.txt`, Body: text }));
  await documents.send(
    new PutCommand({ TableName: DATA_TABLE, Item: { pk: tenantId, sk: 'welcome', text } }),
  );
}
