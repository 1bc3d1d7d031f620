import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createKmsTokenSigner } from '../../../functions/adapters/signing/kms-token-signer.ts';
import { startDeadline } from '../../../functions/core/deadline.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import { createTokenIssuer, type TokenIssuer } from '../../../functions/core/self-issued/token-issuer.ts';
import type { ProbeResult, VerificationReport } from '../../../functions/core/verification/verification.ts';
import {
  ACCOUNT,
  FEDERATED_ROLE_ARN,
  FEDERATION_USER_ARN,
  MFA_ROLE_ARN,
  REGION,
  SIGNING_KEY_ID,
  TENANT_USER_ARN_PREFIX,
  VEND_ROLE_ARN,
} from '../../../local/account.ts';
import { parseOpenIdProviders } from '../../../local/aws/identity-providers.ts';
import { createKmsKeys } from '../../../local/aws/kms/keys.ts';
import { createKmsDoor } from '../../../local/aws/kms.ts';
import type { RoleDefinition } from '../../../local/aws/roles.ts';
import { TENANT_DATA } from '../../../local/tenant-data.ts';
import { readOnly } from '../../../profiles/read-only.ts';
import { type ServedDoor, serveDoor } from '../../local/serve-door.ts';
import { CUSTOMER, startVerification, type VerificationTest } from './start-verification.ts';

const FEDERATED = { roleArn: '{{resources.federatedRoleArn}}' };
const OWN_USER = { userArn: '{{resources.tenantUserArnPrefix}}{{tenant.id}}' };
const { roleArn: _, ...withoutRole } = readOnly;
const WIDE = `arn:aws:iam::${ACCOUNT}:policy/wide`;
const PROFILES: readonly ProfileDefinition[] = [
  { ...readOnly, ...FEDERATED, name: 'signed', method: 'webIdentity' },
  {
    ...readOnly,
    ...FEDERATED,
    name: 'signed-wide',
    method: 'webIdentity',
    policyArns: [{ arn: WIDE, boundedBecause: 'somebody was wrong' }],
  },
  {
    ...{ ...readOnly, ...FEDERATED, name: 'signed-peculiar', method: 'webIdentity' },
    scope: { part: { description: 'a part', pattern: 'x[0-9]y' } },
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.part}}*',
        },
      ],
    },
  },
  { ...readOnly, ...FEDERATED, name: 'caller', method: 'webIdentity', webIdentityToken: 'caller' },
  { ...readOnly, ...FEDERATED, name: 'saml', method: 'saml' },
  {
    ...{ ...readOnly, ...FEDERATED, name: 'saml-tagged', method: 'saml' },
    tags: { Plan: '{{tenant.attributes.plan}}' },
  },
  { ...readOnly, ...OWN_USER, name: 'mfa', mfa: 'required', roleArn: '{{resources.mfaRoleArn}}' },
  {
    ...withoutRole,
    name: 'federation',
    method: 'federationToken',
    userArn: '{{resources.federationUserArn}}',
  },
  { ...withoutRole, ...OWN_USER, name: 'session', method: 'sessionToken' },
];

let aws: VerificationTest;
let kms: ServedDoor;
let documents: Server;
let issuerUrl: string;
let tokenIssuer: TokenIssuer;
const providerArn = () => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuerUrl.replace('http://', '')}`;

beforeAll(async () => {
  // The issuer's documents, as the vend function publishes them.
  documents = createServer(async ({ url }, response) => {
    const isKeySet = url?.endsWith('jwks.json') === true;
    const { body } = isKeySet ? await tokenIssuer.keySet(startDeadline(1000)) : tokenIssuer.discovery;
    response.end(body);
  });
  await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
  issuerUrl = `http://127.0.0.1:${(documents.address() as AddressInfo).port}`;
  aws = await startVerification({
    profiles: PROFILES,
    managedPolicies: { [WIDE]: allowing({ Action: '*', Resource: '*' }) },
    openIdProviders: parseOpenIdProviders([
      { arn: providerArn(), url: issuerUrl, clientIds: ['sts.amazonaws.com'] },
      {
        arn: providerArn().replace(ACCOUNT, CUSTOMER),
        url: issuerUrl,
        clientIds: ['sts.amazonaws.com'],
      },
    ]),
  });
  kms = await serveDoor(
    createKmsDoor({
      account: ACCOUNT,
      region: REGION,
      sessions: aws.sessions,
      clock: () => new Date(),
      log: () => {},
      keys: createKmsKeys([{ id: SIGNING_KEY_ID, keySpec: 'RSA_2048' }]),
    }),
  );
  tokenIssuer = createTokenIssuer({
    url: issuerUrl,
    signer: createKmsTokenSigner({
      region: REGION,
      credentials: aws.everything.credentials,
      endpoint: kms.endpoint,
      keys: [SIGNING_KEY_ID],
    }),
    clock: () => new Date(),
  });
});
afterAll(async () => {
  documents.close();
  documents.closeAllConnections();
  await kms.close();
  await aws.close();
});

