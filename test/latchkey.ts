import type { APIGatewayProxyResult } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import { apiGatewayEvent } from '../bench/api-gateway-event.ts';
import type { Act } from '../functions/core/administration/administration.ts';
import type { AuditEvent } from '../functions/core/audit-event.ts';
import type { ProfileDefinition } from '../functions/core/profile/profile-definition.ts';
import { parseTenantId } from '../functions/core/tenant-id.ts';
import { createVendApp } from '../functions/vend/app.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import type { VendService } from '../functions/vend/vend-service.ts';
import { wireVending } from '../functions/vend/wiring.ts';
import { vendVariables } from '../local/function-variables.ts';
import { type LocalLatchkey, startLocal } from '../local/start.ts';
import { profileDefinitions } from '../profiles/index.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from './test-issuer.ts';

/** Latchkey as `npm run dev` runs it, with an issuer whose keys the test holds. */
export interface TestLatchkey extends LocalLatchkey {
  /** A shared issuer; its claim `tenant` is bound to acme, globex and sleepy (suspended). */
  readonly issuer: TestIssuer;
  /** An issuer bound to initech alone. */
  readonly ownIssuer: TestIssuer;
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
  await administer(local, issuer, ownIssuer);
  // What was audited until here is not the test's.
  audited.length = 0;

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
function throughLambda(vending: VendService): TestLatchkey['request'] {
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

/** In whose name a test administers. */
export const ACT: Act = { requestId: 'test', actor: 'test' };

/** The test's issuers, bound to the tenants that they speak for. */
async function administer(
  { functions: { administration } }: LocalLatchkey,
  issuer: TestIssuer,
  ownIssuer: TestIssuer,
): Promise<void> {
  const termsOf = ({ url, jwksUri }: TestIssuer) => ({
    url,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    jwksUri,
  });
  await administration.putIssuer(ACT, { ...termsOf(issuer), claim: 'tenant' }, 'absent');
  const common = { attributes: { plan: 'gold' }, defaultProfile: 'app' };
  const put = (tenantId: string, definition: object) =>
    administration.putTenant(ACT, parseTenantId(tenantId), { ...common, ...definition }, 'any');
  const bound = (value: string) => ({
    displayName: `${value[0]?.toUpperCase()}${value.slice(1)}`,
    claims: [{ issuer: issuer.url, value }],
  });
  await put('acme', { ...bound('acme'), profiles: ['app', 'read-only', 'demanding', 'unknown-role'] });
  await put('globex', { ...bound('globex'), profiles: ['app'] });
  await put('sleepy', { ...bound('sleepy'), profiles: ['app'] });
  await administration.suspendTenant(ACT, parseTenantId('sleepy'), 'any');
  await put('initech', {
    displayName: 'Initech',
    profiles: ['app', 'read-only'],
    defaultProfile: 'read-only',
    issuers: [termsOf(ownIssuer)],
  });
}

/** The JSON of an answer, for tests that look into it member by member. */
// biome-ignore lint/suspicious/noExplicitAny: an assertion on a member that is not there fails, and that is its purpose
export const jsonOf = (response: Response): Promise<any> => response.json();
