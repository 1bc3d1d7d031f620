import { STS_AUDIENCE } from '../functions/core/self-issued/identity-token.ts';
import { arn } from './account.ts';
import type { OpenIdProviderDefinition, SamlProviderDefinition } from './aws/identity-providers.ts';

/** Whom the account believes; who is none of them is refused by STS. */
export interface IdentityProviders {
  /** URL of Latchkey as an OpenID issuer; undefined where it is none. */
  readonly latchkey: string | undefined;
  readonly openId: readonly {
    readonly url: string;
    /** The one that its tokens are for. */
    readonly audience: string;
    /** The one tenant that it may speak for; undefined: the tokens' tags say which. */
    readonly tenantId: string | undefined;
  }[];
  readonly saml: readonly {
    readonly providerArn: string;
    readonly metadata: string;
    readonly tenantId: string;
  }[];
}

/** An issuer's URL without its scheme, as its condition keys and its ARN have it. */
export function placeOf(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

/** OpenID providers as IAM has them. */
export function openIdProviders({
  latchkey,
  openId,
}: IdentityProviders): readonly OpenIdProviderDefinition[] {
  const own = latchkey === undefined ? [] : [{ url: latchkey, audience: STS_AUDIENCE }];
  return [...own, ...openId].map(({ url, audience }) => ({
    arn: arn.openIdProvider(placeOf(url)),
    url,
    clientIds: [audience],
  }));
}

/** SAML providers as IAM has them. */
export function samlProviders({ saml }: IdentityProviders): readonly SamlProviderDefinition[] {
  return saml.map(({ providerArn, metadata }) => ({ arn: providerArn, metadata }));
}
