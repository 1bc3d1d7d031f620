import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import { arn, DATA_BUCKET, DATA_TABLE } from './account.ts';
import { policy } from './policy-document.ts';

/** IAM's variable, and not JavaScript's: the tenant that a session is tagged for. */
export const TAGGED_TENANT = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;

/** Statements that open the data of one tenant: by its id, or by the tag of whoever asks; on further terms, if there are any. */
export function tenantDataStatements(tenant: string, conditions: object = {}): readonly object[] {
  return [
    {
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: `${arn.bucket(DATA_BUCKET)}/${tenant}/*`,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    },
    {
      Action: 's3:ListBucket',
      Resource: arn.bucket(DATA_BUCKET),
      Condition: { ...conditions, StringLike: { 's3:prefix': `${tenant}/*` } },
    },
    {
      Action: [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ],
      Resource: arn.table(DATA_TABLE),
      Condition: {
        ...conditions,
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [tenant] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ];
}

/** What sessions may do with the data of their tenant; a role's policy and its boundary say the same. */
export const TENANT_DATA = policy(...tenantDataStatements(TAGGED_TENANT));
