import type { Environment } from './environment.ts';

/** One that IAM knows, and whose tokens or assertions go to STS themselves, as `identityProviders` of an environment names it. */
export type NamedProvider = NonNullable<Environment['identityProviders']>[number];

/** The same, read. */
export type IdentityProvider =
  | {
      readonly kind: 'openId';
      readonly arn: string;
      /** URL of the issuer without `https://`: what its condition keys begin with. */
      readonly place: string;
      readonly audience: string;
      /** Undefined where its word is taken for every tenant. */
      readonly tenantId: string | undefined;
    }
  | { readonly kind: 'saml'; readonly arn: string; readonly tenantId: string };

const OPEN_ID =
  /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:oidc-provider\/((?:[a-z0-9-]+\.)+[a-z]{2,63}(?:\/[\w.~:-]+)*\/?)$/;
const SAML = /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:saml-provider\/[\w.-]{1,128}$/;

/** Reads a provider; undefined for an ARN that is neither's, an OpenID provider without an audience, and a SAML provider without a tenant. */
export function readIdentityProvider({
  arn,
  audience,
  tenantId,
}: NamedProvider): IdentityProvider | undefined {
  if (SAML.test(arn)) {
    const isWhole = tenantId !== undefined && audience === undefined;
    return isWhole ? { kind: 'saml', arn, tenantId } : undefined;
  }
  const place = OPEN_ID.exec(arn)?.[1];
  if (place === undefined || audience === undefined) return undefined;
  return { kind: 'openId', arn, place, audience, tenantId };
}

/** All of an environment's, read; `assertEnvironments` has refused those that cannot be. */
export function identityProvidersOf({
  identityProviders = [],
}: Pick<Environment, 'identityProviders'>): readonly IdentityProvider[] {
  return identityProviders.flatMap((each) => readIdentityProvider(each) ?? []);
}
