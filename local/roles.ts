import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import {
  ACCOUNT,
  arn,
  BUS,
  DATA_BUCKET,
  DATA_TABLE,
  DEAD_LETTER_QUEUE,
  EVENT_QUEUE,
  ONBOARDING_ROLE_ARN,
  OPERATOR_ROLE_ARN,
  REGISTRY_TABLE,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  TEMPLATE_BUCKET,
  TENANT_ROLE_ARN,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from './account.ts';
import type { RoleDefinition } from './aws/roles.ts';

const TENANT = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;
const REQUEST_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;
const TAGGED_FOR_A_TENANT = {
  Null: { [REQUEST_TAG]: 'false' },
  StringLike: { [REQUEST_TAG]: '?*' },
  StringNotLike: { [REQUEST_TAG]: '*/*' },
};
const VEND = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const dynamodb = (...operations: readonly string[]) => operations.map((operation) => `dynamodb:${operation}`);

/** What sessions may do with the data of their tenant; the tenant role's policy and its boundary say the same. */
const TENANT_DATA = policy(
  {
    Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    Resource: `${arn.bucket(DATA_BUCKET)}/${TENANT}/*`,
  },
  {
    Action: 's3:ListBucket',
    Resource: arn.bucket(DATA_BUCKET),
    Condition: { StringLike: { 's3:prefix': `${TENANT}/*` } },
  },
  {
    Action: dynamodb(
      'GetItem',
      'BatchGetItem',
      'Query',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
    ),
    Resource: arn.table(DATA_TABLE),
    Condition: {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TENANT] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  },
);

/** What every function may do that administers tenants. */
const ADMINISTER = [
  {
    Action: dynamodb('GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'),
    Resource: arn.table(REGISTRY_TABLE),
  },
  { Action: 'dynamodb:Query', Resource: `${arn.table(REGISTRY_TABLE)}/index/list` },
  { Action: 'lambda:InvokeFunction', Resource: arn.function(VERIFY_FUNCTION) },
  { Action: 'lambda:InvokeFunction', Resource: arn.function(REVOKE_FUNCTION) },
  { Action: 'events:PutEvents', Resource: arn.bus(BUS) },
];

/** The roles of the account: those of the stack, with the stack's policies, and an operator's. */
export const ROLES: readonly RoleDefinition[] = [
  executionRole(
    VEND_ROLE_ARN,
    { Action: VEND, Resource: TENANT_ROLE_ARN },
    {
      Action: VEND,
      Resource: 'arn:aws:iam::*:role/latchkey-*',
      Condition: { StringNotEquals: { 'aws:ResourceAccount': ACCOUNT } },
    },
    { Action: 'dynamodb:GetItem', Resource: arn.table(REGISTRY_TABLE) },
    { Action: dynamodb('GetItem', 'UpdateItem'), Resource: arn.table(USAGE_TABLE) },
  ),
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
    policies: { tenantData: TENANT_DATA },
    boundary: TENANT_DATA,
  },
  executionRole(TENANTS_ROLE_ARN, ...ADMINISTER, {
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: `${arn.bucket(TEMPLATE_BUCKET)}/*`,
  }),
  executionRole(ONBOARDING_ROLE_ARN, ...ADMINISTER, {
    Action: [
      'sqs:ReceiveMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueUrl',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
    ],
    Resource: arn.queue(EVENT_QUEUE),
  }),
  executionRole(
    REVOKE_ROLE_ARN,
    { Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], Resource: TENANT_ROLE_ARN },
    {
      Action: dynamodb('GetItem', 'PutItem'),
      Resource: arn.table(REGISTRY_TABLE),
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['revocations#*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ),
  {
    arn: OPERATOR_ROLE_ARN,
    trustPolicy: trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }),
    policies: {
      operate: policy(
        { Action: 'execute-api:Invoke', Resource: `${arn.api}/*` },
        { Action: 'events:PutEvents', Resource: arn.bus(BUS) },
        { Action: 'sqs:*', Resource: [arn.queue(EVENT_QUEUE), arn.queue(DEAD_LETTER_QUEUE)] },
        {
          Action: 'dynamodb:CreateTable',
          Resource: [arn.table(REGISTRY_TABLE), arn.table(USAGE_TABLE), arn.table(DATA_TABLE)],
        },
        { Action: 'dynamodb:PutItem', Resource: arn.table(DATA_TABLE) },
        { Action: 's3:PutObject', Resource: `${arn.bucket(DATA_BUCKET)}/*` },
      ),
    },
  },
];

function executionRole(roleArn: string, ...statements: readonly object[]): RoleDefinition {
  return {
    arn: roleArn,
    trustPolicy: trust({ Service: 'lambda.amazonaws.com' }),
    policies: { own: policy(...statements) },
  };
}

function trust(Principal: object) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  };
}

function policy(...statements: readonly object[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  };
}
