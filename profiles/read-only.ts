import type { ProfileDefinition } from '../functions/core/profile/profile-definition.ts';

/** Reads the tenant's own objects and items, for reports and support tools. */
export const readOnly = {
  name: 'read-only',
  description: "reads the tenant's own S3 objects and DynamoDB items",
  roleArn: '{{resources.tenantRoleArn}}',
  durationSeconds: { default: 3600 },
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnObjects',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
      },
      {
        Sid: 'ListOwnObjects',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: '{{resources.tenantBucketArn}}',
        Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' } },
      },
      {
        Sid: 'OwnItems',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        Resource: '{{resources.tenantTableArn}}',
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ],
  },
} satisfies ProfileDefinition;
