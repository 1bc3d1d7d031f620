import { CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  parseTenantDefinition,
  type TenantDefinitionInput,
} from '../../functions/core/tenant/tenant-definition.ts';
import { parseTenantId } from '../../functions/core/tenant-id.ts';

/** A tenant, as the operators' API takes it. */
export interface TenantProps {
  /** A `TenantProvider`, or its ARN: the output `TenantProviderArn` of the Latchkey stack. */
  readonly provider: { readonly serviceToken: string };
  readonly tenantId: string;
  readonly definition: TenantDefinitionInput;
  /**
   * Takes over a tenant of this id that is there already, with all that is written of it. Otherwise the deployment fails.
   * @default false
   */
  readonly adopt?: boolean;
  /**
   * `DESTROY`: the tenant is offboarded, for good, when the construct goes; `RETAIN`: it stays as it is.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A tenant that a company keeps as code. Throws `ConfigurationError` at synth for a tenant id or a definition that is
 * wrong. A definition that holds what CloudFormation has yet to name (a user pool's URL) is checked when it is deployed,
 * and fails the deployment.
 */
export class Tenant extends Construct {
  /** What the role in the tenant's own account must demand as `sts:ExternalId`. */
  readonly externalId: string;

  constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    const { provider, tenantId, definition, adopt = false, removalPolicy = RemovalPolicy.RETAIN } = props;
    parseTenantId(tenantId);
    const stack = Stack.of(this);
    const json = JSON.stringify(definition);
    if (JSON.stringify(stack.resolve(definition)) === json) parseTenantDefinition(definition);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::LatchkeyTenant',
      serviceToken: provider.serviceToken,
      removalPolicy,
      properties: {
        tenantId,
        definition: stack.toJsonString(definition),
        ...(adopt ? { adopt: 'true' } : {}),
      },
    });
    this.externalId = resource.getAttString('externalId');
  }
}
