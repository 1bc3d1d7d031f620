import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * What has been used: tokens and proofs that are good once, and shares of the limits. A table of its own, since the vend
 * function writes it, and must not be able to write who may speak for whom. Nothing in it outlives a day.
 */
export class UsageTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Lets `grantee` read and write items by their whole key; it cannot list or delete any. */
  grantUse(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['GetItem', 'UpdateItem'].map((operation) => `dynamodb:${operation}`),
      resourceArns: [this.table.tableArn],
    });
  }
}
