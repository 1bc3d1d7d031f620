import type { TenantDefinitionInput } from '../functions/core/tenant/tenant-definition.ts';

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
    definition: { displayName: 'Acme Ltd', profiles, defaultProfile: 'app' },
    issuer: 'pool',
    clientId: 'acme-app',
    clientSecret: 'acme-local-secret',
  },
  {
    tenantId: 'globex',
    definition: { displayName: 'Globex Corporation', profiles, defaultProfile: 'app' },
    issuer: 'pool',
    clientId: 'globex-app',
    clientSecret: 'globex-local-secret',
  },
  {
    tenantId: 'initech',
    definition: { displayName: 'Initech', profiles, defaultProfile: 'read-only' },
    issuer: 'own',
    clientId: 'initech-app',
    clientSecret: 'initech-local-secret',
  },
];
