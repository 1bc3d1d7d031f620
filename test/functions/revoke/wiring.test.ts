import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createFunctionInvoker } from '../../../functions/adapters/administration/function-invoker.ts';
import { REVOCATIONS_POLICY_NAME } from '../../../functions/adapters/administration/iam-policy-writer.ts';
import { createRemoteRevoker } from '../../../functions/adapters/administration/remote-revoker.ts';
import { createOutcomeLog } from '../../../functions/adapters/log/outcome-log.ts';
import type { FunctionAnswer } from '../../../functions/core/function-answer.ts';
import {
  addRevocation,
  type Revocation,
  renderRevocations,
} from '../../../functions/core/revocation/revocation.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import { readRevokeEnvironment } from '../../../functions/revoke/environment.ts';
import { wireRevoking } from '../../../functions/revoke/wiring.ts';
import { ACCOUNT, REGION, REGISTRY_TABLE, REVOKE_ROLE_ARN, TENANT_ROLE_ARN } from '../../../local/account.ts';
import { createLambdaDoor } from '../../../local/aws/lambda.ts';
import type { LocalRole } from '../../../local/aws/roles.ts';
import { ROLES } from '../../../local/roles.ts';
import { type ServedDoor, serveDoor } from '../../local/serve-door.ts';
import { type Doors, startDoors } from '../../local/start-doors.ts';

const BEFORE = `${new Date().toISOString().slice(0, 19)}Z`;
const revocationOf = (tenantId: string): Revocation => ({
  tenantId: parseTenantId(tenantId),
  before: BEFORE,
});

let doors: Doors;
let lambda: ServedDoor;
let revoke: (payload: unknown) => Promise<FunctionAnswer<null>>;
let logged: unknown[];

beforeAll(async () => {
  doors = await startDoors(ROLES);
  lambda = await serveDoor(
    createLambdaDoor({
      account: ACCOUNT,
      region: REGION,
      sessions: doors.sessions,
      functions: new Map([['latchkey-revoke', (payload: unknown) => revoke(payload)]]),
      clock: () => new Date(),
      log: () => {},
    }),
  );
});
afterAll(async () => {
  await lambda.close();
  await doors.close();
});
beforeEach(() => {
  logged = [];
  revoke = wire();
});

function wire(variables: Readonly<Record<string, string>> = {}) {
  const { accessKeyId, secretAccessKey, sessionToken } = doors.open(REVOKE_ROLE_ARN).credentials;
  return wireRevoking({
    environment: readRevokeEnvironment({
      LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
      LATCHKEY_TENANT_ROLE_ARNS: JSON.stringify([TENANT_ROLE_ARN]),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL_DYNAMODB: doors.dynamodb,
      AWS_ENDPOINT_URL_IAM: doors.iam,
      ...variables,
    }),
    log: createOutcomeLog('revocation', {
      info: (...line: unknown[]) => void logged.push(line),
      warn: (...line: unknown[]) => void logged.push(line),
    } as never),
    clock: () => new Date(),
  });
}

const request = (tenantId: string, principalArn = TENANT_ROLE_ARN) => ({
  operation: 'revoke',
  principalArn,
  ...revocationOf(tenantId),
});
const policyNow = () =>
  JSON.parse(roleNow().policies.get(REVOCATIONS_POLICY_NAME)?.document ?? '{"Statement":[]}').Statement;
const roleNow = () => doors.roles.get(TENANT_ROLE_ARN) as LocalRole;

test('many at the same time all end in the policy', async () => {
  const tenantIds = Array.from({ length: 20 }, (_, index) => `tenant-${index}`);
  // As in Lambda: instances that share nothing but the store.
  const instances = tenantIds.map(() => wire());
  const answers = await Promise.all(
    tenantIds.map((tenantId, index) => instances[index]?.(request(tenantId))),
  );
  expect(answers).toEqual(tenantIds.map(() => ({ value: null })));
  const all = tenantIds.map(revocationOf).reduce<readonly Revocation[]>(addRevocation, []);
  expect(policyNow()).toEqual(renderRevocations(all, { isShared: true, policyMaxCharacters: 6000 }));
});

test('without the permission to change the policy fails, and the next sweep makes up for it', async () => {
  const iam = new IAMClient({
    region: REGION,
    endpoint: doors.iam,
    credentials: doors.everything.credentials,
  });
  const forbidden = { RoleName: 'latchkey-revoke', PolicyName: 'forbidden' };
  const Statement = [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ ...forbidden, PolicyDocument }));

  expect(await revoke(request('late'))).toMatchObject({ failure: { code: 'revocation_failed' } });
  // Nobody reads the answer to a sweep: it ends as an error of the function.
  await expect(revoke({ operation: 'sweep' })).rejects.toMatchObject({ code: 'revocation_failed' });
  expect(JSON.stringify(policyNow())).not.toContain('"late"');
  expect(JSON.stringify(logged)).toContain('iam:PutRolePolicy');

  await iam.send(new DeleteRolePolicyCommand(forbidden));
  expect(await revoke({ operation: 'sweep' })).toEqual({ value: null });
  expect(JSON.stringify(policyNow())).toContain('"late"');
});

