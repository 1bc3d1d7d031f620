import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { statementsOf, templateOf } from '../synthesized.ts';

const OWN_DATA = {
  bucketArn: 'arn:aws:s3:::company-data',
  tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items',
};
const VEND_ACTIONS = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

const plain = templateOf();
const arnOf = (idPrefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${idPrefix}`), 'Arn'] });

test('the vend role can vend, log and look up, and nothing else', () => {
  expect(statementsOf(plain, 'VendRole')).toEqual([
    { Effect: 'Allow', Action: VEND_ACTIONS, Resource: arnOf('TenantRole') },
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arnOf('VendLog') },
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arnOf('TenantRegistryTable') },
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

test('roles hold no managed and no inline policies, the one that API Gateway logs with apart', () => {
  const roles = Object.entries(plain.findResources('AWS::IAM::Role'));
  const others = roles.filter(([id]) => !id.includes('CloudWatchRole'));
  expect(others.map(([id]) => id.slice(0, -8)).toSorted()).toEqual(['TenantRole', 'VendRole']);
  for (const [, { Properties }] of others) {
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(Properties).not.toHaveProperty('Policies');
  }
});

test('nothing has a physical name, but the log group that API Gateway names', () => {
  const NAMES = ['TableName', 'BucketName', 'RoleName', 'FunctionName', 'LogGroupName'];
  const named = Object.values(plain.toJSON()['Resources'])
    .filter((resource) => (resource as { Type: string }).Type !== 'AWS::Lambda::Permission')
    .flatMap((resource) => Object.entries((resource as { Properties?: object }).Properties ?? {}))
    .filter(([member]) => NAMES.includes(member));
  expect(named).toEqual([['LogGroupName', expect.objectContaining({ 'Fn::Join': expect.anything() })]]);
});

test('tenantData of its own: no bucket, no table but the registry, and the function is told where', () => {
  const template = templateOf({ tenantData: OWN_DATA });
  template.resourceCountIs('AWS::S3::Bucket', 0);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
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
])('retainData $retainData: every table and bucket $policy', ({ retainData, policy }) => {
  const template = templateOf({ retainData });
  template.allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: policy });
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: policy });
});

test('every log group forgets', () => {
  plain.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

test('resources carry the name of their environment', () => {
  plain.hasResourceProperties('AWS::Lambda::Function', {
    Tags: [{ Key: 'latchkey:environment', Value: 'test' }],
  });
});

test('outputs: where to send requests, where tenants are written, and whom to trust', () => {
  expect(Object.keys(plain.findOutputs('*')).toSorted()).toEqual([
    'ApiUrl',
    'RegistryTableName',
    'TenantRoleArn',
    'VendRoleArn',
  ]);
});
