import { type Making, ridesInToken } from '../functions/core/grant/method.ts';
import type { Environment } from './environment.ts';
import { identityProvidersOf } from './identity-provider.ts';

/**
 * What an environment would have to turn on so that sessions can be made so, as a member and its value; undefined where it has.
 */
export function missingFor(making: Making, environment: Environment): string | undefined {
  const { signingKeys, iamUsers } = environment;
  const kinds = identityProvidersOf(environment).map(({ kind }) => kind);
  const { method, mfa } = making;
  if (method === 'federationToken')
    return iamUsers?.federation === true ? undefined : 'iamUsers with federation: true';
  if (method === 'sessionToken' || mfa === 'required')
    return iamUsers?.tenants === undefined ? 'iamUsers with tenants' : undefined;
  if (method === 'saml') return kinds.includes('saml') ? undefined : 'identityProviders with a SAML provider';
  if (ridesInToken(making))
    return kinds.includes('openId') ? undefined : 'identityProviders with an OpenID provider';
  if (method === 'webIdentity') return signingKeys === undefined ? 'signingKeys' : undefined;
  return undefined;
}
