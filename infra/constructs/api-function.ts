import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ApiVariables, VendingVariables } from '../../functions/api/environment.ts';
import type { Environment } from '../environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import type { UsageTable } from './usage-table.ts';

/** What every function of the tenants' API works with. */
export interface ApiFunctionProps
  extends Pick<
    Environment,
    'memoryMegabytes' | 'logRetentionDays' | 'stsFallbackRegions' | 'deadlineMilliseconds' | 'allowedOrigins'
  > {
  readonly registry: TenantRegistry;
  readonly usage: UsageTable;
}

/** What those work with that vend. */
export interface VendingFunctionProps extends ApiFunctionProps, Pick<Environment, 'vendsPerSecond'> {
  readonly resources: ProvidedResources;
}

type Own = Pick<BundledFunctionProps, 'description' | 'entry' | 'variables' | 'role' | 'hotPath'>;

/**
 * A function of the tenants' API, which may write its log, look up records by their key and use the usage table, and nothing
 * else; what it may do besides, each says.
 */
export class ApiFunction extends BundledFunction {
  constructor(
    scope: Construct,
    id: string,
    props: Pick<ApiFunctionProps, 'memoryMegabytes' | 'logRetentionDays' | 'registry' | 'usage'> & Own,
  ) {
    const { registry, usage, ...others } = props;
    super(scope, id, {
      ...others,
      // STS, the registry and an issuer's keys each time out long before; API Gateway waits 29 seconds.
      timeout: Duration.seconds(15),
    });
    registry.grantLookUp(this.role);
    usage.grantUse(this.role);
  }
}

/** What they are all told; where the environment has chosen nothing, they have defaults of their own. */
export function apiVariables(props: ApiFunctionProps): ApiVariables {
  const { registry, usage, stsFallbackRegions, deadlineMilliseconds, allowedOrigins } = props;
  return {
    LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
    LATCHKEY_USAGE_TABLE: usage.table.tableName,
    ...(stsFallbackRegions === undefined
      ? {}
      : { LATCHKEY_STS_FALLBACK_REGIONS: JSON.stringify(stsFallbackRegions) }),
    ...(deadlineMilliseconds === undefined
      ? {}
      : { LATCHKEY_DEADLINE_MILLISECONDS: String(deadlineMilliseconds) }),
    ...(allowedOrigins === undefined ? {} : { LATCHKEY_ALLOWED_ORIGINS: JSON.stringify(allowedOrigins) }),
  };
}

/** What the environment lets all of them together ask of STS, where it says. */
export function vendsVariable({
  vendsPerSecond,
}: Pick<Environment, 'vendsPerSecond'>): Pick<VendingVariables, 'LATCHKEY_VENDS_PER_SECOND'> {
  return vendsPerSecond === undefined ? {} : { LATCHKEY_VENDS_PER_SECOND: String(vendsPerSecond) };
}

/** What those are told that vend. */
export function vendingVariables(scope: Construct, props: VendingFunctionProps): VendingVariables {
  return {
    ...apiVariables(props),
    ...vendsVariable(props),
    LATCHKEY_RESOURCES: Stack.of(scope).toJsonString(props.resources),
  };
}
