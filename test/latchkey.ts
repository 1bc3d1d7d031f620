import type { APIGatewayProxyResult } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import { apiGatewayEvent } from '../bench/api-gateway-event.ts';
import { createDynamoTenantWriter, type TenantWriter } from '../functions/adapters/dynamo-tenant-writer.ts';
import type { AuditEvent } from '../functions/core/audit-event.ts';
import type { IssuerRecord } from '../functions/core/issuer.ts';
import type { ProfileDefinition } from '../functions/core/profile-definition.ts';
import type { Vending } from '../functions/core/vending.ts';
import { createVendApp } from '../functions/vend/app.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import { wireVending } from '../functions/vend/wiring.ts';
import { REGION, REGISTRY_TABLE } from '../local/account.ts';
import { type LocalLatchkey, startLocal, vendVariables } from '../local/start.ts';
import { profileDefinitions } from '../profiles/index.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from './test-issuer.ts';

/** Latchkey as `npm run dev` runs it, with an issuer whose keys the test holds. */
export interface TestLatchkey extends LocalLatchkey {
  /** A shared issuer; its claim `tenant` is bound to acme, globex and sleepy (suspended). */
  readonly issuer: TestIssuer;
  /** An issuer bound to initech alone. */
  readonly ownIssuer: TestIssuer;
  readonly writer: TenantWriter;
  /** What was audited since it was last emptied. */
  readonly audited: AuditEvent[];
  request(path: string, init?: RequestInit): Promise<Response>;
  /** `POST /credentials` with a token and a JSON body. */
  vend(token: string, body?: unknown): Promise<Response>;
}

/** Profiles for tests beside the shipped ones. */
const testProfiles: readonly ProfileDefinition[] = [
  {
    name: 'demanding',
    description: 'asks for scopes, a folder and a plan',
    roleArn: '{{resources.tenantRoleArn}}',
    requiredScopes: ['vend', 'write'],
    durationSeconds: { default: 900, maximum: 1800 },
    tags: { Plan: '{{tenant.attributes.plan}}' },
    transitiveTagKeys: ['TenantId'],
    scope: { folder: { description: 'a folder', pattern: '[a-z]+/' } },
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*',
        },
      ],
    },
  },
  {
    name: 'unknown-role',
    description: 'a role that does not exist',
    roleArn: 'arn:aws:iam::111122223333:role/nobody',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
        },
      ],
    },
  },
];

/** Starts it; requests go over `http`, or as events of API Gateway through the adapter that Lambda uses. */
export async function startTestLatchkey(way: 'http' | 'lambda' = 'http'): Promise<TestLatchkey> {
  const audited: AuditEvent[] = [];
  const surroundings = {
    profileDefinitions: [...profileDefinitions, ...testProfiles],
    auditLog: { record: (event: AuditEvent) => void audited.push(event) },
    clock: () => new Date(),
  };
  const local = await startLocal({ ...surroundings, port: 0, log: () => {} });
  const [issuer, ownIssuer] = await Promise.all([startTestIssuer(), startTestIssuer()]);
  const writer = createDynamoTenantWriter({
    tableName: REGISTRY_TABLE,
    region: REGION,
    credentials: local.aws.operatorCredentials,
    endpoint: local.aws.dynamodb,
  });
  await writer.putIssuer({ ...issuerRecord(issuer), binding: { kind: 'claim', claim: 'tenant' } });
  await writer.putIssuer({ ...issuerRecord(ownIssuer), binding: { kind: 'tenant', tenantId: 'initech' } });
  const profiles = ['app', 'read-only', 'demanding', 'unknown-role'];
  const common = { profiles, defaultProfile: 'app', attributes: { plan: 'gold' } };
  const claims = (value: string) => [{ issuer: issuer.url, value }];
  await writer.putTenant({ ...common, tenantId: 'acme', displayName: 'Acme', claims: claims('acme') });
  await writer.putTenant({
    ...common,
    tenantId: 'globex',
    displayName: 'Globex',
    claims: claims('globex'),
    profiles: ['app'],
  });
  await writer.putTenant({
    ...common,
    tenantId: 'sleepy',
    displayName: 'Sleepy',
    claims: claims('sleepy'),
    status: 'suspended',
  });

  const request =
    way === 'http'
      ? (path: string, init: RequestInit = {}) => fetch(local.facts.api + path, init)
      : throughLambda(
          wireVending({ ...surroundings, environment: readVendEnvironment(vendVariables(local.aws)) }),
        );
  return {
    ...local,
    issuer,
    ownIssuer,
    writer,
    audited,
    request,
    vend: (token, body) =>
      request('/credentials', {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      issuer.close();
      ownIssuer.close();
      await local.close();
    },
  };
}

/** Requests as events of API Gateway, through the adapter that the Lambda handler uses. */
function throughLambda(vending: Vending): TestLatchkey['request'] {
  const handler = handle(createVendApp(vending));
  return async (path, { method = 'GET', headers, body } = {}) => {
    const { pathname, searchParams } = new URL(path, 'https://latchkey.example');
    const event = apiGatewayEvent(
      method,
      pathname,
      { ...(headers as Record<string, string>) },
      (body as string) ?? null,
    );
    const query = Object.fromEntries(
      [...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]),
    );
    const result = await handler({ ...event, multiValueQueryStringParameters: query } as never);
    const { statusCode, body: text, multiValueHeaders = {} } = result as APIGatewayProxyResult;
    const pairs = Object.entries(multiValueHeaders).map(
      ([name, [value]]) => [name, String(value)] as [string, string],
    );
    return new Response(text, { status: statusCode, headers: pairs });
  };
}

function issuerRecord({ url, jwksUri }: TestIssuer): Omit<IssuerRecord, 'binding'> {
  return { url, audience: AUDIENCE, algorithms: ['RS256'], jwksUri };
}

/** The JSON of an answer, for tests that look into it member by member. */
// biome-ignore lint/suspicious/noExplicitAny: an assertion on a member that is not there fails, and that is its purpose
export const jsonOf = (response: Response): Promise<any> => response.json();
