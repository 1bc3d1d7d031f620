import { Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { AdministrationVariables } from '../../functions/tenants/environment.ts';
import type { Environment } from '../environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { RevokeFunction } from './revoke-function.ts';
import type { TemplateBucket } from './template-bucket.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import type { TenantRole } from './tenant-role.ts';
import type { VerifyFunction } from './verify-function.ts';

/** What every function works with that changes tenants. */
export interface AdministrationProps extends Pick<Environment, 'logRetentionDays'> {
  readonly registry: TenantRegistry;
  readonly resources: ProvidedResources;
  /** What roles in customers' accounts are told to trust; the function itself cannot use it. */
  readonly vendRole: IRole;
  /** What its policy permits is previewed, and tenants' own profiles are proved over it; the function cannot use the role. */
  readonly tenantRole: TenantRole;
  readonly verify: VerifyFunction;
  readonly revoke: RevokeFunction;
  readonly eventBus: EventBus;
}

/** Which of the doors to the administration it is. */
export interface AdministrativeFunctionProps
  extends AdministrationProps,
    Pick<BundledFunctionProps, 'description' | 'entry' | 'timeout'> {
  /** Where it puts role templates; left out, it hosts none. */
  readonly templateBucket?: TemplateBucket;
  /** What it is told beside what all of them are. */
  readonly furtherVariables?: Readonly<Record<string, string>>;
}

/**
 * A function that writes the registry, and can neither assume nor change a role: who decides who speaks for a tenant
 * never holds a tenant's credentials. What takes a role it asks `verify` and `revoke` for.
 */
export class AdministrativeFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: AdministrativeFunctionProps) {
    const { description, entry, timeout, logRetentionDays, registry, verify, revoke, eventBus } = props;
    super(scope, id, {
      description,
      entry,
      timeout,
      logRetentionDays,
      memoryMegabytes: 512,
      variables: { ...administrationVariables(scope, props), ...props.furtherVariables },
    });
    registry.grantAdminister(this.role);
    verify.grantInvoke(this.role);
    revoke.grantInvoke(this.role);
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['events:PutEvents'],
      resourceArns: [eventBus.eventBusArn],
    });
    props.templateBucket?.grantPublish(this.role);
  }
}

function administrationVariables(
  scope: Construct,
  props: AdministrativeFunctionProps,
): AdministrationVariables {
  const { registry, resources, vendRole, tenantRole, verify, revoke, eventBus, templateBucket } = props;
  return {
    LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
    LATCHKEY_RESOURCES: Stack.of(scope).toJsonString(resources),
    LATCHKEY_VEND_ROLE_ARN: vendRole.roleArn,
    LATCHKEY_VERIFY_FUNCTION: verify.function.functionName,
    LATCHKEY_REVOKE_FUNCTION: revoke.function.functionName,
    LATCHKEY_EVENT_BUS: eventBus.eventBusName,
    LATCHKEY_TENANT_ROLE_POLICY: tenantRole.permittedJson(),
    ...(templateBucket === undefined ? {} : { LATCHKEY_TEMPLATE_BUCKET: templateBucket.bucket.bucketName }),
  };
}
