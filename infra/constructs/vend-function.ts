import { Duration, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { VendVariables } from '../../functions/vend/environment.ts';
import type { Environment } from '../environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import { BundledFunction } from './bundled-function.ts';
import type { TenantRegistry } from './tenant-registry.ts';

/** What the function works with. */
export interface VendFunctionProps extends Pick<Environment, 'memoryMegabytes' | 'logRetentionDays'> {
  /**
   * The execution role. Made outside: tenant roles trust it, and the function's variables name them in turn. It is
   * given the function's log group and the registry's records here, and nothing else.
   */
  readonly role: IRole;
  readonly registry: TenantRegistry;
  readonly resources: ProvidedResources;
}

/** The hot path: a token in, credentials out. */
export class VendFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { registry, resources, ...props }: VendFunctionProps) {
    super(scope, id, {
      ...props,
      description: 'Latchkey: vends temporary AWS credentials to tenants',
      entry: 'vend/handler.ts',
      variables: vendVariables(scope, registry, resources),
      // STS, the registry and an issuer's keys each time out long before; API Gateway waits 29 seconds.
      timeout: Duration.seconds(15),
      hotPath: true,
    });
    registry.grantLookUp(this.role);
  }
}

/** What every function that vends is told. */
export function vendVariables(
  scope: Construct,
  registry: TenantRegistry,
  resources: ProvidedResources,
): VendVariables {
  return {
    LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
    LATCHKEY_RESOURCES: Stack.of(scope).toJsonString(resources),
  };
}