function allowing(...statements: readonly object[]) {
  return { Version: '2012-10-17', Statement: statements.map((each) => ({ Effect: 'Allow', ...each })) };
}

const TAGGED = { Null: { 'aws:RequestTag/TenantId': 'false' } };
const federatedRole = (...more: readonly object[]): RoleDefinition => ({
  arn: FEDERATED_ROLE_ARN,
  trustPolicy: allowing(
    {
      Principal: { Federated: providerArn() },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: TAGGED,
    },
    ...more,
  ),
  policies: { data: TENANT_DATA },
});
const BY_VEND = {
  Principal: { AWS: VEND_ROLE_ARN },
  Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
};

beforeEach(() => aws.addRole(federatedRole()));

const SIGNING = () => ({
  LATCHKEY_ISSUER_URL: issuerUrl,
  LATCHKEY_SIGNING_KEYS: JSON.stringify([SIGNING_KEY_ID]),
  AWS_ENDPOINT_URL_KMS: kms.endpoint,
});

async function verify(
  profile: string,
  {
    variables = SIGNING(),
    attributes = {},
    roles = {},
  }: { variables?: Record<string, string>; attributes?: object; roles?: object } = {},
): Promise<VerificationReport> {
  await aws.putTenant({ profiles: [profile], attributes: attributes as never, roles: roles as never });
  const answer = await aws.wire({ variables })({ tenantId: 'acme' });
  if ('failure' in answer) throw new Error(answer.failure.code);
  return answer.value;
}
const outcomes = ({ probes }: VerificationReport) =>
  Object.fromEntries(probes.map(({ probe, outcome }) => [probe, outcome]));
const canaryOf = ({ probes }: VerificationReport) => probes[0] as ProbeResult;

const PASSED = {
  canary_vend: 'passed',
  by_assume_role: 'passed',
  foreign_object_read: 'passed',
  foreign_object_list: 'passed',
  foreign_item_read: 'passed',
};

