import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BundledFunction } from '../../../infra/constructs/bundled-function.ts';
import { createApp } from '../../../infra/create-app.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { everyChoice, plainEnvironment, testAppProps } from '../synthesized.ts';

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
  LATCHKEY_SESSION_ROLE_ARNS: '["arn:aws:iam::111122223333:role/tenant"]',
  LATCHKEY_USER_SECRETS_PREFIX: 'latchkey-test/users/',
  LATCHKEY_ISSUER_URL: 'https://vend.example.com',
  LATCHKEY_SIGNING_KEYS: '["arn:aws:kms:eu-central-1:111122223333:key/spring"]',
};

const REQUEST = {
  httpMethod: 'POST',
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

const OPENAPI = { ...REQUEST, httpMethod: 'GET', path: '/openapi.json' };
/** Of somebody who has brought neither token nor assertion. */
const NO_TOKEN = { statusCode: 401 };

/** Every deployed function's bundle by its logical id: out of the entry and with the options that it is deployed with. */
async function bundleFunctions(outdir: string): Promise<Map<string, string>> {
  const environments = [{ ...plainEnvironment, ...everyChoice }];
  const app = createApp({ environments, profileDefinitions, ...testAppProps() });
  const functions = app.node.findAll().filter((construct) => construct instanceof BundledFunction);
  // Those with the same options at once: what they share is read once. `cdk synth` starts a process for each.
  const groups = Map.groupBy(functions, ({ code }) => code.bundling);
  for (const [bundling, group] of groups) {
    const entryPoints = Object.fromEntries(group.map((each) => [idOf(each), each.code.entry]));
    await build({ ...esbuildOptions(bundling), entryPoints, outdir });
  }
  return new Map(functions.map((each) => [idOf(each), join(outdir, `${idOf(each)}.js`)]));
}

/** Its path below its stack, without the hash at the end. */
function idOf({ node }: BundledFunction): string {
  return `${node.path.split('/').slice(1).join('')}Function`;
}

/** What the CDK starts esbuild with; options that are not known here are a mistake here. */
function esbuildOptions({ esbuildArgs = {}, ...options }: BundlingOptions): BuildOptions {
  const { format, minify, mainFields, bundleAwsSDK, inject, logLevel: _log, ...maps } = options;
  const { '--supported:dynamic-import': dynamicImport, '--alias': aliases, ...others } = esbuildArgs;
  expect([format, bundleAwsSDK, others]).toEqual([OutputFormat.CJS, true, {}]);
  // Of the source maps nothing is asked here.
  expect(Object.keys(maps).filter((name) => !/^source/.test(name))).toEqual([]);
  return {
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: minify === true,
    mainFields: [...(mainFields ?? [])],
    inject: [...(inject ?? [])],
    supported: { 'dynamic-import': dynamicImport !== 'false' },
    alias: Object.fromEntries(
      (aliases as readonly string[]).map((alias) => alias.split('=') as [string, string]),
    ),
    logLevel: 'warning',
  };
}

describe('every deployed function starts from its bundle, and answers what reaches nothing', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'));
  let bundles: Map<string, string>;

  beforeAll(async () => {
    for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
    bundles = await bundleFunctions(outdir);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(outdir, { recursive: true });
  });

  test.each([
    ['VendFunction', OPENAPI, { statusCode: 200 }],
    ['SamlFunction', { ...REQUEST, path: '/credentials/saml' }, NO_TOKEN],
    ['IamUserFunction', { ...REQUEST, path: '/credentials/iam-user' }, NO_TOKEN],
    ['DecodeFunction', { ...REQUEST, path: '/authorization-messages/decode' }, NO_TOKEN],
    ['AdministrationTenantsFunction', OPENAPI, { statusCode: 200 }],
    ['AdministrationOnboardingFunction', { Records: [] }, { batchItemFailures: [] }],
    [
      'AdministrationTenantResourceFunction',
      { RequestType: 'Delete', RequestId: '1', StackId: 'stack', PhysicalResourceId: 'No_Tenant_Id' },
      { PhysicalResourceId: 'No_Tenant_Id' },
    ],
    ['AdministrationVerifyFunction', {}, { failure: { code: 'request_invalid' } }],
    ['AdministrationRevokeFunction', {}, { failure: { code: 'request_invalid' } }],
  ])('%s', async (id, event, answer) => {
    const { handler } = createRequire(import.meta.url)(bundles.get(id) ?? '');
    expect(await handler(event, {})).toMatchObject(answer);
  });
});
