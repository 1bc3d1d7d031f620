import { Aws, CfnOutput, Stack, Tags, Validations } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { grantTenantData, SampleTenantData } from '../constructs/tenant-data.ts';
import { TenantRegistry } from '../constructs/tenant-registry.ts';
import { grantVend, TenantRole } from '../constructs/tenant-role.ts';
import { VendApi } from '../constructs/vend-api.ts';
import { VendFunction } from '../constructs/vend-function.ts';
import type { Environment, TenantDataArns } from '../environment.ts';

/** Which environment the stack is for. */
export interface LatchkeyStackProps {
  readonly environment: Environment;
}

/** Latchkey in one account and Region: API, vend function, registry, and the role that tenants' sessions are made from. */
export class LatchkeyStack extends Stack {
  constructor(scope: Construct, id: string, { environment }: LatchkeyStackProps) {
    const { account, region, retainData } = environment;
    super(scope, id, {
      description: `Latchkey (${environment.name}): credential vending for tenants`,
      env: account === undefined ? { region } : { account, region },
      terminationProtection: retainData,
    });
    Tags.of(this).add('latchkey:environment', environment.name);

    const registry = new TenantRegistry(this, 'TenantRegistry', environment);
    const vendRole = new Role(this, 'VendRole', {
      description: 'Latchkey: execution role of the vend function',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const tenantRole = new TenantRole(this, 'TenantRole', {
      vendRole,
      description: 'Latchkey: sessions of one tenant each, told apart by the tag TenantId',
    });
    const tenantData = this.provideTenantData(environment);
    grantTenantData(tenantRole.role, tenantData);
    grantCustomerRoles(vendRole, environment.customerRoleArns ?? []);

    const vend = new VendFunction(this, 'Vend', {
      ...environment,
      role: vendRole,
      registry,
      resources: {
        tenantRoleArn: tenantRole.role.roleArn,
        tenantBucketArn: tenantData.bucketArn,
        tenantTableArn: tenantData.tableArn,
      },
    });
    const api = new VendApi(this, 'VendApi', { ...environment, vendFunction: vend.function });

    this.output('ApiUrl', api.restApi.url, 'where tenants send their requests');
    this.output('RegistryTableName', registry.table.tableName, 'the table of issuers and tenants');
    this.output('TenantRoleArn', tenantRole.role.roleArn, "the role that tenants' sessions are made from");
    this.output('VendRoleArn', vendRole.roleArn, "what roles in customers' accounts must trust");
  }

  private provideTenantData({ tenantData, ...keeping }: Environment): TenantDataArns {
    return tenantData === 'sample' ? new SampleTenantData(this, 'SampleTenantData', keeping) : tenantData;
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** Lets the vend function assume roles of other accounts, whose trust policies and external ids decide the rest. */
function grantCustomerRoles(vendRole: IRole, roleArns: readonly string[]): void {
  if (roleArns.length === 0) return;
  // Not here: in its own account a role that trusts the account would be open to whatever the pattern matches.
  grantVend(vendRole, [...roleArns], { StringNotEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } });
  Validations.of(vendRole).acknowledge(
    ...roleArns.map((arn) => ({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}]`,
      reason:
        'customers name their roles after a pattern; each trusts this function and demands its external id',
    })),
  );
}
