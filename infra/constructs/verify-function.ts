import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { VerifyVariables } from '../../functions/verify/environment.ts';
import { BundledFunction } from './bundled-function.ts';
import type { VendFunctionProps } from './vend-function.ts';

/** What the function works with: of what the vend function has, all but the limits and what pages and people wait for. */
export type VerifyFunctionProps = Pick<
  VendFunctionProps,
  'role' | 'registry' | 'resources' | 'selfIssuer' | 'logRetentionDays'
>;

/**
 * Tries out what a tenant's roles do and refuse. It runs under the vend function's own role, since roles trust that one
 * alone; so whoever may invoke it makes Latchkey assume roles, and the administration alone is let.
 */
export class VerifyFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: VerifyFunctionProps) {
    const { registry, resources, selfIssuer, ...others } = props;
    const variables: VerifyVariables = {
      LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
      LATCHKEY_RESOURCES: Stack.of(scope).toJsonString(resources),
      // The role may use the keys already, by the vend function's grant.
      ...selfIssuer?.variables(),
    };
    super(scope, id, {
      ...others,
      description: "Latchkey: verifies that tenants' roles open what they should and nothing else",
      entry: 'verify/handler.ts',
      variables,
      memoryMegabytes: 512,
      // Whoever asks waits 13 seconds for an answer (functions/adapters/administration/function-invoker.ts), and no profile is begun so late that it
      // could last beyond. Nothing here waits for a role made just now, which AWS may refuse for some seconds: that is a canary vend
      // that failed, and whoever asked asks again.
      timeout: Duration.seconds(15),
    });
    registry.grantLookUp(this.role);
  }
}
