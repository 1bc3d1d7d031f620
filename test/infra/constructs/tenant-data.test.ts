import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { listed } from '../../../functions/core/profile/policy-document.ts';
import { grantTenantData, SampleTenantData } from '../../../infra/constructs/tenant-data.ts';
import { TenantRole } from '../../../infra/constructs/tenant-role.ts';
import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { evaluatePolicies } from '../../../policy/evaluate.ts';
import { parsePolicy } from '../../../policy/parse-policy.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { deployed, emptyStack, onlyResource, statementsOf } from '../synthesized.ts';

const BUCKET = 'arn:aws:s3:::company-data';
const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items';
const OWN_DATA = { bucketArn: BUCKET, tableArn: TABLE };

function sampleTemplate(retainData = false): Template {
  const stack = emptyStack();
  const logRetentionDays = RetentionDays.ONE_WEEK;
  grantTenantData(
    tenantRoleIn(stack),
    new SampleTenantData(stack, 'Sample', { retainData, logRetentionDays }),
  );
  return Template.fromStack(stack);
}

function ownDataTemplate(): Template {
  const stack = emptyStack();
  grantTenantData(tenantRoleIn(stack), OWN_DATA);
  return Template.fromStack(stack);
}

function tenantRoleIn(stack: Stack): TenantRole {
  const vendRole = new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  return new TenantRole(stack, 'Tenant', { vendRole, description: 'test' });
}

function policyOf(statements: unknown) {
  const Statement = deployed(statements, { SampleBucket: BUCKET, SampleTable: TABLE });
  return parsePolicy({ Version: '2012-10-17', Statement }, 'policy');
}

function boundaryOf(template: Template): unknown {
  return onlyResource(template, 'AWS::IAM::ManagedPolicy')['Properties'].PolicyDocument.Statement;
}

describe.each([
  ['the sample', policyOf(statementsOf(sampleTemplate(), 'Tenant'))],
  ["the company's own", policyOf(statementsOf(ownDataTemplate(), 'Tenant'))],
  ['the sample, whatever is written into its policies', policyOf(boundaryOf(sampleTemplate()))],
])('what a session of acme may do with %s', (_which, policy) => {
  const keys = (leadingKeys: readonly string[]): ContextFacts['values'] => ({
    'dynamodb:LeadingKeys': leadingKeys,
  });
  const prefix = (text: string): ContextFacts['values'] => ({ 's3:prefix': text });

  test.each<[string, string, string, ContextFacts['values'], boolean]>([
    ['get its object', 's3:GetObject', `${BUCKET}/acme/a`, {}, true],
    ['put its object', 's3:PutObject', `${BUCKET}/acme/b/c`, {}, true],
    ['get an object of globex', 's3:GetObject', `${BUCKET}/globex/a`, {}, false],
    ['get an object of acme-prod', 's3:GetObject', `${BUCKET}/acme-prod/a`, {}, false],
    ['get an object at the top', 's3:GetObject', `${BUCKET}/acme`, {}, false],
    ['list its objects', 's3:ListBucket', BUCKET, prefix('acme/'), true],
    ['list its folder', 's3:ListBucket', BUCKET, prefix('acme/reports/'), true],
    ['list all that begins like it', 's3:ListBucket', BUCKET, prefix('acme'), false],
    ['list without a prefix', 's3:ListBucket', BUCKET, {}, false],
    ['get its item', 'dynamodb:GetItem', TABLE, keys(['acme']), true],
    ['get an item of globex', 'dynamodb:GetItem', TABLE, keys(['globex']), false],
    ['batch with one of globex', 'dynamodb:BatchGetItem', TABLE, keys(['acme', 'globex']), false],
    ['query without a key', 'dynamodb:Query', TABLE, {}, false],
    ['scan', 'dynamodb:Scan', TABLE, {}, false],
    ['delete the bucket', 's3:DeleteBucket', BUCKET, {}, false],
  ])('%s', (_what, action, resource, values, allowed) => {
    const context = createContext({
      values: {
        's3:prefix': undefined,
        'dynamodb:LeadingKeys': undefined,
        ...values,
        'aws:PrincipalTag/TenantId': 'acme',
      },
    });
    expect(evaluatePolicies([policy], { action, resource, context }).effect === 'allowed').toBe(allowed);
  });

  test('nothing without the tag', () => {
    const context = createContext({ values: {}, absent: ['aws:PrincipalTag/*'] });
    const request = { action: 's3:GetObject', resource: `${BUCKET}/acme/a`, context };
    expect(evaluatePolicies([policy], request).effect).toBe('implicitlyDenied');
  });
});

test('every action of every profile is within what the role permits', () => {
  const permitted = statementsOf(sampleTemplate(), 'Tenant').flatMap((statement) =>
    listed((statement as { Action: string | string[] }).Action),
  );
  const vended = profileDefinitions.flatMap(({ policy }) =>
    policy.Statement.flatMap(({ Action }) => listed(Action)),
  );
  expect(permitted).toEqual(expect.arrayContaining(vended));
});

describe('the sample', () => {
  test('keeps both buckets private, behind TLS, encrypted by S3', () => {
    const template = sampleTemplate();
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^SampleAccessLog') } },
    });
  });

  test.each([
    { retainData: true, policy: 'Retain' },
    { retainData: false, policy: 'Delete' },
  ])('retainData $retainData: $policy', ({ retainData, policy }) => {
    const template = sampleTemplate(retainData);
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: policy });
    template.allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: policy });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [{ DeletionProtectionEnabled: retainData }],
    });
  });
});

test("the company's own data makes no bucket and no table", () => {
  const template = ownDataTemplate();
  template.resourceCountIs('AWS::S3::Bucket', 0);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
});
