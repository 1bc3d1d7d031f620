import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import cdk from '../cdk.json' with { type: 'json' };
import { TenantRegistry } from '../infra/constructs/tenant-registry.ts';
import { UsageTable } from '../infra/constructs/usage-table.ts';
import { VendFunction } from '../infra/constructs/vend-function.ts';
import { environments } from '../infra/environments.ts';

/**
 * Makes the vend function's bundle as a deployment does, by the same construct, in `outdir`, and returns the path of its
 * `index.js`; the export `handler` is what Lambda calls. In a stack of its own: the other functions are not bundled.
 */
export function bundleVendFunction(outdir: string): string {
  const app = new App({
    outdir,
    analyticsReporting: false,
    // Lets the template say where on this machine the function's code lies.
    context: { ...cdk.context, 'aws:cdk:enable-asset-metadata': true },
  });
  const stack = new Stack(app, 'bundle');
  const [environment] = environments;
  if (environment === undefined) throw new Error('got no environment, expected one');
  new VendFunction(stack, 'Vend', {
    ...environment,
    role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    registry: new TenantRegistry(stack, 'Registry', { retainData: false }),
    usage: new UsageTable(stack, 'Usage'),
    resources: { tenantRoleArn: '', tenantBucketArn: '', tenantTableArn: '' },
  });
  const resources: Record<string, { Type: string; Metadata?: Record<string, string> }> =
    app.synth().stacks[0]?.template.Resources ?? {};
  const vendFunction = Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const asset = vendFunction?.Metadata?.['aws:asset:path'];
  if (asset === undefined) throw new Error('got no bundled function, expected one');
  return join(outdir, asset, 'index.js');
}
