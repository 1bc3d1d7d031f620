import type { TenantDefinitionInput } from '../functions/core/tenant/tenant-definition.ts';
import { SAML_PROVIDER } from './saml-provider.ts';

/** A sample tenant: its definition but for the issuer, and the client that gets tokens for it. */
export interface SampleTenant {
  readonly tenantId: string;
  readonly definition: TenantDefinitionInput;
  /** `pool`: an issuer that acme and globex share, which names the tenant in a claim; `own`: an issuer bound to this tenant alone. */
  readonly issuer: 'pool' | 'own';
  readonly clientId: string;
  readonly clientSecret: string;
}

const profiles = ['app', 'read-only'];
/** By methods that take nothing which a tenant must have of its own. */
const methods = ['app-long', 'app-token', 'app-federated'];

/** A company that has clients at the shared issuer and is no tenant yet: somebody to onboard. */
export const NEWCOMER: SampleTenant = {
  tenantId: 'umbrella',
  definition: { displayName: 'Umbrella Inc', profiles, defaultProfile: 'app' },
  issuer: 'pool',
  clientId: 'umbrella-app',
  clientSecret: 'umbrella-local-secret',
};

/** Three tenants of an imagined company. The client secrets are for this machine and open nothing else. */
export const SAMPLE_TENANTS: readonly SampleTenant[] = [
  {
    tenantId: 'acme',
    definition: {
      displayName: 'Acme Ltd',
      profiles: [...profiles, ...methods, 'app-saml', 'app-session', 'app-mfa'],
      defaultProfile: 'app',
      samlProviders: [{ providerArn: SAML_PROVIDER.providerArn, metadata: SAML_PROVIDER.metadata }],
    },
    issuer: 'pool',
    clientId: 'acme-app',
    clientSecret: 'acme-local-secret',
  },
  {
    tenantId: 'globex',
    definition: {
      displayName: 'Globex Corporation',
      profiles: [...profiles, ...methods],
      defaultProfile: 'app',
    },
    issuer: 'pool',
    clientId: 'globex-app',
    clientSecret: 'globex-local-secret',
  },
  {
    tenantId: 'initech',
    definition: {
      displayName: 'Initech',
      profiles: [...profiles, ...methods],
      defaultProfile: 'read-only',
    },
    issuer: 'own',
    clientId: 'initech-app',
    clientSecret: 'initech-local-secret',
  },
];
