import type { TenantRecord } from '../functions/core/tenant.ts';

/** A sample tenant: its record but for the issuer, and the client that gets tokens for it. */
export interface SampleTenant {
  readonly record: Omit<TenantRecord, 'claims'>;
  /** `pool`: an issuer that acme and globex share, which names the tenant in a claim; `own`: an issuer bound to this tenant alone. */
  readonly issuer: 'pool' | 'own';
  readonly clientId: string;
  readonly clientSecret: string;
}

const profiles = ['app', 'read-only'];

/** Three tenants of an imagined company. The client secrets are for this machine and open nothing else. */
export const SAMPLE_TENANTS: readonly SampleTenant[] = [
  {
    record: { tenantId: 'acme', displayName: 'Acme Ltd', profiles, defaultProfile: 'app' },
    issuer: 'pool',
    clientId: 'acme-app',
    clientSecret: 'acme-local-secret',
  },
  {
    record: { tenantId: 'globex', displayName: 'Globex Corporation', profiles, defaultProfile: 'app' },
    issuer: 'pool',
    clientId: 'globex-app',
    clientSecret: 'globex-local-secret',
  },
  {
    record: { tenantId: 'initech', displayName: 'Initech', profiles, defaultProfile: 'read-only' },
    issuer: 'own',
    clientId: 'initech-app',
    clientSecret: 'initech-local-secret',
  },
];
