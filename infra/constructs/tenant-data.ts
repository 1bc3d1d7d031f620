import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TENANT_TAG_KEY } from '../../functions/core/grant/session-tags.ts';
import type { TenantDataArns } from '../environment.ts';
import { PRIVATE_BUCKET } from './private-bucket.ts';
import type { TenantRole } from './tenant-role.ts';

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

/**
 * Lets sessions of the role use what belongs to the tenant of their tag: objects under `<tenant>/`, items with the tenant
 * as partition key. The outer bound: a profile's session policy can only take away from it, and if one were ever wrong,
 * this would still hold tenants apart.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html#access_iam-tags_control-principals
 */
export function grantTenantData(tenantRole: TenantRole, tenantData: TenantDataArns): void {
  tenantRole.permit(...tenantDataStatements(tenantData));
  Validations.of(tenantRole).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${ownObjectsAsReported(tenantRole, tenantData.bucketArn)}]`,
    reason:
      "everything under the tenant's own prefix is the tenant's; IAM replaces the tag before it compares",
  });
}

/** What the tenant role permits; profiles are proved over it. */
export function tenantDataStatements({ bucketArn, tableArn }: TenantDataArns): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [`${bucketArn}/${TENANT}/*`],
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      // With the slash: the prefix `acme` would list `acme2/` as well.
      conditions: { StringLike: { 's3:prefix': `${TENANT}/*` } },
    }),
    new PolicyStatement({
      actions: TABLE_ACTIONS,
      resources: [tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TENANT] },
        // ForAllValues is true of a request without keys, such as Scan.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  ];
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

/** The resource as cdk-nag names it in its finding, with angle brackets around what is put in later. */
function ownObjectsAsReported(scope: Construct, bucketArn: string): string {
  const resolved: string | { 'Fn::GetAtt': string[] } = Stack.of(scope).resolve(bucketArn);
  const bucket = typeof resolved === 'string' ? resolved : `<${resolved['Fn::GetAtt'].join('.')}>`;
  return `${bucket}/<aws:PrincipalTag/${TENANT_TAG_KEY}>/*`;
}
