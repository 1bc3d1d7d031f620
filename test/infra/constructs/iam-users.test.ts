import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { IamUsers, type IamUsersProps } from '../../../infra/constructs/iam-users.ts';
import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { evaluateResourcePolicy, evaluateSession } from '../../../policy/evaluate.ts';
import { ACCOUNT, deployedAccount } from '../deployed-account.ts';
import { emptyStack } from '../synthesized.ts';

const BUCKET = 'arn:aws:s3:::data';
const TABLE = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/items`;
const ACME = `arn:aws:iam::${ACCOUNT}:user/latchkey/prod/acme`;
const GLOBEX = `arn:aws:iam::${ACCOUNT}:user/latchkey/prod/globex`;
const FEDERATION = `arn:aws:iam::${ACCOUNT}:user/latchkey/prod/latchkey-prod.federation`;

function usersOf(iamUsers: IamUsersProps['iamUsers']) {
  const stack = emptyStack();
  const users = new IamUsers(stack, 'Users', {
    name: 'prod',
    iamUsers,
    tenantData: { bucketArn: BUCKET, tableArn: TABLE },
  });
  users.grantReadKeys(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const { secretsPrefix } = users;
  const arns = stack.resolve({
    tenantUserArnPrefix: users.tenantUserArnPrefix,
    federationUserArn: users.federationUserArn,
    mfaRoleArn: users.mfaRole?.role.roleArn,
  });
  return { template: Template.fromStack(stack), secretsPrefix, arns };
}

const { template, secretsPrefix, arns } = usersOf({ federation: true, tenants: ['acme', 'globex'] });
const account = deployedAccount(template);
const MFA_ROLE = account.arn('UsersMfaRole');

type Values = ContextFacts['values'];

const KEYS = [
  'aws:MultiFactorAuthPresent',
  'aws:TokenIssueTime',
  's3:prefix',
  'dynamodb:LeadingKeys',
  'aws:PrincipalTag/*',
  'aws:RequestTag/*',
];

function contextOf(values: Values) {
  return createContext({ values, absent: KEYS.filter((key) => !(key in values)) });
}

const tag = (tenantId: string): Values => ({ 'aws:RequestTag/TenantId': tenantId });
const MFA: Values = { 'aws:MultiFactorAuthPresent': 'true' };
const NO_MFA: Values = { 'aws:MultiFactorAuthPresent': 'false' };
const SESSION: Values = { 'aws:TokenIssueTime': '2026-11-22T08:00:00Z' };

/** By its policies and its permissions boundary. */
function may(idPrefix: string, action: string, resource: string, values: Values): boolean {
  const policies = {
    identityPolicies: account.identityPolicies(idPrefix),
    boundary: account.boundary(idPrefix),
    sessionPolicies: undefined,
  };
  return evaluateSession(policies, { action, resource, context: contextOf(values) }).effect === 'allowed';
}

describe("a tenant's user", () => {
  const get = 's3:GetObject';
  const items = (tenantId: string): Values => ({ 'dynamodb:LeadingKeys': [tenantId] });

  test.each<[string, string, string, Values, boolean]>([
    ['gets its object, with MFA', get, `${BUCKET}/acme/a`, MFA, true],
    ['not with its keys alone', get, `${BUCKET}/acme/a`, {}, false],
    ['not in a session without MFA', get, `${BUCKET}/acme/a`, NO_MFA, false],
    ["not another's", get, `${BUCKET}/globex/a`, MFA, false],
    ['not of a tenant that begins like it', get, `${BUCKET}/acme2/a`, MFA, false],
    [
      "not another's by a tag",
      get,
      `${BUCKET}/globex/a`,
      { ...MFA, 'aws:PrincipalTag/TenantId': 'globex' },
      false,
    ],
    ['lists its objects, with MFA', 's3:ListBucket', BUCKET, { ...MFA, 's3:prefix': 'acme/' }, true],
    ['not without MFA', 's3:ListBucket', BUCKET, { 's3:prefix': 'acme/' }, false],
    ["not another's", 's3:ListBucket', BUCKET, { ...MFA, 's3:prefix': 'globex/' }, false],
    ['gets its item, with MFA', 'dynamodb:GetItem', TABLE, { ...MFA, ...items('acme') }, true],
    ['not without MFA', 'dynamodb:GetItem', TABLE, items('acme'), false],
    ["not another's", 'dynamodb:GetItem', TABLE, { ...MFA, ...items('globex') }, false],
    ['assumes the MFA role for itself', 'sts:AssumeRole', MFA_ROLE, tag('acme'), true],
    ['tagged for itself', 'sts:TagSession', MFA_ROLE, tag('acme'), true],
    ['by a name', 'sts:SetSourceIdentity', MFA_ROLE, {}, true],
    ['not for another', 'sts:AssumeRole', MFA_ROLE, { ...MFA, ...tag('globex') }, false],
    ['not tagged for another', 'sts:TagSession', MFA_ROLE, { ...MFA, ...tag('globex') }, false],
    ['not without a tag', 'sts:AssumeRole', MFA_ROLE, MFA, false],
    [
      'not from a session of its own',
      'sts:AssumeRole',
      MFA_ROLE,
      { ...MFA, ...SESSION, ...tag('acme') },
      false,
    ],
    ['no other role', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, tag('acme'), false],
    [
      'federates nobody',
      'sts:GetFederationToken',
      `arn:aws:sts::${ACCOUNT}:federated-user/a`,
      tag('acme'),
      false,
    ],
    ['makes no keys', 'iam:CreateAccessKey', ACME, MFA, false],
    ['reads no secrets', 'secretsmanager:GetSecretValue', account.arn('UsersTenantacmeSecret'), MFA, false],
  ])('%s', (_what, action, resource, values, allowed) => {
    expect(may('UsersTenantacmeUser', action, resource, values)).toBe(allowed);
  });
});

describe('the user that federates', () => {
  const FEDERATED = `arn:aws:sts::${ACCOUNT}:federated-user/k3Fz.f3XkP0`;
  const session = (tenantId: string): Values => ({ 'aws:PrincipalTag/TenantId': tenantId });

  test.each<[string, string, string, Values, boolean]>([
    ['federates for a tenant', 'sts:GetFederationToken', FEDERATED, tag('acme'), true],
    ['tagged for a tenant', 'sts:TagSession', FEDERATED, tag('acme'), true],
    ['not without a tag', 'sts:GetFederationToken', FEDERATED, {}, false],
    ['not with an empty one', 'sts:GetFederationToken', FEDERATED, tag(''), false],
    ['not for a folder', 'sts:GetFederationToken', FEDERATED, tag('acme/reports'), false],
    ['its sessions get their object', 's3:GetObject', `${BUCKET}/acme/a`, session('acme'), true],
    ["not another's", 's3:GetObject', `${BUCKET}/globex/a`, session('acme'), false],
    ['it gets nothing itself', 's3:GetObject', `${BUCKET}/acme/a`, MFA, false],
    ['assumes nothing', 'sts:AssumeRole', MFA_ROLE, { ...MFA, ...tag('acme') }, false],
    ['tags no session of a role', 'sts:TagSession', MFA_ROLE, tag('acme'), false],
  ])('%s', (_what, action, resource, values, allowed) => {
    expect(may('UsersFederationUser', action, resource, values)).toBe(allowed);
  });
});

describe('the MFA role trusts', () => {
  const trustPolicy = account.trustPolicy('UsersMfaRole');
  const trusts = (arn: string, values: Values, action = 'sts:AssumeRole') => {
    const context = contextOf({ ...values, 'aws:PrincipalArn': arn });
    const principal = { type: 'user', arn } as const;
    return evaluateResourcePolicy(trustPolicy, { action, resource: MFA_ROLE, context, principal }).effect;
  };

  test.each<[string, string, Values, boolean]>([
    ["a tenant's user for itself, with MFA", ACME, { ...MFA, ...tag('acme') }, true],
    ['not without', ACME, tag('acme'), false],
    ['not without, in a session', ACME, { ...NO_MFA, ...tag('acme') }, false],
    ['not for another tenant', ACME, { ...MFA, ...tag('globex') }, false],
    ['another user for itself', GLOBEX, { ...MFA, ...tag('globex') }, true],
    ['not for the first', GLOBEX, { ...MFA, ...tag('acme') }, false],
    ['not without a tag', ACME, MFA, false],
    ['not by a wildcard', ACME, { ...MFA, ...tag('*') }, false],
    ['nobody by an empty tag', `arn:aws:iam::${ACCOUNT}:user/latchkey/prod/`, { ...MFA, ...tag('') }, false],
    ['nobody further down by a slash', `${ACME}/ann`, { ...MFA, ...tag('acme/ann') }, false],
    ['not the user that federates', FEDERATION, { ...MFA, ...tag('acme') }, false],
    [
      'no user of that name elsewhere',
      `arn:aws:iam::${ACCOUNT}:user/acme`,
      { ...MFA, ...tag('acme') },
      false,
    ],
    [
      'nor of another environment',
      `arn:aws:iam::${ACCOUNT}:user/latchkey/dev/acme`,
      { ...MFA, ...tag('acme') },
      false,
    ],
    [
      'nor of another account',
      'arn:aws:iam::444455556666:user/latchkey/prod/acme',
      { ...MFA, ...tag('acme') },
      false,
    ],
  ])('%s', (_what, arn, values, allowed) => {
    expect(trusts(arn, values) === 'allowed').toBe(allowed);
    expect(trusts(arn, values, 'sts:TagSession') === 'allowed').toBe(allowed);
  });

  test('tenants’ users to name a source, and nobody else', () => {
    expect(trusts(ACME, {}, 'sts:SetSourceIdentity')).toBe('allowed');
    expect(trusts(`arn:aws:iam::${ACCOUNT}:user/ann`, {}, 'sts:SetSourceIdentity')).toBe('implicitlyDenied');
  });

  test('for twelve hours at most', () => {
    template.hasResourceProperties('AWS::IAM::Role', { MaxSessionDuration: 43_200 });
  });
});

test('names are those by which profiles, and the function that reads keys, find users', () => {
  expect(account.resolve(arns)).toEqual({
    tenantUserArnPrefix: `arn:aws:iam::${ACCOUNT}:user/latchkey/prod/`,
    federationUserArn: FEDERATION,
    mfaRoleArn: MFA_ROLE,
  });
  const secrets = Object.values(template.findResources('AWS::SecretsManager::Secret'));
  expect(secrets.map(({ Properties }) => Properties.Name)).toEqual(
    ['latchkey-prod.federation', 'acme', 'globex'].map((name) => `${secretsPrefix}${name}`),
  );
  expect(secretsPrefix).toBe('latchkey-prod/users/');
});

test('a secret holds the keys of the user that it is named for, and no template holds a key', () => {
  const [id = ''] = Object.keys(template.findResources('AWS::IAM::AccessKey')).filter((each) =>
    each.startsWith('UsersTenantacme'),
  );
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'latchkey-prod/users/acme',
    SecretString: {
      'Fn::Join': [
        '',
        [
          '{"accessKeyId":"',
          { Ref: id },
          '","secretAccessKey":"',
          { 'Fn::GetAtt': [id, 'SecretAccessKey'] },
          '"}',
        ],
      ],
    },
  });
});

test('the room of a user’s inline policies is left to revocations', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::User'))) {
    expect(Properties).not.toHaveProperty('Policies');
    expect(Properties.ManagedPolicyArns).toEqual([Properties.PermissionsBoundary]);
  }
  const ofUsers = Object.values(template.findResources('AWS::IAM::Policy')).filter(
    ({ Properties }) => Properties.Users !== undefined,
  );
  expect(ofUsers).toEqual([]);
});

test("whoever reads keys reads the users' secrets, and no others", () => {
  expect(account.identityStatements('Reader')).toEqual([
    {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: ['UsersFederationSecret', 'UsersTenantacmeSecret', 'UsersTenantglobexSecret'].map(
        account.arn,
      ),
    },
  ]);
});

test('keys are rotated by their serial', () => {
  const { template: rotated } = usersOf({ federation: true, keySerial: 3 });
  rotated.hasResourceProperties('AWS::IAM::AccessKey', { Serial: 3 });
});

test('without tenants there is no MFA role, and no prefix', () => {
  const { template: federating, arns: those } = usersOf({ federation: true });
  federating.resourceCountIs('AWS::IAM::User', 1);
  expect(those).toEqual({ federationUserArn: expect.anything() });
  expect(Object.keys(federating.findResources('AWS::IAM::Role'))).toEqual([expect.stringMatching(/^Reader/)]);
});

test('without federation there is no user that federates', () => {
  const { template: ofTenants, arns: those } = usersOf({ tenants: ['acme'] });
  ofTenants.resourceCountIs('AWS::IAM::User', 1);
  expect(those).not.toHaveProperty('federationUserArn');
});
