import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** How the registry is kept. */
export interface TenantRegistryProps {
  readonly retainData: boolean;
}

/** The table of issuers and tenants: who may speak for whom, so whoever writes it decides who gets credentials. */
export class TenantRegistry extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { retainData }: TenantRegistryProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // AWS's own key in this account: reads of the registry show in CloudTrail, and no role needs a KMS permission.
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Lets `grantee` read records by their whole key. Not Query and not Scan: nobody can list tenants with it. */
  grantLookUp(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem'],
      resourceArns: [this.table.tableArn],
    });
  }
}
