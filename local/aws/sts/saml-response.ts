import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import {
  childrenOf,
  everyElementOf,
  onlyChildOf,
  parseXml,
  type XmlElement,
} from '../../../functions/adapters/saml/xml-element.ts';
import { AwsError } from '../aws-error.ts';
import type { SamlProvider } from '../identity-providers.ts';
import { notImplemented } from './errors.ts';
import { invalidIdentityToken } from './identity-errors.ts';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
/** The namespace of assertions. SAML 2.0 Core, 1.2. */
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const BASE64 = /^(?:[A-Za-z0-9+/]{4}|\s)*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/;

/**
 * The assertion in a SAML response: what the provider signed, read from the very bytes that its signature covers, and nothing of
 * what stands around it. Throws InvalidIdentityToken, IDPRejectedClaim, or 501 NotImplemented for an encrypted one. Whom it is
 * for and when is not looked at here. Stricter than AWS: the assertion itself must be signed, and be the only one anywhere.
 */
export async function verifySamlResponse(encoded: string, provider: SamlProvider): Promise<XmlElement> {
  const xml = decode(encoded);
  checkAround(readXml(xml));
  return readXml(await readSigned(xml, provider));
}

function decode(encoded: string): string {
  // Buffer passes over what is no base64.
  if (!BASE64.test(encoded)) throw unreadable('not base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    throw unreadable('not UTF-8');
  }
}

function readXml(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(error.message);
    throw error;
  }
}

/** What is not signed can only be a reason to refuse. */
function checkAround(response: XmlElement): void {
  if (response.name !== 'Response' || response.namespace !== PROTOCOL)
    throw unreadable('not a samlp:Response');
  const status = onlyChildOf(response, 'Status');
  const code = status && onlyChildOf(status, 'StatusCode')?.attributes['Value'];
  if (code !== SUCCESS)
    throw new AwsError(
      'IDPRejectedClaim',
      403,
      'The identity provider (IdP) reported that authentication failed.',
    );
  if (childrenOf(response, 'EncryptedAssertion', ASSERTION).length > 0)
    throw notImplemented('encrypted assertions');
  // A second one, wherever it hides, is there to be mistaken for the first.
  if (everyElementOf(response).filter(({ name }) => name === 'Assertion').length !== 1)
    throw unreadable('expected one assertion');
}

async function readSigned(xml: string, { certificates }: SamlProvider): Promise<string> {
  const saml = new SAML({
    idpCert: [...certificates],
    wantAssertionsSigned: true,
    // A second signature, around what is not read.
    wantAuthnResponseSigned: false,
    // AWS asks for none, and may be presented with what nobody asked for.
    validateInResponseTo: ValidateInResponseTo.never,
    // Checked by who knows the time and the audiences; here neither can be told.
    acceptedClockSkewMs: -1,
    audience: false,
    issuer: 'urn:amazon:webservices',
    callbackUrl: 'https://signin.aws.amazon.com/saml',
  });
  try {
    // Of what was decoded: that this and the library take the same bytes for base64 need not be believed.
    const SAMLResponse = Buffer.from(xml).toString('base64');
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
    const signed = profile?.getAssertionXml?.();
    if (signed !== undefined) return signed;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw invalidIdentityToken('Response signature invalid', error.message);
  }
  throw invalidIdentityToken('Response signature invalid', 'no assertion was signed');
}

function unreadable(cause: string): AwsError {
  return invalidIdentityToken('Invalid base64 SAMLResponse', cause);
}
