import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { type VendFunctionProps, vendVariables } from './vend-function.ts';

/** What the function works with: the very things that the vend function has. */
export type VerifyFunctionProps = Omit<VendFunctionProps, 'memoryMegabytes'>;

/**
 * Tries out what a tenant's roles do and refuse. It runs under the vend function's own role, since roles trust that one
 * alone; so whoever may invoke it makes Latchkey assume roles, and the administration alone is let.
 */
export class VerifyFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { registry, resources, ...props }: VerifyFunctionProps) {
    super(scope, id, {
      ...props,
      description: "Latchkey: verifies that tenants' roles open what they should and nothing else",
      entry: 'verify/handler.ts',
      variables: vendVariables(scope, registry, resources),
      memoryMegabytes: 512,
      // Whoever asks waits 13 seconds for an answer (functions/adapters/function-invoker.ts), and no profile is begun so late that it
      // could last beyond. Nothing here waits for a role made just now, which AWS may refuse for some seconds: that is a canary vend
      // that failed, and whoever asked asks again.
      timeout: Duration.seconds(15),
    });
    registry.grantLookUp(this.role);
  }
}
