import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PolicyConditions } from '../../functions/core/profile/policy-document.ts';

/** How the registry is kept. */
export interface TenantRegistryProps {
  readonly retainData: boolean;
}

/** The index by which tenants and issuers are listed. */
const LIST_INDEX = 'list';

/** The table of issuers and tenants: who may speak for whom, so whoever writes it decides who gets credentials. */
export class TenantRegistry extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { retainData }: TenantRegistryProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: LIST_INDEX,
          partitionKey: { name: 'listKind', type: AttributeType.STRING },
          sortKey: { name: 'listName', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
      // When a freed binding can be bound again. Nobody reads it from the moment that it is freed; DynamoDB removes it days later.
      timeToLiveAttribute: 'freeAt',
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
    return this.grant(grantee, ['GetItem']);
  }

  /** Lets `grantee` write whatever the registry holds, and list it. Not Scan: lists come from their index. */
  grantAdminister(grantee: IGrantable): Grant {
    const onItems = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    const onList = Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/${LIST_INDEX}`],
    });
    return this.grant(grantee, onItems).combine(onList);
  }

  /** Lets `grantee` read and write the lists of revocations, and no tenant or issuer beside them. */
  grantRevocations(grantee: IGrantable): Grant {
    return this.grant(grantee, ['GetItem', 'PutItem'], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['revocations#*'] },
      // ForAllValues is true of a request without keys.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  }

  private grant(
    grantee: IGrantable,
    operations: readonly string[],
    conditions: PolicyConditions = {},
  ): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resourceArns: [this.table.tableArn],
      conditions,
    });
  }
}
