import type { LocalFacts } from './local-facts.ts';

/** A token for a sample tenant, from its OpenID provider, as its app would get one: client_credentials (RFC 6749, 4.4). */
export async function fetchToken({ tenants, newcomer }: LocalFacts, tenantId: string): Promise<string> {
  const tenant = [...tenants, newcomer].find((each) => each.tenantId === tenantId);
  if (tenant === undefined) throw new Error(`got tenant ${tenantId}, expected one of GET /local`);
  const { tokenEndpoint, clientId, clientSecret, scope, resource } = tenant;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
    resource,
  });
  const response = await fetch(tokenEndpoint, { method: 'POST', body });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined)
    throw new Error(`got status ${response.status} from ${tokenEndpoint}, expected a token`);
  return token;
}
