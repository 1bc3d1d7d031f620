import { signXml } from '@node-saml/node-saml/lib/xml.js';
import * as xml from '../../local/saml-xml.ts';
import {
  encodeResponse,
  type SignedAssertionOptions,
  signAssertion as sign,
} from '../../local/sign-assertion.ts';
import { IDP_PAIR, type SigningPair } from './saml-test-keys.ts';

export {
  AWS_AUDIENCE,
  AWS_RECIPIENT,
  PERSISTENT,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  SESSION_DURATION,
  SOURCE_IDENTITY,
  TRANSITIVE_TAG_KEYS,
} from '../../local/saml-xml.ts';
export { encodeResponse } from '../../local/sign-assertion.ts';

export const IDP_ENTITY_ID = 'https://idp.acme.example/saml';

/** As in local/, but that of the identity provider that a test registers is the default. */
export type AssertionOptions = Partial<SignedAssertionOptions>;

const withDefaults = (options: AssertionOptions): SignedAssertionOptions => ({
  issuer: IDP_ENTITY_ID,
  pair: IDP_PAIR,
  ...options,
});

/** A samlp:Response with one signed assertion, in base64, as a browser posts it. */
export function signResponse(options: AssertionOptions = {}): string {
  return encodeResponse(wrapInResponse(signAssertion(options), options));
}

/** A signed assertion, as XML. */
export function signAssertion(options: AssertionOptions = {}): string {
  return sign(withDefaults(options));
}

/** A samlp:Response around what it is given: one assertion, several, or whatever an attacker puts there. */
export function wrapInResponse(
  content: string,
  options: AssertionOptions & { readonly status?: string } = {},
): string {
  return xml.wrapInResponse(content, withDefaults(options));
}

/** Signs a samlp:Response itself, whether its assertion is signed or not. */
export function signAround(response: string, { key, certificate }: SigningPair = IDP_PAIR): string {
  const whole = "/*[local-name(.)='Response']";
  return signXml(
    response,
    whole,
    { reference: `${whole}/*[local-name(.)='Issuer']`, action: 'after' },
    { privateKey: key, publicCert: certificate, signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256' },
  );
}

/** An identity provider's metadata: who it is, and the certificates of the keys that it signs with. */
export function renderIdpMetadata(
  options: Partial<Parameters<typeof xml.renderIdpMetadata>[0]> = {},
): string {
  return xml.renderIdpMetadata({
    entityId: IDP_ENTITY_ID,
    certificates: [IDP_PAIR.certificate],
    ...options,
  });
}
