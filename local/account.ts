import { TENANT_TAG_KEY } from '../functions/core/session-tags.ts';
import type { RoleDefinition } from './aws/roles.ts';

/** The Region that is played on this machine. */
export const REGION = 'us-east-1';
/** The account that is played on this machine: one of those in AWS's own documentation. */
export const ACCOUNT = '111122223333';
/** The table of issuers and tenants. */
export const REGISTRY_TABLE = 'latchkey-registry';
/** The table of tenants' items. */
export const DATA_TABLE = 'latchkey-data';
/** The bucket of tenants' objects. */
export const DATA_BUCKET = 'latchkey-data';

const BUCKET_ARN = `arn:aws:s3:::${DATA_BUCKET}`;
const tableArn = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** The vend function's own. */
export const VEND_ROLE_ARN = roleArn('latchkey-vend');
/** What tenants' sessions are made from. */
export const TENANT_ROLE_ARN = roleArn('latchkey-tenant');
/** Fills tables and bucket. */
export const OPERATOR_ROLE_ARN = roleArn('latchkey-operator');

const TENANT = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;
const REQUEST_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;
const TAGGED_FOR_A_TENANT = {
  Null: { [REQUEST_TAG]: 'false' },
  StringLike: { [REQUEST_TAG]: '?*' },
  StringNotLike: { [REQUEST_TAG]: '*/*' },
};

/** What the profiles may name as `{{resources.x}}`. */
export const RESOURCES = {
  tenantRoleArn: TENANT_ROLE_ARN,
  tenantBucketArn: BUCKET_ARN,
  tenantTableArn: tableArn(DATA_TABLE),
};

/** Managed policies of the account by ARN, for profiles with `policyArns`; the shipped profiles have none. */
export const MANAGED_POLICIES: Readonly<Record<string, unknown>> = {};

/** The roles of the account: those of the stack, with the stack's policies, and an operator's to fill the tables with. */
export const ROLES: readonly RoleDefinition[] = [
  {
    arn: VEND_ROLE_ARN,
    trustPolicy: trust({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    policies: {
      vend: policy(
        { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], Resource: TENANT_ROLE_ARN },
        { Action: 'dynamodb:GetItem', Resource: tableArn(REGISTRY_TABLE) },
      ),
    },
  },
  {
    arn: TENANT_ROLE_ARN,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: VEND_ROLE_ARN },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: TAGGED_FOR_A_TENANT,
        },
        { Effect: 'Allow', Principal: { AWS: VEND_ROLE_ARN }, Action: 'sts:SetSourceIdentity' },
      ],
    },
    policies: {
      tenantData: policy(
        {
          Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          Resource: `${BUCKET_ARN}/${TENANT}/*`,
        },
        {
          Action: 's3:ListBucket',
          Resource: BUCKET_ARN,
          Condition: { StringLike: { 's3:prefix': `${TENANT}/*` } },
        },
        {
          Action: [
            'GetItem',
            'BatchGetItem',
            'Query',
            'PutItem',
            'UpdateItem',
            'DeleteItem',
            'BatchWriteItem',
          ].map((operation) => `dynamodb:${operation}`),
          Resource: tableArn(DATA_TABLE),
          Condition: {
            'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TENANT] },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        },
      ),
    },
  },
  {
    arn: OPERATOR_ROLE_ARN,
    trustPolicy: trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'sts:AssumeRole'),
    policies: {
      operate: policy(
        {
          Action: ['dynamodb:CreateTable', 'dynamodb:PutItem'],
          Resource: [tableArn(REGISTRY_TABLE), tableArn(DATA_TABLE)],
        },
        { Action: 's3:PutObject', Resource: `${BUCKET_ARN}/*` },
      ),
    },
  },
];

function trust(Principal: object, Action: string) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action }] };
}

function policy(...statements: readonly object[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  };
}
