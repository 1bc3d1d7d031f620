import type { LocalFacts } from '../../local/start.ts';

/** A token of the tenant from the local OpenID provider, as its app would get it. */
export async function getToken({ tenants }: LocalFacts, tenantId: string): Promise<string> {
  const tenant = tenants.find((each) => each.tenantId === tenantId);
  if (tenant === undefined) throw new Error(`got no tenant ${tenantId}, expected a sample tenant`);
  const form = {
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    scope: tenant.scope,
    resource: tenant.resource,
  };
  const response = await fetch(tenant.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined)
    throw new Error(`got ${response.status} from the token endpoint, expected a token`);
  return token;
}
