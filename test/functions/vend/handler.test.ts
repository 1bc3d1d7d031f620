import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiGatewayEvent } from '../../../bench/api-gateway-event.ts';
import { bundleVendFunction } from '../../../bench/vend-bundle.ts';
import { vendVariables } from '../../../local/function-variables.ts';
import { startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';
import { createDpopClient } from './dpop-client.ts';

/** The very file that `cdk deploy` uploads, called as Lambda calls it. */
describe('the deployed handler', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'latchkey-'));
  let latchkey: TestLatchkey;
  let handler: (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

  beforeAll(async () => {
    latchkey = await startTestLatchkey();
    for (const [name, value] of Object.entries(vendVariables(latchkey.aws))) vi.stubEnv(name, value);
    vi.stubEnv('LATCHKEY_ALLOWED_ORIGINS', '["https://app.example.com"]');
    ({ handler } = createRequire(import.meta.url)(bundleVendFunction(outdir)));
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await latchkey.close();
    rmSync(outdir, { recursive: true });
  });

  it('vends for a REST API event', async () => {
    const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
    const event = apiGatewayEvent(
      'POST',
      '/credentials',
      { Authorization, 'Content-Type': 'application/json' },
      '{"profile":"read-only"}',
    );
    const { statusCode, body, multiValueHeaders } = await handler(event, {});
    expect([statusCode, JSON.parse(body)]).toMatchObject([
      200,
      {
        vendId: event.requestContext.extendedRequestId,
        tenantId: 'acme',
        profile: 'read-only',
        sessionTags: { TenantId: 'acme' },
      },
    ]);
    expect(multiValueHeaders).toMatchObject({
      'cache-control': ['no-store'],
      'content-type': ['application/json'],
    });
  });

  it('answers the container protocol', async () => {
    const event = apiGatewayEvent('GET', '/credentials/container', {
      Authorization: `Bearer ${await latchkey.issuer.sign()}`,
    });
    const { statusCode, body } = await handler(
      { ...event, multiValueQueryStringParameters: { profile: ['app'] } },
      {},
    );
    expect([statusCode, Object.keys(JSON.parse(body))]).toEqual([
      200,
      ['AccessKeyId', 'SecretAccessKey', 'Token', 'Expiration', 'AccountId'],
    ]);
  });

  it('takes a DPoP proof for the URL that API Gateway says was asked for, once', async () => {
    const client = await createDpopClient();
    const token = await latchkey.issuer.sign({ claims: { cnf: { jkt: client.jkt } } });
    const url = 'https://abcde12345.execute-api.eu-central-1.amazonaws.com/v1/credentials';
    const headers = {
      Authorization: `DPoP ${token}`,
      DPoP: await client.prove({ method: 'POST', url, token }),
    };
    const event = apiGatewayEvent('POST', '/credentials', headers);
    expect([(await handler(event, {})).statusCode, (await handler(event, {})).statusCode]).toEqual([
      200, 401,
    ]);
  });

  it('reads a body that comes in base64, and says in full what is wrong with it', async () => {
    const headers = {
      Authorization: `bearer ${await latchkey.issuer.sign()}`,
      'Content-Type': 'application/json',
    };
    const body = Buffer.from('{"profil":"äpp"}').toString('base64');
    const result = await handler(
      { ...apiGatewayEvent('POST', '/credentials', headers, body), isBase64Encoded: true },
      {},
    );
    expect(result).toMatchObject({
      statusCode: 400,
      multiValueHeaders: { 'content-type': ['application/problem+json'], 'cache-control': ['no-store'] },
    });
    expect(JSON.parse(result.body)).toMatchObject({
      code: 'request_invalid',
      detail: 'unknown member profil; expected profile, durationSeconds, scope, mfa, contexts, format',
    });
  });

  it('lets a page of an allowed origin ask, and read every answer', async () => {
    const origin = 'https://app.example.com';
    const preflight = await handler(
      apiGatewayEvent('OPTIONS', '/credentials', {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      }),
      {},
    );
    expect(preflight).toMatchObject({
      statusCode: 204,
      multiValueHeaders: {
        'access-control-allow-origin': [origin],
        'access-control-allow-methods': ['GET,POST'],
        'access-control-allow-headers': ['Authorization,Content-Type,DPoP'],
      },
    });
    const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
    for (const [headers, statusCode] of [
      [{ Origin: origin, Authorization }, 200],
      [{ Origin: origin }, 401],
    ] as const)
      expect(await handler(apiGatewayEvent('POST', '/credentials', { ...headers }), {})).toMatchObject({
        statusCode,
        multiValueHeaders: {
          'access-control-allow-origin': [origin],
          'access-control-expose-headers': ['Date,DPoP-Nonce,Retry-After,WWW-Authenticate'],
          'cache-control': ['no-store'],
          vary: ['Origin'],
        },
      });
  });

  it('lets no page of another origin read', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const event = apiGatewayEvent(method, '/whoami', { Origin: 'https://evil.example' });
      const { multiValueHeaders } = await handler(event, {});
      expect(Object.keys(multiValueHeaders ?? {})).not.toContain('access-control-allow-origin');
    }
  });

  it('challenges a request without a token', async () => {
    const { statusCode, multiValueHeaders } = await handler(apiGatewayEvent('GET', '/whoami'), {});
    expect([statusCode, multiValueHeaders?.['www-authenticate']]).toEqual([
      401,
      [expect.stringMatching(/^Bearer realm="latchkey", .*, DPoP realm="latchkey", algs=/)],
    ]);
  });

  it.each([
    ['GET', '/health', 200],
    ['GET', '/openapi.json', 200],
    ['DELETE', '/credentials', 405],
    ['GET', '/nowhere', 404],
  ])('answers %s %s: %d', async (method, path, status) => {
    expect((await handler(apiGatewayEvent(method, path), {})).statusCode).toBe(status);
  });

  it('refuses two Authorization headers', async () => {
    const event = apiGatewayEvent('POST', '/credentials', {});
    const both = [`Bearer ${await latchkey.issuer.sign()}`, `Bearer ${await latchkey.issuer.sign()}`];
    const { statusCode, body } = await handler({ ...event, multiValueHeaders: { Authorization: both } }, {});
    expect([statusCode, JSON.parse(body).code]).toEqual([400, 'request_invalid']);
  });

  it('writes one audit line for an outcome, without the token', async () => {
    const written: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((chunk) => written.push(String(chunk)) > 0);
    const token = await latchkey.issuer.sign();
    await handler(apiGatewayEvent('POST', '/credentials', { Authorization: `Bearer ${token}` }), {});
    write.mockRestore();
    const lines = written
      .join('')
      .split('\n')
      .filter((line) => line.includes('"audit"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'INFO',
      service: 'latchkey-vend',
      audit: { code: 'granted', tenantId: 'acme' },
    });
    expect(written.join('')).not.toContain(token.split('.')[2]);
  });
});
