import { createIssuerKeys, type IssuerKeys } from './sts/issuer-keys.ts';
import { parseSamlMetadata, type SamlMetadata } from './sts/saml-metadata.ts';

/** An OpenID Connect provider of an account, as one registers it in IAM. */
export interface OpenIdProviderDefinition {
  /** `arn:aws:iam::111122223333:oidc-provider/idp.example.com/acme`: the URL's host and path stand at its end. */
  readonly arn: string;
  /** To the letter as tokens have it in `iss`; AWS takes https alone. */
  readonly url: string;
  /** The audiences that tokens may be for. */
  readonly clientIds: readonly string[];
}

/** One whose tokens STS takes. */
export interface OpenIdProvider extends OpenIdProviderDefinition {
  readonly account: string;
  /** Host and path of the URL, which its condition keys begin with. */
  readonly name: string;
  readonly keys: IssuerKeys;
}

/** Every OpenID Connect provider of the local accounts by its ARN: accounts may each register the same URL. */
export type OpenIdProviders = ReadonlyMap<string, OpenIdProvider>;

/** A SAML provider of an account, as one registers it in IAM. */
export interface SamlProviderDefinition {
  /** `arn:aws:iam::111122223333:saml-provider/acme` */
  readonly arn: string;
  /** The identity provider's own, as XML. */
  readonly metadata: string;
  /** Where assertions may be made out to, beside AWS's sign-in endpoints: AWS takes those alone. */
  readonly recipients?: readonly string[];
}

/** One whose assertions STS takes. */
export interface SamlProvider extends SamlMetadata {
  readonly arn: string;
  readonly account: string;
  /** The last part of its ARN. */
  readonly name: string;
  readonly recipients: readonly string[];
}

/** Every SAML provider of the local accounts by its ARN. */
export type SamlProviders = ReadonlyMap<string, SamlProvider>;

const OPEN_ID_ARN = /^arn:aws[\w-]*:iam::(?<account>\d{12}):oidc-provider\/(?<name>\S{1,255})$/;
const SAML_ARN = /^arn:aws[\w-]*:iam::(?<account>\d{12}):saml-provider\/(?<name>[\w.-]{1,128})$/;
const CLIENT_IDS_MAX = 100;

/**
 * Parses OpenID Connect providers; throws on an ARN that is not its URL's, and without client ids
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
 */
export function parseOpenIdProviders(
  definitions: readonly OpenIdProviderDefinition[],
): Map<string, OpenIdProvider> {
  return new Map(definitions.map((definition) => [definition.arn, parseOpenIdProvider(definition)]));
}

/**
 * Parses SAML providers; throws on an ARN that is none, and on metadata without a key to verify with
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html).
 */
export function parseSamlProviders(
  definitions: readonly SamlProviderDefinition[],
): Map<string, SamlProvider> {
  return new Map(definitions.map((definition) => [definition.arn, parseSamlProvider(definition)]));
}

function parseOpenIdProvider(definition: OpenIdProviderDefinition): OpenIdProvider {
  const { arn, url, clientIds } = definition;
  const { account, name } = splitArn(OPEN_ID_ARN, arn, 'an OpenID Connect provider');
  if (url !== `https://${name}` && url !== `http://${name}`)
    throw new Error(`${arn}: got the url ${url}, expected the host and path of the ARN behind its scheme`);
  if (clientIds.length === 0 || clientIds.length > CLIENT_IDS_MAX)
    throw new Error(`${arn}: got ${clientIds.length} client ids, expected 1 to ${CLIENT_IDS_MAX}`);
  return { ...definition, account, name, keys: createIssuerKeys(url) };
}

function parseSamlProvider({ arn, metadata, recipients = [] }: SamlProviderDefinition): SamlProvider {
  const { account, name } = splitArn(SAML_ARN, arn, 'a SAML provider');
  return { arn, account, name, recipients, ...parseSamlMetadata(metadata, arn) };
}

function splitArn(pattern: RegExp, arn: string, what: string) {
  const { account, name } = pattern.exec(arn)?.groups ?? {};
  if (account === undefined || name === undefined)
    throw new Error(`identity provider: got ${arn}, expected the ARN of ${what}`);
  return { account, name };
}
