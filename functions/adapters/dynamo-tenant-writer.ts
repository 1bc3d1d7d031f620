import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { ConfigurationError } from '../core/errors.ts';
import { type IssuerRecord, parseIssuer } from '../core/issuer.ts';
import { parseTenant, type TenantRecord } from '../core/tenant.ts';
import type { DynamoTenantRegistryOptions } from './dynamo-tenant-registry.ts';
import { registryKey } from './registry-key.ts';

/** Writes issuers and tenants into the registry table. The vend function has no part in this. */
export interface TenantWriter {
  /** Replaces the issuer's record. Throws `ConfigurationError` for one that the registry could not read back. */
  putIssuer(record: IssuerRecord): Promise<void>;
  /**
   * Replaces the tenant's record and binds its claims to it. Throws `ConfigurationError` for a record that the registry
   * could not read back, and for a claim that is bound to another tenant.
   */
  putTenant(record: TenantRecord): Promise<void>;
}

/** A writer over the same table and items as `createDynamoTenantRegistry` reads. */
export function createDynamoTenantWriter({
  tableName,
  region,
  credentials,
  endpoint,
}: DynamoTenantRegistryOptions): TenantWriter {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region, credentials, ...(endpoint === undefined ? {} : { endpoint }) }),
  );
  const put = (Item: Record<string, unknown>, condition: Partial<PutCommandInput> = {}) =>
    client.send(new PutCommand({ TableName: tableName, Item, ...condition }));

  return {
    async putIssuer(record) {
      const { url } = parseIssuer(record);
      await put({ ...registryKey.issuer(url), record });
    },

    async putTenant(record) {
      const { tenantId, claims } = parseTenant(record);
      // The bindings first: a tenant's record counts for a claim only together with its binding, so a failure
      // between the two leaves a binding that opens nothing.
      for (const claim of claims) {
        try {
          await put(
            { ...registryKey.claim(claim), tenantId },
            {
              ConditionExpression: 'attribute_not_exists(pk) OR tenantId = :tenantId',
              ExpressionAttributeValues: { ':tenantId': tenantId },
            },
          );
        } catch (cause) {
          if ((cause as Error).name !== 'ConditionalCheckFailedException') throw cause;
          throw new ConfigurationError(
            `tenant ${tenantId}: a claim of issuer ${claim.issuer} is bound to another tenant`,
            { cause },
          );
        }
      }
      await put({ ...registryKey.tenant(tenantId), record });
    },
  };
}
