import { ConfigurationError } from '../errors.ts';
import { resolvePlaceholders } from './template.ts';

/** What a deployment provides to its profiles, by name: `tenantBucketArn` for `{{resources.tenantBucketArn}}`. */
export type Resources = Readonly<Record<string, string>>;

/** The text with the deployment's resources in place; throws `ConfigurationError` for one that it does not have. */
export function resolveResources(text: string, resources: Resources): string {
  const values = new Map(Object.entries(resources).map(([name, value]) => [`resources.${name}`, value]));
  const resolved = resolvePlaceholders(text, values);
  const missing = /\{\{(resources\.[^}]*)\}\}/.exec(resolved)?.[1];
  if (missing === undefined) return resolved;
  throw new ConfigurationError(
    `got {{${missing}}}, expected one that this environment provides: ${[...values.keys()].join(', ') || 'none'}`,
  );
}
