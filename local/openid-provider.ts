import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import { DEVICE_FLOW, deviceFlowConfiguration, serveDeviceFlow } from './openid-device-flow.ts';
import { OpenIdStore } from './openid-store.ts';

/** A client that gets tokens for one tenant with the client_credentials grant. */
export interface LocalClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Stands in every token of the client as the claim `tenant`. */
  readonly tenantClaim: string;
}

/** Somebody who signs in with the device flow (RFC 8628). Nobody has a password: this provider is for this machine. */
export interface LocalUser {
  /** The `sub` of their tokens. */
  readonly userId: string;
  /** Stands in every token of theirs as the claim `tenant`. */
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
  readonly users: readonly LocalUser[];
}

/** The claim that holds a tenant's name in the tokens of a local provider. */
export const TENANT_CLAIM = 'tenant';
/** The public client that people sign in with. */
export const DEVICE_CLIENT_ID = 'latchkey-cli';

const TOKEN_SECONDS = 3600;
const REFRESH_TOKEN_SECONDS = 24 * 3600;
/** To type a code in, and to pick a user. */
const SIGN_IN_SECONDS = 600;

/**
 * A certified OpenID provider in this process: client_credentials for machines, the device flow with refresh tokens for
 * people, and JWT access tokens (`at+jwt`) signed with a key of its own.
 */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<Provider> {
  const { issuer, audience, scope, clients, users } = options;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const tenantOfClient = new Map(clients.map(({ clientId, tenantClaim }) => [clientId, tenantClaim]));
  const tenantOfUser = new Map(users.map(({ userId, tenantClaim }) => [userId, tenantClaim]));
  const provider = new Provider(issuer, {
    ...deviceFlowConfiguration(options),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'local-1', alg: 'RS256', use: 'sig' }] },
    clients: [...clients.map(machineClient), DEVICE_CLIENT],
    scopes: [scope, 'offline_access'],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: DEVICE_FLOW,
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, { clientId }, token) => token.clientId === clientId,
      },
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
    ttl: {
      AccessToken: TOKEN_SECONDS,
      ClientCredentials: TOKEN_SECONDS,
      DeviceCode: SIGN_IN_SECONDS,
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
      RefreshToken: REFRESH_TOKEN_SECONDS,
      Grant: REFRESH_TOKEN_SECONDS,
    },
    adapter: OpenIdStore,
    extraTokenClaims: (_context, { kind, ...token }) =>
      kind === 'AccessToken'
        ? claimsOf(tenantOfUser, 'accountId' in token ? token.accountId : undefined)
        : claimsOf(tenantOfClient, token.clientId),
  });
  serveDeviceFlow(provider, users);
  return provider;
}

/**
 * Whose a token is, for Latchkey and for AWS itself: STS reads session tags and source identity of the token alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
function claimsOf(tenants: ReadonlyMap<string, string>, subject = '') {
  const tenant = tenants.get(subject);
  if (tenant === undefined) return {};
  return {
    [TENANT_CLAIM]: tenant,
    'https://aws.amazon.com/tags': { principal_tags: { [TENANT_TAG_KEY]: [tenant] } },
    'https://aws.amazon.com/source_identity': `${tenant}.${subject}`,
  };
}

function machineClient({ clientId, clientSecret }: LocalClient) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_post' as const,
  };
}

const DEVICE_CLIENT = {
  client_id: DEVICE_CLIENT_ID,
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
  token_endpoint_auth_method: 'none' as const,
};
