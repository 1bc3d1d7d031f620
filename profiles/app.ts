import type { ProfileDefinition } from '../functions/core/profile/profile-definition.ts';

/** Reads and writes the tenant's own objects and items; `folder` narrows the objects to one folder. */
export const app = {
  name: 'app',
  description: "reads and writes the tenant's own S3 objects and DynamoDB items",
  roleArn: '{{resources.tenantRoleArn}}',
  scope: {
    folder: {
      description: "a folder below the tenant's prefix, with the slash at its end: reports/2026/",
      pattern: '[A-Za-z0-9_-][A-Za-z0-9._/-]*/',
      optional: true,
    },
  },
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnObjects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*',
      },
      {
        Sid: 'ListOwnObjects',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: '{{resources.tenantBucketArn}}',
        Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/{{scope.folder}}*' } },
      },
      {
        Sid: 'OwnItems',
        Effect: 'Allow',
        Action: [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:BatchWriteItem',
        ],
        Resource: '{{resources.tenantTableArn}}',
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ],
  },
} satisfies ProfileDefinition;
