import {
  ACCOUNT,
  arn,
  BUS,
  DATA_BUCKET,
  DATA_TABLE,
  DEAD_LETTER_QUEUE,
  DECODE_ROLE_ARN,
  EVENT_QUEUE,
  FEDERATED_ROLE_ARN,
  IAM_USER_ROLE_ARN,
  MFA_ROLE_ARN,
  ONBOARDING_ROLE_ARN,
  OPERATOR_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  SAML_ROLE_ARN,
  SIGNING_KEY_ID,
  TEMPLATE_BUCKET,
  TENANT_ROLE_ARN,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from './account.ts';
import type { RoleDefinition } from './aws/roles.ts';
import { secretArn } from './aws/secrets-manager.ts';
import { policy } from './policy-document.ts';
import { MFA_ROLE, TENANT_ROLE } from './tenant-roles.ts';
import { secretNameOf, USER_ARNS } from './users.ts';

const VEND = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'];
const dynamodb = (...operations: readonly string[]) => operations.map((operation) => `dynamodb:${operation}`);

/** What every function of the tenants' API may do. */
const READ_TENANTS = [
  { Action: 'dynamodb:GetItem', Resource: arn.table(REGISTRY_TABLE) },
  { Action: dynamodb('GetItem', 'UpdateItem'), Resource: arn.table(USAGE_TABLE) },
];

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

/**
 * The roles of the account: those of the stack, with the stack's policies, and an operator's. All but the one that takes tokens and
 * assertions, which depends on whose: `federatedRole`.
 */
export const ROLES: readonly RoleDefinition[] = [
  executionRole(
    VEND_ROLE_ARN,
    { Action: VEND, Resource: TENANT_ROLE_ARN },
    {
      Action: VEND,
      Resource: 'arn:aws:iam::*:role/latchkey-*',
      Condition: { StringNotEquals: { 'aws:ResourceAccount': ACCOUNT } },
    },
    {
      Action: 'kms:Sign',
      Resource: arn.key(SIGNING_KEY_ID),
      Condition: { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } },
    },
    { Action: 'kms:GetPublicKey', Resource: arn.key(SIGNING_KEY_ID) },
    ...READ_TENANTS,
  ),
  executionRole(SAML_ROLE_ARN, ...READ_TENANTS),
  executionRole(IAM_USER_ROLE_ARN, ...READ_TENANTS, {
    Action: 'secretsmanager:GetSecretValue',
    Resource: USER_ARNS.map((userArn) =>
      secretArn(secretNameOf(userArn), { account: ACCOUNT, region: REGION }),
    ),
  }),
  executionRole(DECODE_ROLE_ARN, ...READ_TENANTS, {
    Action: 'sts:DecodeAuthorizationMessage',
    Resource: '*',
  }),
  TENANT_ROLE,
  MFA_ROLE,
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
    {
      Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
      Resource: [TENANT_ROLE_ARN, FEDERATED_ROLE_ARN, MFA_ROLE_ARN],
    },
    { Action: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], Resource: USER_ARNS },
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
  return policy({ Principal, Action: 'sts:AssumeRole' });
}
