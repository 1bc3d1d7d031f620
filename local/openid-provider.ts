import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';

/** A client that gets tokens for one tenant with the client_credentials grant. */
export interface LocalClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Stands in every token of the client as the claim `tenant`. */
  readonly tenantClaim: string;
}

/** An issuer on this machine. */
export interface OpenIdProviderOptions {
  /** The URL that it is served under, and the `iss` of its tokens. */
  readonly issuer: string;
  /** The resource indicator (RFC 8707) whose tokens it issues: Latchkey's audience. */
  readonly audience: string;
  readonly scope: string;
  readonly clients: readonly LocalClient[];
}

/** The claim that holds a tenant's name in the tokens of a local provider. */
export const TENANT_CLAIM = 'tenant';

const TOKEN_SECONDS = 3600;

/** A certified OpenID provider in this process: client_credentials, and JWT access tokens (`at+jwt`) signed with a key of its own. */
export async function createOpenIdProvider({
  issuer,
  audience,
  scope,
  clients,
}: OpenIdProviderOptions): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const tenants = new Map(clients.map(({ clientId, tenantClaim }) => [clientId, tenantClaim]));
  return new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'local-1', alg: 'RS256', use: 'sig' }] },
    clients: clients.map(({ clientId, clientSecret }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
    })),
    scopes: [scope],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: { ClientCredentials: TOKEN_SECONDS },
    adapter: VolatileStore,
    extraTokenClaims: (_context, token) => ({ [TENANT_CLAIM]: tenants.get(token.clientId ?? '') }),
  });
}

/** Forgets everything with the process. The provider's own store of that kind would warn at every start. */
class VolatileStore implements Adapter {
  readonly #payloads = new Map<string, AdapterPayload>();

  async upsert(id: string, payload: AdapterPayload) {
    this.#payloads.set(id, payload);
  }
  async find(id: string) {
    return this.#payloads.get(id);
  }
  async findByUserCode() {
    return undefined;
  }
  async findByUid() {
    return undefined;
  }
  async consume(id: string) {
    this.#payloads.delete(id);
  }
  async destroy(id: string) {
    this.#payloads.delete(id);
  }
  async revokeByGrantId() {}
}
