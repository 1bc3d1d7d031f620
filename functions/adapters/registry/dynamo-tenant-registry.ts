import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createCircuit } from '../../core/circuit.ts';
import { VendingError } from '../../core/errors.ts';
import { type Issuer, parseIssuer } from '../../core/issuer/issuer.ts';
import type { SamlProviders, TenantRegistry } from '../../core/ports.ts';
import { parseSamlProvider, type SamlProvider } from '../../core/saml/saml-provider.ts';
import { parseTenant, type Tenant } from '../../core/tenant/tenant.ts';
import { parseTenantId, type TenantId } from '../../core/tenant-id.ts';
import type { TenantReference } from '../../core/token/caller.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { FREE_AT, registryKey } from './registry-key.ts';
import { damaged, parseStored } from './stored-record.ts';

/** Where the registry is, and with whose credentials it is read. */
export interface DynamoTenantRegistryOptions extends AwsAccess {
  readonly tableName: string;
}

/** A registry that cannot answer in this time is down: botocore gives a credential source two seconds in all. */
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 500 };
/** A read in all, its second try included: others wait for the same, and one that never ends would hold up all that come after it. */
const READ_MILLISECONDS = 1500;

/** A table that has failed so often in a row is left alone for so long: what has to be read fails at once, and not after a second. */
const CIRCUIT = { failures: 5, openMilliseconds: 1000 };

/** The registry in DynamoDB, read by key and consistently: what was just written counts. Remembers nothing. */
export function createDynamoTenantRegistry({
  tableName,
  ...access
}: DynamoTenantRegistryOptions): TenantRegistry & SamlProviders {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...awsClientConfig(access, TIMEOUTS), maxAttempts: 2, retryMode: 'standard' }),
  );

  const circuit = createCircuit(CIRCUIT);

  async function read(Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    if (!circuit.isClosed()) throw unavailable('the circuit is open');
    try {
      const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
      const { Item } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_MILLISECONDS) });
      circuit.succeeded();
      return Item;
    } catch (cause) {
      circuit.failed();
      throw unavailable(cause);
    }
  }

  /** A binding that has been given up is none, from the first moment on. */
  async function readBinding(Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    const item = await read(Key);
    return item !== undefined && FREE_AT in item ? undefined : item;
  }

  async function findIssuer(url: string): Promise<Issuer | undefined> {
    const item = await readBinding(registryKey.issuer(url));
    if (item === undefined) return undefined;
    const issuer = parseStored(() => parseIssuer(item['record']));
    // The key was found by the URL; a record that says another one was edited by hand.
    if (issuer.url !== url) throw damaged('issuer: the record names another issuer');
    const owner = issuer.binding.kind === 'tenant' ? issuer.binding.tenantId : undefined;
    if (item['tenantId'] !== owner)
      throw damaged('issuer: the item is bound to another tenant than the record');
    return issuer;
  }

  async function findSamlProvider(entityId: string): Promise<SamlProvider | undefined> {
    const item = await readBinding(registryKey.samlProvider(entityId));
    if (item === undefined) return undefined;
    const provider = parseStored(() => parseSamlProvider(item['record']));
    if (provider.entityId !== entityId) throw damaged('SAML provider: the record names another one');
    if (item['tenantId'] !== provider.tenantId)
      throw damaged('SAML provider: the item is bound to another tenant than the record');
    return provider;
  }

  /** Whether a reference is that of a SAML identity provider which is bound to the tenant at this moment, and which its own record names. */
  async function namesProvider({ tenantId, samlProviderArns }: Tenant, reference: TenantReference) {
    if (reference.kind !== 'tenant' || samlProviderArns.length === 0) return false;
    const provider = await findSamlProvider(reference.issuer);
    return provider?.tenantId === tenantId && samlProviderArns.includes(provider.providerArn);
  }

  /** The tenant that is bound at this moment, whoever the reference took it for. */
  async function findBound(reference: TenantReference): Promise<TenantId | undefined> {
    if (reference.kind === 'tenant') {
      const binding = (await findIssuer(reference.issuer))?.binding;
      return binding?.kind === 'tenant' ? binding.tenantId : undefined;
    }
    const item = await readBinding(registryKey.claim(reference));
    return item && parseStored(() => parseTenantId(item['tenantId']));
  }

  return {
    findIssuer,
    findSamlProvider,

    async findTenant(reference) {
      const tenantId = reference.kind === 'tenant' ? reference.tenantId : await findBound(reference);
      const item = tenantId === undefined ? undefined : await read(registryKey.tenant(tenantId));
      const tenant = item && parseStored(() => parseTenant(item['record']));
      if (tenant === undefined) return undefined;
      if (tenant.tenantId !== tenantId)
        throw damaged(`tenant ${tenantId}: the record is that of tenant ${tenant.tenantId}`);
      if (answersTo(tenant, reference) || (await namesProvider(tenant, reference))) return tenant;
      // The binding may have been given up since it was read. One that still stands was put there by hand.
      if ((await findBound(reference)) !== tenantId) return undefined;
      throw damaged(`tenant ${tenantId}: the record does not answer to the reference that led to it`);
    },
  };
}

function unavailable(cause: unknown): VendingError {
  return new VendingError('registry_unavailable', { cause, retryAfterSeconds: 1 });
}

/** Whether the tenant's own record agrees with the binding item that led to it: neither alone opens a tenant. */
function answersTo({ issuers, claims }: Tenant, reference: TenantReference): boolean {
  if (reference.kind === 'tenant') return issuers.includes(reference.issuer);
  return claims.some(({ issuer, value }) => issuer === reference.issuer && value === reference.value);
}
