import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TENANT_TAG_KEY } from '../../functions/core/grant/session-tags.ts';
import type { TenantDataArns } from '../environment.ts';
import { asReported } from './as-reported.ts';
import type { BoundedIdentity } from './bounded-identity.ts';
import { PRIVATE_BUCKET } from './private-bucket.ts';

/** How the sample is kept. */
export interface SampleTenantDataProps {
  readonly retainData: boolean;
  readonly logRetentionDays: RetentionDays;
}

/**
 * A bucket and a table to try Latchkey with. Both are encrypted with keys that S3 and DynamoDB own: a session policy
 * would have to open a KMS key too, and could not bound that by tenant.
 */
export class SampleTenantData extends Construct implements TenantDataArns {
  readonly bucketArn: string;
  readonly tableArn: string;

  constructor(scope: Construct, id: string, { retainData, logRetentionDays }: SampleTenantDataProps) {
    super(scope, id);
    // A bucket that holds something stays when its stack goes, and fails the deletion: data is not lost by mistake.
    const removalPolicy = retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    const accessLog = new Bucket(this, 'AccessLog', {
      ...PRIVATE_BUCKET,
      removalPolicy,
      lifecycleRules: [{ expiration: Duration.days(logRetentionDays) }],
    });
    Validations.of(accessLog).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'this is the access log: logging access to it into itself would never come to an end',
    });
    const bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE_BUCKET,
      removalPolicy,
      versioned: true,
      // A cast: the CDK's types do not know exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLog as IBucket,
    });
    const table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy,
    });
    this.bucketArn = bucket.bucketArn;
    this.tableArn = table.tableArn;
  }
}

/** The tenant that a session was made for; IAM puts it in when it decides. */
const TENANT = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;

/** Whose data, and on what further terms. */
export interface TenantDataTerms {
  /** A tenant's id. Left out, the tenant that a session was made for. */
  readonly tenant?: string;
  /** Left out, without. */
  readonly mfa?: 'required';
}

/**
 * Lets sessions of a role or user use what belongs to the tenant of their tag: objects under `<tenant>/`, items with the tenant
 * as partition key. The outer bound: a profile's session policy can only take away from it, and if one were ever wrong,
 * this would still hold tenants apart.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html#access_iam-tags_control-principals
 */
export function grantTenantData(
  identity: BoundedIdentity,
  tenantData: TenantDataArns,
  terms: TenantDataTerms = {},
): void {
  identity.permit(...tenantDataStatements(tenantData, terms));
  const objects = ownObjects(tenantData, terms);
  Validations.of(identity).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${asReported(identity, objects)}]`,
    reason:
      "everything under the tenant's own prefix is the tenant's; IAM replaces the tag before it compares",
  });
}

/** What is permitted then; profiles are proved over it. */
export function tenantDataStatements(
  tenantData: TenantDataArns,
  terms: TenantDataTerms = {},
): readonly PolicyStatement[] {
  const { bucketArn, tableArn } = tenantData;
  const { tenant = TENANT, mfa } = terms;
  const conditions = mfa === undefined ? {} : { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [ownObjects(tenantData, terms)],
      conditions,
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      // With the slash: the prefix `acme` would list `acme2/` as well.
      conditions: { ...conditions, StringLike: { 's3:prefix': `${tenant}/*` } },
    }),
    new PolicyStatement({
      actions: TABLE_ACTIONS,
      resources: [tableArn],
      conditions: {
        ...conditions,
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [tenant] },
        // ForAllValues is true of a request without keys, such as Scan.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  ];
}

function ownObjects({ bucketArn }: TenantDataArns, { tenant = TENANT }: TenantDataTerms): string {
  return `${bucketArn}/${tenant}/*`;
}

const TABLE_ACTIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
].map((operation) => `dynamodb:${operation}`);
