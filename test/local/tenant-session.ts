import { randomUUID } from 'node:crypto';
import type { TemporarySession } from '../../local/aws/session.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const BUCKET = 'tenant-data';
export const TABLE = 'tenant-items';
export const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}`;

/** IAM's variable, and not JavaScript's: the tenant that the session is tagged with. */
const TENANT = `\${aws:PrincipalTag/TenantId}`;

/** What the role of all tenants may do: bounded by the session's tag, as the stack's TenantRole is. */
const ROLE_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: `arn:aws:s3:::${BUCKET}/${TENANT}/*`,
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: {
        StringLike: { 's3:prefix': [`${TENANT}/*`] },
      },
    },
    {
      Effect: 'Allow',
      Action: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:Query',
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
      ],
      Resource: [TABLE_ARN, `${TABLE_ARN}/index/*`],
      Condition: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': [TENANT, `${TENANT}#*`],
        },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
    { Effect: 'Allow', Action: 'dynamodb:DescribeTable', Resource: TABLE_ARN },
  ],
};

export interface SessionOptions {
  readonly tenantId?: string;
  readonly account?: string;
  readonly now?: Date;
  readonly lifetimeSeconds?: number;
  readonly rolePolicy?: unknown;
  readonly sessionPolicy?: unknown;
}

/** A session as the local STS would issue it. */
export function createSession({
  tenantId = 'acme',
  account = ACCOUNT,
  now = new Date(),
  lifetimeSeconds = 3600,
  rolePolicy = ROLE_POLICY,
  sessionPolicy,
}: SessionOptions = {}): TemporarySession {
  const sessionName = `${tenantId}-session`;
  return {
    kind: 'assumedRole',
    credentials: {
      accessKeyId: `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`,
      secretAccessKey: randomUUID(),
      sessionToken: `token+/=${randomUUID()}`,
      expiration: new Date(now.getTime() + lifetimeSeconds * 1000),
    },
    issuedAt: now,
    entityArn: `arn:aws:iam::${account}:role/tenant`,
    arn: `arn:aws:sts::${account}:assumed-role/tenant/${sessionName}`,
    userId: `AROAEXAMPLE:${sessionName}`,
    sourceIdentity: undefined,
    tags: { TenantId: tenantId },
    transitiveTagKeys: [],
    entity: {
      boundary: undefined,
      policies: new Map([
        ['tenant', { document: JSON.stringify(rolePolicy), parsed: parsePolicy(rolePolicy, 'tenant role') }],
      ]),
    },
    sessionPolicies: sessionPolicy === undefined ? undefined : [parsePolicy(sessionPolicy, 'session policy')],
    mfaAuthenticatedAt: undefined,
    federation: undefined,
    chained: false,
  };
}
