import { ConfigurationError, type Fault } from '../errors.ts';
import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import type { ParseSamlMetadata } from './saml-provider.ts';

/** What is wrong with the metadata of a definition's SAML providers. Each must be another identity provider: its entityID leads to one ARN. */
export function samlProviderFaults(
  providers: TenantDefinition['samlProviders'],
  parseMetadata: ParseSamlMetadata,
): readonly Fault[] {
  const known = new Set<string>();
  return providers.flatMap(({ metadata }, index): readonly Fault[] => {
    const fault = (message: string) => [{ path: ['samlProviders', index, 'metadata'], message }];
    try {
      const { entityId } = parseMetadata(metadata);
      if (known.has(entityId)) return fault('got the entityID of another one, expected each once');
      known.add(entityId);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return fault(error.message);
    }
  });
}