test('a sweep takes the policy away when nothing is left, and does not mind that it is gone', async () => {
  const tomorrow = () => new Date(Date.now() + 86_400_000);
  await revoke(request('acme'));
  const { credentials } = doors.open(REVOKE_ROLE_ARN);
  const sweeper = wireRevoking({
    environment: {
      region: REGION,
      credentials,
      registryTable: REGISTRY_TABLE,
      principals: {
        chainedRoleArns: [TENANT_ROLE_ARN],
        longSessionRoleArns: [],
        federationUserArn: undefined,
        tenantUserArnPrefix: undefined,
      },
      dynamodbEndpoint: doors.dynamodb,
      iamEndpoint: doors.iam,
    },
    log: createOutcomeLog('revocation', { info: () => {}, warn: () => {} }),
    clock: tomorrow,
  });
  await sweeper({ operation: 'sweep' });
  expect(roleNow().policies.has(REVOCATIONS_POLICY_NAME)).toBe(false);
  expect(await sweeper({ operation: 'sweep' })).toEqual({ value: null });
});

test.each([
  ['another role', request('acme', `arn:aws:iam::${ACCOUNT}:role/latchkey-vend`), 'revocation_failed'],
  ['no operation', {}, 'request_invalid'],
  ['an unknown operation', { operation: 'restore' }, 'request_invalid'],
  ['a time with fractions', { ...request('acme'), before: '2026-11-22T10:00:00.500Z' }, 'request_invalid'],
  ['no tenant', { ...request('acme'), tenantId: '*' }, 'request_invalid'],
  ['the probe', { ...request('acme'), tenantId: 'latchkey-probe' }, 'request_invalid'],
  ['more than that', { ...request('acme'), statements: [] }, 'request_invalid'],
  ['nothing', null, 'request_invalid'],
])('refuses %s', async (_what, payload, code) => {
  const before = roleNow().policies.get(REVOCATIONS_POLICY_NAME);
  expect(await revoke(payload)).toMatchObject({ failure: { code } });
  expect(roleNow().policies.get(REVOCATIONS_POLICY_NAME)).toBe(before);
});

describe('through Lambda', () => {
  const invoke = (endpoint = lambda.endpoint) =>
    createFunctionInvoker({ region: REGION, credentials: doors.everything.credentials, endpoint });
  const remote = (functionName = 'latchkey-revoke', endpoint = lambda.endpoint) =>
    createRemoteRevoker({ invoke: invoke(endpoint), functionName });
  const one = () => ({ ...revocationOf('remote'), principalArn: TENANT_ROLE_ARN });

  it('cuts off', async () => {
    await remote().revoke(one());
    expect(JSON.stringify(policyNow())).toContain('"remote"');
  });

  it('tells the same failure', async () => {
    revoke = async () => ({
      failure: { code: 'revocations_full', detail: 'full up', retryAfterSeconds: 7 },
    });
    await expect(remote().revoke(one())).rejects.toMatchObject({
      code: 'revocations_full',
      message: 'full up',
      retryAfterSeconds: 7,
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an error of the function', () => Promise.reject(new Error('a secret'))],
    ['no answer', () => Promise.resolve(undefined)],
    ['another answer', () => Promise.resolve({ value: 'done' })],
    ['both answers', () => Promise.resolve({ value: null, failure: { code: 'not_found', detail: '' } })],
    ['an unknown code', () => Promise.resolve({ failure: { code: 'odd', detail: '' } })],
  ])('takes %s for a failure', async (_what, answer) => {
    revoke = answer as typeof revoke;
    const failure = await remote()
      .revoke(one())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'revocation_failed' });
    expect(String((failure as Error).cause)).not.toContain('a secret');
  });

  test.each([
    ['a function that is not there', 'nobody', undefined],
    ['nobody at the endpoint', 'latchkey-revoke', 'http://127.0.0.1:9'],
  ])('takes %s for a failure', async (_what, functionName, endpoint) => {
    await expect(remote(functionName, endpoint).revoke(one())).rejects.toMatchObject({
      code: 'revocation_failed',
    });
  });

  it('is closed to who may not invoke it', async () => {
    const { credentials } = doors.open(TENANT_ROLE_ARN, { TenantId: 'acme' });
    const client = new LambdaClient({ region: REGION, endpoint: lambda.endpoint, credentials });
    const command = new InvokeCommand({ FunctionName: 'latchkey-revoke' });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

test('names every fault of its environment', () => {
  const faulty = { LATCHKEY_TENANT_ROLE_ARNS: '["arn:aws:iam::1:user/a"]', AWS_ENDPOINT_URL_IAM: 'x' };
  const all =
    /LATCHKEY_REGISTRY_TABLE.*LATCHKEY_TENANT_ROLE_ARNS.*not the ARN.*AWS_REGION.*AWS_ENDPOINT_URL_IAM/;
  expect(() => readRevokeEnvironment(faulty)).toThrow(all);
  expect(() => readRevokeEnvironment({ LATCHKEY_TENANT_ROLE_ARNS: '{' })).toThrow(/not JSON/);
  expect(() => readRevokeEnvironment({ LATCHKEY_TENANT_ROLE_ARNS: '[]' })).toThrow(
    /LATCHKEY_TENANT_ROLE_ARNS/,
  );
});