describe('a profile for which Latchkey signs a token', () => {
  it('is vended by, and its session tried', async () => {
    const before = new Set(aws.sessions.keys());
    const report = await verify('signed');
    expect([report.passed, outcomes(report)]).toEqual([true, PASSED]);
    const made = [...aws.sessions].flatMap(([key, session]) => (before.has(key) ? [] : [session]));
    expect(made.filter(({ entityArn }) => entityArn === FEDERATED_ROLE_ARN)).toMatchObject([
      { tags: { TenantId: 'acme' }, chained: false },
    ]);
  });

  test.each([
    ['with tags', TAGGED, 'by AssumeRole, with tags'],
    ['without any', { Null: { 'aws:RequestTag/TenantId': 'true' } }, 'by AssumeRole, without a tag'],
  ])('fails over a role that the vend function can assume %s', async (_what, Condition, detail) => {
    aws.addRole(federatedRole({ ...BY_VEND, Condition }));
    const report = await verify('signed');
    expect([report.passed, outcomes(report)]).toEqual([false, { ...PASSED, by_assume_role: 'failed' }]);
    expect(report.probes.find(({ probe }) => probe === 'by_assume_role')).toMatchObject({
      roleArn: FEDERATED_ROLE_ARN,
      detail: expect.stringContaining(detail),
      cure: expect.stringContaining('take sts:AssumeRole'),
    });
  });

  it('fails when its sessions open what is another’s', async () => {
    aws.addRole({ ...federatedRole(), policies: { all: allowing({ Action: '*', Resource: '*' }) } });
    const report = await verify('signed-wide');
    expect(outcomes(report)).toMatchObject({ foreign_object_read: 'failed', foreign_item_read: 'failed' });
  });

  test.each([
    ['does not trust Latchkey', () => aws.addRole({ ...federatedRole(), trustPolicy: allowing(BY_VEND) })],
    ['is not there', () => void aws.roles.delete(FEDERATED_ROLE_ARN)],
  ])('fails over a role that %s, and says of its data nothing', async (_what, change) => {
    change();
    const report = await verify('signed');
    expect(outcomes(report)).toMatchObject({ canary_vend: 'failed', foreign_object_read: 'undecided' });
  });

  it('fails where nothing signs tokens', async () => {
    const canary = canaryOf(await verify('signed', { variables: {} }));
    expect(canary).toMatchObject({ outcome: 'failed', detail: expect.stringMatching(/^issuer_off/) });
    expect(canary.cure).toContain('sign tokens');
  });

  it('is undecided while KMS cannot be reached', async () => {
    const variables = { ...SIGNING(), AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9' };
    const report = await verify('signed', { variables });
    expect([report.passed, canaryOf(report).outcome]).toEqual([false, 'undecided']);
    expect(canaryOf(report).detail).toMatch(/^signing_unavailable/);
  });

  it('is undecided without an example of its scope: a role alone cannot be had', async () => {
    const report = await verify('signed-peculiar');
    expect(outcomes(report)).toEqual({ canary_vend: 'undecided', by_assume_role: 'passed' });
    expect(canaryOf(report).detail).not.toContain('the role itself');
  });
});

describe("a role in a tenant's own account that takes tokens which Latchkey signs", () => {
  const OWN = `arn:aws:iam::${CUSTOMER}:role/latchkey-acme`;
  const subject = (value: string) => ({ [`${issuerUrl.replace('http://', '')}:sub`]: value });
  const tag = (value: string) => ({ 'aws:RequestTag/TenantId': value });
  const report = async (Condition: object) => {
    const inCustomer = providerArn().replace(ACCOUNT, CUSTOMER);
    const Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'];
    const trustPolicy = allowing({ Principal: { Federated: inCustomer }, Action, Condition });
    aws.addRole({ arn: OWN, trustPolicy, policies: { data: TENANT_DATA } });
    return verify('signed', { roles: { signed: { roleArn: OWN } } });
  };
  const foreign = ({ probes }: VerificationReport) =>
    probes.find(({ probe }) => probe === 'with_foreign_tenant_tag');

  test.each<[string, () => object]>([
    ['its tag', () => ({ StringEquals: tag('acme') })],
    ['its subject', () => ({ StringEquals: subject('tenant:acme') })],
  ])('passes where it demands %s', async (_what, condition) => {
    const verified = await report(condition());
    expect(foreign(verified)).toMatchObject({ roleArn: OWN, outcome: 'passed' });
    expect(canaryOf(verified).outcome).toBe('passed');
  });

  test.each<[string, () => object, string]>([
    ['any tag', () => ({ StringLike: tag('?*') }), 'latchkey-probe'],
    ['one that begins as its own', () => ({ StringLike: tag('acme*') }), 'acmex'],
    ['one that ends as its own', () => ({ StringLike: tag('*acme') }), 'xacme'],
    ['one of its length', () => ({ StringLike: tag('????') }), 'qqqq'],
    [
      'a subject of any tenant, which its tag agrees with',
      () => ({ StringEquals: subject(`tenant:\${aws:RequestTag/TenantId}`) }),
      'latchkey-probe',
    ],
  ])('fails where it takes %s', async (_what, condition, taken) => {
    const verified = await report(condition());
    expect(verified.passed).toBe(false);
    expect(foreign(verified)).toMatchObject({
      roleArn: OWN,
      outcome: 'failed',
      detail: `AWS let it through with a token for TenantId=${taken}`,
      cure: expect.stringContaining('{"StringEquals": {"aws:RequestTag/TenantId": "acme"}}'),
    });
  });

  it('is undecided where it takes no token at all: that says nothing of those of others', async () => {
    const verified = await report({ StringEquals: tag('globex') });
    expect(canaryOf(verified).outcome).toBe('failed');
    expect(foreign(verified)?.outcome).toBe('undecided');
  });

  it('is given no session that could do anything', async () => {
    const before = new Set(aws.sessions.keys());
    await report({ StringLike: tag('?*') });
    const made = [...aws.sessions].flatMap(([key, session]) => (before.has(key) ? [] : [session]));
    const foreigners = made.filter(({ entityArn, tags }) => entityArn === OWN && tags['TenantId'] !== 'acme');
    expect(foreigners.length).toBe(4);
    for (const { sessionPolicies } of foreigners)
      expect(JSON.stringify(sessionPolicies)).toMatch(/^(?!.*allow).*deny/i);
  });
});

describe('a profile that takes what nobody here has', () => {
  const mfaRole = (...statements: readonly object[]): RoleDefinition => ({
    arn: MFA_ROLE_ARN,
    trustPolicy: allowing(
      { Principal: { AWS: `${TENANT_USER_ARN_PREFIX}acme` }, Action: 'sts:AssumeRole' },
      ...statements,
    ),
    policies: {},
  });
  const OWN = `${TENANT_USER_ARN_PREFIX}acme`;

  test.each<[string, string, string, object]>([
    ['caller', "a token of the tenant's issuer", 'POST /credentials', { roleArn: FEDERATED_ROLE_ARN }],
    ['saml', "an assertion of the tenant's", 'POST /credentials/saml', { roleArn: FEDERATED_ROLE_ARN }],
    [
      'mfa',
      'a code of the MFA device',
      'POST /credentials/iam-user',
      { roleArn: MFA_ROLE_ARN, userArn: OWN },
    ],
    ['federation', 'the long-term keys', 'POST /credentials/iam-user', { userArn: FEDERATION_USER_ARN }],
    ['session', 'the long-term keys', 'POST /credentials/iam-user', { userArn: OWN }],
  ])(
    'keeps no tenant from being verified, and says how to try it: %s',
    async (name, lacked, route, principals) => {
      aws.addRole(mfaRole());
      const report = await verify(name);
      const hasRole = 'roleArn' in principals;
      expect([report.passed, outcomes(report)]).toEqual([
        true,
        { canary_vend: 'not_applicable', ...(hasRole ? { by_assume_role: 'passed' } : {}) },
      ]);
      const { detail, roleArn, userArn } = canaryOf(report);
      expect(detail).toContain(lacked);
      expect(detail.endsWith(route)).toBe(true);
      expect({ roleArn, userArn }).toEqual({ roleArn: undefined, userArn: undefined, ...principals });
    },
  );

  test.each<[string, () => RoleDefinition]>([
    ['caller', () => federatedRole(BY_VEND)],
    ['saml', () => federatedRole(BY_VEND)],
    ['mfa', () => mfaRole(BY_VEND)],
  ])('fails over a role that the vend function can assume: %s', async (name, role) => {
    aws.addRole(role());
    const report = await verify(name);
    expect([report.passed, outcomes(report)]).toEqual([
      false,
      { canary_vend: 'not_applicable', by_assume_role: 'failed' },
    ]);
  });

  it('fails when nothing would be granted by it', async () => {
    const report = await verify('saml-tagged');
    expect([report.passed, canaryOf(report).outcome]).toEqual([false, 'failed']);
    expect((await verify('saml-tagged', { attributes: { plan: 'gold' } })).passed).toBe(true);
  });
});

test.each([
  ['LATCHKEY_ISSUER_URL', { LATCHKEY_ISSUER_URL: 'https://issuer.example' }],
  ['LATCHKEY_SIGNING_KEYS', { LATCHKEY_SIGNING_KEYS: '["key"]' }],
])('%s alone is no environment', (_what, variables) => {
  expect(() => aws.wire({ variables })).toThrow('expected both or neither');
});
