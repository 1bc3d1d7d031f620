import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TenantReference } from '../core/caller.ts';
import { ConfigurationError, VendingError } from '../core/errors.ts';
import { parseIssuer } from '../core/issuer.ts';
import type { TenantRegistry } from '../core/ports.ts';
import { parseTenant, type Tenant } from '../core/tenant.ts';
import { parseTenantId } from '../core/tenant-id.ts';
import { type AwsAccess, awsClientConfig } from './aws-client-config.ts';
import { registryKey } from './registry-key.ts';

/** Where the registry is, and with whose credentials it is read. */
export interface DynamoTenantRegistryOptions extends AwsAccess {
  readonly tableName: string;
}

/** A registry that cannot answer in this time is down: botocore gives a credential source two seconds in all. */
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 500 };

/** The registry in DynamoDB, read by key and consistently: what was just written counts. Remembers nothing. */
export function createDynamoTenantRegistry({
  tableName,
  ...access
}: DynamoTenantRegistryOptions): TenantRegistry {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...awsClientConfig(access, TIMEOUTS), maxAttempts: 2, retryMode: 'standard' }),
  );

  async function read(Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    try {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return Item;
    } catch (cause) {
      throw new VendingError('registry_unavailable', { cause, retryAfterSeconds: 1 });
    }
  }

  async function tenantIdOf(reference: TenantReference): Promise<string | undefined> {
    if (reference.kind === 'tenant') return reference.tenantId;
    const item = await read(registryKey.claim(reference));
    return item === undefined ? undefined : parsed(() => parseTenantId(item['tenantId']));
  }

  return {
    async findIssuer(url) {
      const item = await read(registryKey.issuer(url));
      const issuer = item && parsed(() => parseIssuer(item['record']));
      // The key was found by the URL; a record that says another one was edited by hand.
      if (issuer !== undefined && issuer.url !== url)
        throw damaged('issuer: the record names another issuer');
      return issuer;
    },

    async findTenant(reference) {
      const tenantId = await tenantIdOf(reference);
      const item = tenantId === undefined ? undefined : await read(registryKey.tenant(tenantId));
      if (item === undefined) return undefined;
      const tenant = parsed(() => parseTenant(item['record']));
      if (tenant.tenantId !== tenantId || !answersTo(tenant, reference)) {
        throw damaged(
          `tenant ${tenant.tenantId}: the record does not answer to the reference that led to it`,
        );
      }
      return tenant;
    },
  };
}

/** Whether the tenant's own record agrees with the binding item that led to it: neither alone opens a tenant. */
function answersTo(tenant: Tenant, reference: TenantReference): boolean {
  if (reference.kind === 'tenant') return true;
  return tenant.claims.some(({ issuer, value }) => issuer === reference.issuer && value === reference.value);
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new VendingError('record_invalid', { cause });
  }
}

function damaged(message: string): VendingError {
  return new VendingError('record_invalid', { cause: new ConfigurationError(message) });
}
