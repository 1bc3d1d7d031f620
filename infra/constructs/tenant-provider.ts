import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';

/** What makes, changes and offboards the tenants that stand in stacks. */
export interface TenantProviderProps {
  readonly tenantResource: BundledFunction;
  readonly logRetentionDays: RetentionDays;
}

/** What CloudFormation asks for tenants that companies keep as code (tenant.ts). */
export class TenantProvider extends Construct {
  /** An ARN; stacks of the same account and Region may use it. */
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, { tenantResource, logRetentionDays }: TenantProviderProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Of our own: the one that Provider makes can write every log group of the account.
    const role = new Role(this, 'Role', {
      description: 'Latchkey: execution role of what answers CloudFormation for tenants',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: tenantResource.function,
      frameworkOnEventRole: role,
      logGroup,
    });
    this.serviceToken = provider.serviceToken;
    const functionId = Stack.of(this).getLogicalId(tenantResource.function.node.defaultChild as CfnFunction);
    Validations.of(this).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${functionId}.Arn>:*]`,
      reason: "the CDK's framework is let invoke every version of the one function behind it; there are none",
    });
  }
}
