import { VendingError } from '../../core/errors.ts';
import { RESPONSE_MAX_CHARACTERS } from '../../core/saml/presented-assertion.ts';
import type { Secret } from '../../core/secret.ts';
import { assertSignatureForm, DSIG } from './signature-form.ts';
import { childrenOf, everyElementOf, parseXml, type XmlElement } from './xml-element.ts';

/** The namespace of assertions. SAML 2.0 Core, 1.2. */
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** What a response says before anything in it has been verified. */
export interface ClaimedResponse {
  /** The issuer that its assertion names. */
  readonly issuer: string;
  /** Whether the response has a signature of its own, beside that of its assertion. */
  readonly isSigned: boolean;
}

/** What a response may consist of, each once; all but the assertion is signed by nobody. */
const PARTS = [
  ['Issuer', ASSERTION],
  ['Signature', DSIG],
  ['Status', PROTOCOL],
  ['Assertion', ASSERTION],
] as const;

/**
 * Reads a response far enough to know whose assertion it claims to hold: one assertion, with one signature of its own, and
 * nothing around it in which a second one, or attributes of another, could hide (signature wrapping). Throws `assertion_malformed`
 * for what is no such document, `assertion_invalid` for one that must not be believed.
 */
export function readResponse(token: Secret): ClaimedResponse {
  const response = parseDocument(decode(token.reveal()));
  if (response.name !== 'Response' || response.namespace !== PROTOCOL || !isVersion2(response))
    throw malformed('the document is no Response of SAML 2.0');
  const elements = everyElementOf(response);
  const named = (pattern: RegExp) => elements.filter(({ name }) => pattern.test(name));
  if (named(/^Encrypted/).length > 0)
    throw malformed(
      'something in the response is encrypted',
      'something in the SAML response is encrypted, and nothing may be',
    );
  const [assertion, ...others] = named(/^Assertion$/);
  if (assertion === undefined || others.length > 0 || !childrenOf(response, 'Assertion', ASSERTION)[0])
    throw malformed('the response does not hold one assertion, and that directly');
  assertParts(response);
  const signatures = named(/^Signature$/);
  const [own, ...more] = childrenOf(assertion, 'Signature', DSIG);
  const [outer] = childrenOf(response, 'Signature', DSIG);
  if (own === undefined) throw invalid('the assertion is not signed');
  // Whatever else it is of, nobody is to find it first.
  if (more.length > 0 || signatures.length !== (outer === undefined ? 1 : 2))
    throw invalid('there is another signature than that of the assertion and that of the response');
  assertSignatureForm(own, assertion);
  if (outer !== undefined) assertSignatureForm(outer, response);
  assertAttributes(assertion, named(/^Attribute$/).length);
  const [issuer] = childrenOf(assertion, 'Issuer');
  return { issuer: issuer?.text ?? '', isSigned: outer !== undefined };
}

/** Reads XML; throws `assertion_malformed` for what is none. */
export function parseDocument(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(error.message);
    throw error;
  }
}

/** Whether a message or an assertion is one of SAML 2.0. */
export function isVersion2({ attributes }: XmlElement): boolean {
  return attributes['Version'] === '2.0';
}

function decode(base64: string): string {
  if (base64.length > RESPONSE_MAX_CHARACTERS)
    throw malformed(
      'it is too long',
      `the SAML response is longer than ${RESPONSE_MAX_CHARACTERS} characters`,
    );
  const bytes = Buffer.from(base64, 'base64');
  // Buffer passes over what is no base64, and STS may not pass over the same.
  if (bytes.toString('base64') !== base64)
    throw malformed(
      'it is not base64 as it is written',
      'the SAML response is not base64 without line breaks; in a form, + must be %2B',
    );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

/** An extension of the protocol could hold anything. */
function assertParts(response: XmlElement): void {
  for (const [name, namespace] of PARTS)
    if (childrenOf(response, name, namespace).length > 1) throw malformed(`the response has two of ${name}`);
  const isPart = (child: XmlElement) =>
    PARTS.some(([name, namespace]) => child.name === name && child.namespace === namespace);
  if (!response.children.every(isPart)) throw malformed('the response holds what is not known here');
  const [status] = childrenOf(response, 'Status');
  const [code] = status === undefined ? [] : childrenOf(status, 'StatusCode');
  if (code?.attributes['Value'] !== SUCCESS) throw invalid('the status of the response is not success');
}

/** STS is not to find attributes where they are not looked for here. */
function assertAttributes(assertion: XmlElement, found: number): void {
  const known = childrenOf(assertion, 'AttributeStatement').flatMap((each) => childrenOf(each, 'Attribute'));
  if (known.length !== found)
    throw invalid('there is an attribute outside of the statements of the assertion');
}

function malformed(cause: string, detail?: string): VendingError {
  return new VendingError('assertion_malformed', { cause, ...(detail === undefined ? {} : { detail }) });
}

function invalid(cause: string): VendingError {
  return new VendingError('assertion_invalid', { cause });
}
