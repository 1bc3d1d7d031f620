import { Hono } from 'hono';
import type { Clock } from '../functions/core/clock.ts';
import { createAuthenticator } from './authenticator.ts';
import { type LocalFacts, renderOperator, renderTenant } from './local-facts.ts';
import { createSamlResponse, TENANT_WITH_SAML } from './saml-provider.ts';
import { userOf } from './sample-clients.ts';
import { SAMPLE_TENANTS } from './sample-tenants.ts';
import type { LocalAws } from './start-aws.ts';
import { mfaDeviceOf, TENANT_WITH_USER } from './users.ts';

/**
 * What a developer asks this machine for, and what nobody deployed has: what runs where, variables for a shell, an assertion as
 * the tenant's identity provider would send it, and a code as its MFA device would show it.
 */
export function createLocalRoutes(facts: LocalFacts, aws: LocalAws, clock: Clock): Hono {
  const routes = new Hono();
  const device = mfaDeviceOf(aws.users, TENANT_WITH_USER);
  const authenticator = device && createAuthenticator(device, clock);
  const user = SAMPLE_TENANTS.filter(({ tenantId }) => tenantId === TENANT_WITH_SAML).map(userOf)[0] ?? '';
  routes.get('/local', (c) => c.json(facts));
  routes.get('/local/tenant', (c) => c.text(renderTenant(facts)));
  routes.get('/local/operator', (c) => c.text(renderOperator(facts, aws)));
  routes.get('/local/saml-response', (c) =>
    c.req.query('tenant') === TENANT_WITH_SAML
      ? c.text(createSamlResponse(user, clock()))
      : c.text(`no SAML identity provider but tenant=${TENANT_WITH_SAML}\n`, 404),
  );
  routes.get('/local/mfa', async (c) =>
    c.req.query('tenant') === TENANT_WITH_USER && authenticator !== undefined
      ? c.json(await authenticator())
      : c.text(`no MFA device but tenant=${TENANT_WITH_USER}\n`, 404),
  );
  return routes;
}
