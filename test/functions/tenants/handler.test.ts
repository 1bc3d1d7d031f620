import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { apiGatewayEvent } from '../../../bench/api-gateway-event.ts';
import { type DynamoRegistry, startDynamoRegistry } from '../adapters/registry/dynamo-registry.ts';
import { RESOURCES } from '../core/sample.ts';
import { ACTOR } from './stub.ts';

/** The Lambda entry with its real wiring, called as Lambda calls it. */
describe('the handler of the operators', () => {
  const written: string[] = [];
  let registry: DynamoRegistry;
  let handler: (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

  beforeAll(async () => {
    registry = await startDynamoRegistry();
    const { tableName, region, endpoint = '', credentials } = registry.as('store');
    const variables = {
      LATCHKEY_REGISTRY_TABLE: tableName,
      LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
      LATCHKEY_VEND_ROLE_ARN: 'arn:aws:iam::111122223333:role/vend',
      LATCHKEY_VERIFY_FUNCTION: 'verify',
      LATCHKEY_REVOKE_FUNCTION: 'revoke',
      LATCHKEY_EVENT_BUS: 'bus',
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      // The logger would take a console of its own.
      POWERTOOLS_DEV: 'true',
    };
    for (const level of ['info', 'warn'] as const)
      vi.spyOn(console, level).mockImplementation((line) => void written.push(String(line)));
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    ({ handler } = (await import('../../../functions/tenants/handler.ts')) as never);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await registry.close();
  });
  beforeEach(() => {
    registry.requests.length = 0;
  });

  const call = (method: string, path: string, userArn: string | null) => {
    const event = apiGatewayEvent(method, path);
    const identity = { ...event.requestContext.identity, userArn };
    return handler({ ...event, requestContext: { ...event.requestContext, identity } }, {});
  };

  test.each([
    ['GET', '/tenants', 200, { items: [] }],
    ['GET', '/issuers', 200, { items: [] }],
    ['GET', '/tenants/acme', 404, { code: 'tenant_not_found', vendId: 'UXaMpLeFiAMFxJg=' }],
  ])('asks the registry for %s %s', async (method, path, status, answer) => {
    const { statusCode, body } = await call(method, path, ACTOR);
    expect([statusCode, JSON.parse(body)]).toEqual([status, expect.objectContaining(answer)]);
    expect(registry.requests).toHaveLength(1);
  });

  // IAM has authorised the path as it was sent: what a URL makes of it may be the path of another route.
  test.each([
    '/tenants/..\\issuers',
    '/tenants/./acme',
    '/tenants/acme/../../issuers',
    '/tenants/acme#/x',
    '/ten\tants',
    '/tenants/%61cme',
  ])('serves no other path than the one that was sent: %j', async (path) => {
    const { statusCode, body } = await call('GET', path, ACTOR);
    expect([statusCode, JSON.parse(body).code]).toEqual([404, 'not_found']);
    expect(registry.requests).toEqual([]);
  });

  it('asks it for nobody whom IAM has not authorised', async () => {
    const { statusCode, body } = await call('GET', '/tenants', null);
    expect([statusCode, JSON.parse(body).code]).toEqual([403, 'not_authorized']);
    expect(registry.requests).toEqual([]);
  });

  it('writes one audit line for an outcome', async () => {
    written.length = 0;
    await call('GET', '/tenants/acme', ACTOR);
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'WARN',
        service: 'latchkey-tenants',
        audit: { operation: 'tenant.get', code: 'tenant_not_found', actor: ACTOR, tenantId: 'acme' },
      },
    ]);
  });
});
