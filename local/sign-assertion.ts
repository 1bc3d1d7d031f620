import { fromSignXmlOptions } from 'saml/lib/xml/sign.js';
import type { SigningPair } from './saml-key.ts';
import { type AssertionOptions, renderAssertion, wrapInResponse } from './saml-xml.ts';

/** What an assertion says, and who signs it. */
export interface SignedAssertionOptions extends AssertionOptions {
  /** Changes the assertion before it is signed. */
  readonly edit?: (xml: string) => string;
  readonly pair: SigningPair;
  /** With its digest; SHA-1 is what identity providers of long ago sign with. */
  readonly algorithm?: 'sha256' | 'sha1';
}

/** A samlp:Response with one signed assertion, in base64, as a browser posts it. */
export function signResponse(options: SignedAssertionOptions): string {
  return encodeResponse(wrapInResponse(signAssertion(options), options));
}

/** A signed assertion, as XML. */
export function signAssertion(options: SignedAssertionOptions): string {
  const { edit = (xml: string) => xml, pair, algorithm = 'sha256' } = options;
  const sign = fromSignXmlOptions({
    key: pair.key,
    cert: pair.certificate,
    xpathToNodeBeforeSignature: "//*[local-name(.)='Issuer']",
    signatureIdAttribute: 'ID',
    signatureAlgorithm: `rsa-${algorithm}`,
    digestAlgorithm: algorithm,
  });
  return sign(edit(renderAssertion(options)));
}

/** A response as a browser posts it. */
export function encodeResponse(xml: string): string {
  return Buffer.from(xml).toString('base64');
}
