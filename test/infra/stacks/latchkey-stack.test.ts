import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { REVOCATION_POLICY_MAX_CHARACTERS } from '../../../functions/core/revocation/revocation.ts';
import { deployedAccount } from '../deployed-account.ts';
import { everyChoice, statementsOf, templateOf } from '../synthesized.ts';

const OWN_DATA = {
  bucketArn: 'arn:aws:s3:::company-data',
  tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items',
};
const VEND_ACTIONS = ['sts:AssumeRole', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession'];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_INLINE_MAX_CHARACTERS = 10_240;

const plain = templateOf();
const whole = templateOf(everyChoice);
const arnOf = (idPrefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${idPrefix}`), 'Arn'] });

test('the vend role can vend, log, look up and count, and nothing else', () => {
  expect(statementsOf(plain, 'VendRole')).toEqual([
    { Effect: 'Allow', Action: VEND_ACTIONS, Resource: arnOf('TenantRole') },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      // Verifications run under it, too: roles trust it alone.
      Resource: [arnOf('AdministrationVerifyLog'), arnOf('VendLog')],
    },
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arnOf('TenantRegistryTable') },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: arnOf('UsageTable'),
    },
  ]);
});

test("customers' roles: those of the pattern, and in other accounts alone", () => {
  const pattern = 'arn:aws:iam::*:role/latchkey-*';
  expect(statementsOf(templateOf({ customerRoleArns: [pattern] }), 'VendRole')).toContainEqual({
    Effect: 'Allow',
    Action: VEND_ACTIONS,
    Resource: pattern,
    Condition: { StringNotEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
  });
});

const ROLES = [
  'AdministrationOnboardingRole',
  'AdministrationRevokeRole',
  'AdministrationTenantProviderRole',
  'AdministrationTenantResourceRole',
  'AdministrationTenantsRole',
  'DecodeRole',
  'TenantRole',
  'VendRole',
];

test.each([
  ['plain', plain, ROLES],
  [
    'with every choice',
    whole,
    [...ROLES, 'IamUserRole', 'PrincipalsFederatedRole', 'PrincipalsUsersMfaRole', 'SamlRole'],
  ],
])(
  '%s: roles hold no managed and no inline policies, the one that API Gateway logs with apart',
  (_which, template, expected) => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));
    const others = roles.filter(([id]) => !id.includes('CloudWatchRole'));
    expect(others.map(([id]) => id.slice(0, -8)).toSorted()).toEqual(expected.toSorted());
    for (const [, { Properties }] of others) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
  },
);

test('what an environment has not turned on is not there', () => {
  for (const type of [
    'AWS::KMS::Key',
    'AWS::IAM::OIDCProvider',
    'AWS::IAM::User',
    'AWS::IAM::AccessKey',
    'AWS::SecretsManager::Secret',
  ])
    plain.resourceCountIs(type, 0);
});

test('every function of the tenants’ API is watched, as are those that administer', () => {
  const filters = Object.values(whole.findResources('AWS::Logs::MetricFilter'));
  const watched = filters
    .filter(({ Properties }) => Properties.FilterPattern.includes('"internal_error"'))
    .map(({ Properties }) => Properties.LogGroupName.Ref.slice(0, -8));
  expect(watched.toSorted()).toEqual([
    'AdministrationOnboardingLog',
    'AdministrationTenantResourceLog',
    'AdministrationTenantsLog',
    'DecodeLog',
    'IamUserLog',
    'SamlLog',
    'VendLog',
  ]);
});

test('the federated role’s trust policy has room for three providers beside Latchkey’s own', () => {
  const trust = deployedAccount(whole).resolve(trustOf('PrincipalsFederatedRole'));
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2048);
});

function trustOf(idPrefix: string): unknown {
  const roles = Object.entries(whole.findResources('AWS::IAM::Role'));
  return roles.find(([id]) => id.startsWith(idPrefix))?.[1]['Properties'].AssumeRolePolicyDocument;
}

describe('room', () => {
  // With the longest names that a bucket and a table can have, and as many users as there may be.
  const template = templateOf({
    ...everyChoice,
    apiGatewayLogRole: 'create',
    iamUsers: {
      federation: true,
      tenants: Array.from({ length: 30 }, (_, index) => `${index}-${'t'.repeat(45)}`),
    },
    tenantData: {
      bucketArn: `arn:aws-us-gov:s3:::${'b'.repeat(63)}`,
      tableArn: `arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/${'t'.repeat(255)}`,
    },
  });
  const inlinePolicies = (rolePrefix: string): readonly number[] =>
    Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) =>
        Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith(rolePrefix)),
      )
      .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);

  test.each(['TenantRole', 'PrincipalsFederatedRole', 'PrincipalsUsersMfaRole'])(
    'for revocations: the own policies of %s leave 6,000 of the 10,240 characters that IAM allows',
    (role) => {
      const [characters = Number.NaN, ...further] = inlinePolicies(role);
      expect(further).toEqual([]);
      expect(characters).toBeLessThanOrEqual(ROLE_INLINE_MAX_CHARACTERS - REVOCATION_POLICY_MAX_CHARACTERS);
    },
  );

  test('for the ARNs of all users and their secrets in the policies that name them', () => {
    for (const role of ['IamUserRole', 'AdministrationRevokeRole']) {
      const document = statementsOf(template, role);
      const arns = JSON.stringify(deployedAccount(template).resolve(document));
      expect(arns.length).toBeLessThanOrEqual(ROLE_INLINE_MAX_CHARACTERS);
      expect(inlinePolicies(role)).toHaveLength(1);
    }
  });

  test('for all resources, and those of a sample, in one stack', () => {
    const { length } = Object.keys(template.toJSON()['Resources']);
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    expect(length).toBeLessThanOrEqual(490);
  });
});

test('nothing has a physical name, but the log groups that API Gateway names', () => {
  const NAMES = [
    'TableName',
    'BucketName',
    'RoleName',
    'FunctionName',
    'LogGroupName',
    'QueueName',
    'AlarmName',
  ];
  const NAMING_OTHERS = [
    'AWS::Lambda::Permission',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Logs::MetricFilter',
  ];
  const named = Object.values(plain.toJSON()['Resources'])
    .filter((resource) => !NAMING_OTHERS.includes((resource as { Type: string }).Type))
    .flatMap((resource) => Object.entries((resource as { Properties?: object }).Properties ?? {}))
    .filter(([member]) => NAMES.includes(member));
  const executionLog = ['LogGroupName', expect.objectContaining({ 'Fn::Join': expect.anything() })];
  expect(named).toEqual([executionLog, executionLog]);
});

test('tenantData of its own: no bucket but for role templates, no tables but Latchkey’s own, and the function is told where', () => {
  const template = templateOf({ tenantData: OWN_DATA });
  template.resourceCountIs('AWS::S3::Bucket', 1);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        LATCHKEY_RESOURCES: {
          'Fn::Join': [
            '',
            Match.arrayWith([Match.stringLikeRegexp(`${OWN_DATA.bucketArn}.*${OWN_DATA.tableArn}`)]),
          ],
        },
      },
    },
  });
});

test.each([
  { retainData: true, policy: 'Retain' },
  { retainData: false, policy: 'Delete' },
])(
  'retainData $retainData: every table and bucket $policy, but not those of templates and of what has been used',
  ({ retainData, policy }) => {
    const template = templateOf({ retainData });
    const tables = Object.entries(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(tables.map(([id, { DeletionPolicy }]) => [id.slice(0, -8), DeletionPolicy])).toEqual([
      ['TenantRegistryTable', policy],
      ['UsageTable', 'Delete'],
      ['SampleTenantDataTable', policy],
    ]);
    const buckets = Object.entries(template.findResources('AWS::S3::Bucket'));
    expect(buckets.map(([id, { DeletionPolicy }]) => [id.slice(0, -8), DeletionPolicy])).toEqual([
      ['SampleTenantDataAccessLog', policy],
      ['SampleTenantDataBucket', policy],
      ['AdministrationTemplatesBucket', 'Delete'],
    ]);
  },
);

test('every function logs into a group of the stack, and every group forgets', () => {
  const groups = Object.keys(plain.findResources('AWS::Logs::LogGroup'));
  for (const { Properties } of Object.values(plain.findResources('AWS::Lambda::Function')))
    expect(groups).toContain(Properties.LoggingConfig?.LogGroup?.Ref);
  plain.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

test('resources carry the name of their environment', () => {
  plain.hasResourceProperties('AWS::Lambda::Function', {
    Tags: [{ Key: 'latchkey:environment', Value: 'test' }],
  });
});

test("the operators' API logs by the account's role: its stage comes after what sets it", () => {
  const [account = ''] = Object.keys(plain.findResources('AWS::ApiGateway::Account'));
  const stages = Object.entries(plain.findResources('AWS::ApiGateway::Stage'));
  const operators = stages.find(([id]) => id.startsWith('AdministrationOperatorApi'))?.[1];
  expect(operators?.['DependsOn']).toContain(account);
});

test('outputs: where to send requests and events, where tenants are written, and whom to trust', () => {
  expect(Object.keys(plain.findOutputs('*')).toSorted()).toEqual([
    'ApiUrl',
    'DeadLetterQueueArn',
    'EventBusName',
    'OperatorApiUrl',
    'RegistryTableName',
    'TenantProviderArn',
    'TenantRoleArn',
    'VendRoleArn',
  ]);
});

test('outputs of what is turned on: what a name must lead to, what assertions name, and whose MFA devices are to be enrolled', () => {
  const outputs = Object.keys(whole.findOutputs('*'));
  expect(outputs.filter((output) => !(output in plain.findOutputs('*'))).toSorted()).toEqual([
    'ApiDomainTarget',
    'FederatedRoleArn',
    'IamUserArns',
    'IssuerUrl',
  ]);
});
