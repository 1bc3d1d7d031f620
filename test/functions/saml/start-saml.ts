import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoTenantStore } from '../../../functions/adapters/registry/dynamo-tenant-store.ts';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import type { TenantDefinitionInput } from '../../../functions/core/tenant/tenant-definition.ts';
import { createSamlApp } from '../../../functions/saml/app.ts';
import { readSamlEnvironment } from '../../../functions/saml/environment.ts';
import { wireSamlVending } from '../../../functions/saml/wiring.ts';
import type { RoleDefinition } from '../../../local/aws/roles.ts';
import { IDP_PAIR, OTHER_PAIR } from '../../local/saml-test-keys.ts';
import { serveDoor } from '../../local/serve-door.ts';
import {
  type AssertionOptions,
  IDP_ENTITY_ID,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  renderIdpMetadata,
  signResponse,
} from '../../local/sign-assertion.ts';
import {
  ACCOUNT,
  BOUNDED_BY_TAG,
  BUCKET,
  document,
  REGION,
  roleArn,
  startFederation,
} from '../../local/start-federation.ts';
import { startFaultyDynamoDb } from '../adapters/faulty-dynamodb.ts';
import { definedTenant } from '../adapters/registry/dynamo-registry.ts';

export const FEDERATED_ROLE = roleArn('latchkey-federated');
export const GLOBEX_ENTITY_ID = 'https://idp.globex.example/saml';
/** Of each tenant's identity provider, in IAM. */
export const providerArn = (tenantId: string) => `arn:aws:iam::${ACCOUNT}:saml-provider/${tenantId}`;

/** Each tenant's sessions come from its own provider alone, with its own tag alone: what a role must be whose sessions anybody with an assertion can open. */
const FEDERATED: RoleDefinition = {
  arn: FEDERATED_ROLE,
  trustPolicy: document(
    ...['acme', 'globex'].map((tenantId) => ({
      Effect: 'Allow',
      Principal: { Federated: providerArn(tenantId) },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: { StringEquals: { 'aws:RequestTag/TenantId': tenantId } },
    })),
  ),
  policies: { tenantData: BOUNDED_BY_TAG },
  maxSessionDurationSeconds: 43_200,
};

const PROFILE = {
  name: 'app',
  description: 'objects of the tenant, for who signs in at its identity provider',
  method: 'saml',
  roleArn: '{{resources.federatedRoleArn}}',
  policy: document({
    Sid: 'Objects',
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${BUCKET}/{{tenant.id}}/*`,
  }),
  durationSeconds: { default: 3600, maximum: 43_200 },
};
/** Of the vend function: not to be had here. */
const CHAINED = {
  ...PROFILE,
  name: 'chained',
  method: 'assumeRole',
  roleArn: FEDERATED_ROLE,
  durationSeconds: { default: 3600, maximum: 3600 },
};

const TABLES = { registry: ['pk', 'sk'], usage: ['pk'] };

/** The app over the real adapters, a real DynamoDB, and the local STS and S3, with two tenants and their identity providers. */
export async function startSaml(now: () => Date) {
  const metadata = {
    acme: renderIdpMetadata(),
    globex: renderIdpMetadata({ entityId: GLOBEX_ENTITY_ID, certificates: [OTHER_PAIR.certificate] }),
  };
  const federation = await startFederation({
    now,
    roles: [FEDERATED],
    saml: Object.entries(metadata).map(([id, xml]) => ({ arn: providerArn(id), metadata: xml })),
  });
  const asked: string[] = [];
  const sts = await serveDoor(async (request) => {
    const body = await request.text();
    asked.push(body);
    const { 'content-type': type = '' } = Object.fromEntries(request.headers);
    return fetch(federation.stsEndpoint, { method: 'POST', headers: { 'content-type': type }, body });
  });
  const dynamo = await startFaultyDynamoDb();
  const all = dynamo.access('all', [{ Action: 'dynamodb:*', Resource: '*' }]);
  const client = new DynamoDBClient(all as never);
  for (const [TableName, keys] of Object.entries(TABLES)) await client.send(createTable(TableName, keys));

  const store = createDynamoTenantStore({ ...all, tableName: 'registry', clock: now });
  const put = (id: 'acme' | 'globex', changes: Partial<TenantDefinitionInput> = {}) =>
    store.writeTenant(
      definedTenant(id, {
        profiles: ['app', 'chained'],
        samlProviders: [{ providerArn: providerArn(id), metadata: metadata[id] }],
        ...changes,
      }),
      undefined,
    );
  await put('acme');
  await put('globex');

  const audited: AuditEvent[] = [];
  const { accessKeyId, secretAccessKey, sessionToken } = Object(all.credentials);
  const environment = readSamlEnvironment({
    LATCHKEY_REGISTRY_TABLE: 'registry',
    LATCHKEY_USAGE_TABLE: 'usage',
    LATCHKEY_RESOURCES: JSON.stringify({ federatedRoleArn: FEDERATED_ROLE }),
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL_STS: sts.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: all.endpoint,
  });
  const app = createSamlApp(
    wireSamlVending({
      environment,
      profileDefinitions: [PROFILE, CHAINED],
      auditLog: { record: (event) => void audited.push(event) },
      clock: now,
    }),
  );
  return {
    federation,
    /** What STS was asked by the app. */
    asked,
    audited,
    async post(body: string | URLSearchParams | object, headers: Record<string, string> = {}, query = '') {
      const isJson = typeof body === 'object' && !(body instanceof URLSearchParams);
      const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
      const response = await app.request(
        `/credentials/saml${query}`,
        {
          method: 'POST',
          headers: { 'Content-Type': type, ...headers },
          body: isJson ? JSON.stringify(body) : String(body),
        },
        {},
      );
      const text = await response.text();
      // biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects
      const answer = text.startsWith('{') ? (JSON.parse(text) as any) : text;
      return { status: response.status, headers: response.headers, answer };
    },
    async close() {
      await Promise.all([federation.close(), sts.close(), dynamo.close()]);
    },
  };
}

export type LocalSaml = Awaited<ReturnType<typeof startSaml>>;

/** What acme's identity provider says to AWS of Ann; undefined leaves an attribute out. */
export function attributesOf(
  tenantId: string,
  changes: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): NonNullable<AssertionOptions['attributes']> {
  const usual = {
    [ROLE]: `${FEDERATED_ROLE},${providerArn(tenantId)}`,
    [ROLE_SESSION_NAME]: `${tenantId}.ann`,
    [principalTag('TenantId')]: tenantId,
  };
  const kept = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as NonNullable<AssertionOptions['attributes']>;
}

/** A response of a tenant's identity provider, as it is posted. */
export function responseOf(tenantId: 'acme' | 'globex', options: AssertionOptions = {}): string {
  const own =
    tenantId === 'acme'
      ? { issuer: IDP_ENTITY_ID, pair: IDP_PAIR }
      : { issuer: GLOBEX_ENTITY_ID, pair: OTHER_PAIR };
  return signResponse({ ...own, attributes: attributesOf(tenantId), ...options });
}

function createTable(TableName: string, keys: readonly string[]) {
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
    })),
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  });
}
