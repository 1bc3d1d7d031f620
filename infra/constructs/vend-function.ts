import { Duration, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { VendVariables } from '../../functions/vend/environment.ts';
import type { Environment } from '../environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import { BundledFunction } from './bundled-function.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import type { UsageTable } from './usage-table.ts';

/** What the function works with. */
export interface VendFunctionProps
  extends Pick<
    Environment,
    | 'memoryMegabytes'
    | 'logRetentionDays'
    | 'vendsPerSecond'
    | 'stsFallbackRegions'
    | 'deadlineMilliseconds'
    | 'allowedOrigins'
  > {
  /**
   * The execution role. Made outside: tenant roles trust it, and the function's variables name them in turn. It is
   * given the function's log group and the registry's records here, and nothing else.
   */
  readonly role: IRole;
  readonly registry: TenantRegistry;
  readonly usage: UsageTable;
  readonly resources: ProvidedResources;
}

/** The hot path: a token in, credentials out. */
export class VendFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { registry, usage, resources, ...props }: VendFunctionProps) {
    const variables: VendVariables = {
      LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
      LATCHKEY_USAGE_TABLE: usage.table.tableName,
      LATCHKEY_RESOURCES: Stack.of(scope).toJsonString(resources),
      ...chosenVariables(props),
    };
    super(scope, id, {
      ...props,
      description: 'Latchkey: vends temporary AWS credentials to tenants',
      entry: 'vend/handler.ts',
      variables,
      // STS, the registry and an issuer's keys each time out long before; API Gateway waits 29 seconds.
      timeout: Duration.seconds(15),
      hotPath: true,
    });
    registry.grantLookUp(this.role);
    usage.grantUse(this.role);
  }
}

/** What the environment has chosen; of the rest, the function has defaults of its own. */
function chosenVariables({
  vendsPerSecond,
  stsFallbackRegions,
  deadlineMilliseconds,
  allowedOrigins,
}: Pick<
  VendFunctionProps,
  'vendsPerSecond' | 'stsFallbackRegions' | 'deadlineMilliseconds' | 'allowedOrigins'
>): Partial<VendVariables> {
  return {
    ...(vendsPerSecond === undefined ? {} : { LATCHKEY_VENDS_PER_SECOND: String(vendsPerSecond) }),
    ...(stsFallbackRegions === undefined
      ? {}
      : { LATCHKEY_STS_FALLBACK_REGIONS: JSON.stringify(stsFallbackRegions) }),
    ...(deadlineMilliseconds === undefined
      ? {}
      : { LATCHKEY_DEADLINE_MILLISECONDS: String(deadlineMilliseconds) }),
    ...(allowedOrigins === undefined ? {} : { LATCHKEY_ALLOWED_ORIGINS: JSON.stringify(allowedOrigins) }),
  };
}
