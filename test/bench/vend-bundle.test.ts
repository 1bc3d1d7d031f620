import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleVendFunction } from '../../bench/vend-bundle.ts';

let outdir: string;
let bundle: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'));
  bundle = bundleVendFunction(outdir);
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const variables = {
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_RESOURCES: JSON.stringify({
    tenantRoleArn: 'arn:aws:iam::111122223333:role/tenant',
    tenantBucketArn: 'arn:aws:s3:::data',
    tenantTableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
  }),
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

/** An event as API Gateway sends it for a REST API with Lambda proxy integration (payload version 1). */
function eventOf(httpMethod: string, path: string): APIGatewayProxyEvent {
  const headers = { Host: 'abc123.execute-api.eu-central-1.amazonaws.com', Accept: '*/*' };
  return {
    resource: path,
    path,
    httpMethod,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '111122223333',
      apiId: 'abc123',
      authorizer: null,
      protocol: 'HTTP/1.1',
      httpMethod,
      identity: { sourceIp: '192.0.2.1' } as APIGatewayProxyEvent['requestContext']['identity'],
      path: `/v1${path}`,
      stage: 'v1',
      requestId: 'd3b0c442-98fc-4c14-9afb-f4c8996fb924',
      requestTimeEpoch: 1_795_000_000_000,
      resourceId: 'xyz789',
      resourcePath: path,
    },
  };
}

/** What the bundle answers in a process of its own, as in a fresh sandbox of Lambda: only its variables are set. */
function invoke(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const script = `
    const { handler } = require(${JSON.stringify(bundle)});
    handler(${JSON.stringify(event)}, {}).then((result) => console.log('answer ' + JSON.stringify(result)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: variables,
  });
  const answer = /^answer (.*)$/m.exec(stdout)?.[1];
  if (answer === undefined) throw new Error(`got no answer, expected one: ${stderr}`);
  return JSON.parse(answer);
}

describe('the bundle that is deployed', () => {
  test('is 450 kB at most', () => {
    expect(statSync(bundle).size).toBeLessThanOrEqual(450_000);
  });

  test('holds neither the default credential chain nor a second signer', () => {
    const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
    expect(
      sources.filter((path) => /credential-provider|signature-v4-(?:multi-region|a)\//.test(path)),
    ).toEqual([]);
    expect(sources.filter((path) => path.includes('infra/bundle/'))).toHaveLength(2);
  });

  test('answers an event of API Gateway', () => {
    expect(invoke(eventOf('GET', '/health'))).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  });

  test('refuses a request without a token', () => {
    const { statusCode, body } = invoke(eventOf('POST', '/credentials'));
    expect(statusCode).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ code: 'token_missing' });
  });
});
