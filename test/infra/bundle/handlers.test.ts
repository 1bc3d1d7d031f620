import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../../infra/create-app.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { plainEnvironment } from '../synthesized.ts';

const VARIABLES = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_RESOURCES: JSON.stringify({
    tenantRoleArn: 'arn:aws:iam::111122223333:role/tenant',
    tenantBucketArn: 'arn:aws:s3:::data',
    tenantTableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
  }),
  LATCHKEY_VEND_ROLE_ARN: 'arn:aws:iam::111122223333:role/vend',
  LATCHKEY_VERIFY_FUNCTION: 'verify',
  LATCHKEY_REVOKE_FUNCTION: 'revoke',
  LATCHKEY_EVENT_BUS: 'bus',
  LATCHKEY_TEMPLATE_BUCKET: 'templates',
  LATCHKEY_TENANT_ROLE_ARNS: '["arn:aws:iam::111122223333:role/tenant"]',
};

const OPENAPI = {
  httpMethod: 'GET',
  path: '/openapi.json',
  headers: { Host: 'api.example' },
  multiValueHeaders: {},
  requestContext: {
    domainName: 'api.example',
    extendedRequestId: 'request',
    identity: { userArn: 'arn:aws:sts::111122223333:assumed-role/operator/somebody' },
  },
  body: null,
  isBase64Encoded: false,
};

/** The very files that `cdk deploy` uploads, by the logical ids of their functions. */
function bundleFunctions(outdir: string): Map<string, string> {
  const app = createApp({
    environments: [plainEnvironment],
    profileDefinitions,
    outdir,
    // Lets the template say where on this machine the functions' code lies.
    context: { 'aws:cdk:enable-asset-metadata': true },
  });
  const resources: Record<string, { Metadata?: Record<string, string> }> =
    app.synth().stacks[0]?.template.Resources ?? {};
  return new Map(
    Object.entries(resources).flatMap(([id, { Metadata }]) => {
      const asset = Metadata?.['aws:asset:path'];
      return asset === undefined ? [] : [[id, join(outdir, asset, 'index.js')]];
    }),
  );
}

describe('every deployed function starts from its bundle, and answers what reaches nothing', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'));
  let bundles: Map<string, string>;

  beforeAll(() => {
    for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
    bundles = bundleFunctions(outdir);
  }, 180_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(outdir, { recursive: true });
  });

  test.each([
    ['VendFunction', OPENAPI, { statusCode: 200 }],
    ['AdministrationTenantsFunction', OPENAPI, { statusCode: 200 }],
    ['AdministrationOnboardingFunction', { Records: [] }, { batchItemFailures: [] }],
    [
      'AdministrationTenantResourceFunction',
      { RequestType: 'Delete', RequestId: '1', StackId: 'stack', PhysicalResourceId: 'No_Tenant_Id' },
      { PhysicalResourceId: 'No_Tenant_Id' },
    ],
    ['AdministrationVerifyFunction', {}, { failure: { code: 'request_invalid' } }],
    ['AdministrationRevokeFunction', {}, { failure: { code: 'request_invalid' } }],
  ])('%s', async (idPrefix, event, answer) => {
    const [, path = ''] = [...bundles].find(([id]) => id.startsWith(idPrefix)) ?? [];
    const { handler } = createRequire(import.meta.url)(path);
    expect(await handler(event, {})).toMatchObject(answer);
  });
});
