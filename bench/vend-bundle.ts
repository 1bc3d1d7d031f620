import { join } from 'node:path';
import { createApp } from '../infra/create-app.ts';
import { environments } from '../infra/environments.ts';
import { profileDefinitions } from '../profiles/index.ts';

/**
 * Makes the vend function's bundle exactly as a deployment does, in `outdir`, and returns the path of its `index.js`;
 * the export `handler` is what Lambda calls.
 */
export function bundleVendFunction(outdir: string): string {
  const app = createApp({
    environments: environments.slice(0, 1),
    profileDefinitions,
    outdir,
    // Lets the template say where on this machine the function's code lies.
    context: { 'aws:cdk:enable-asset-metadata': true },
  });
  const resources: Record<string, { Type: string; Metadata?: Record<string, string> }> =
    app.synth().stacks[0]?.template.Resources ?? {};
  const vendFunction = Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const asset = vendFunction?.Metadata?.['aws:asset:path'];
  if (asset === undefined) throw new Error('got no bundled function, expected one in the first environment');
  return join(outdir, asset, 'index.js');
}
