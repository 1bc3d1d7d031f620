import { childrenOf, onlyChildOf, type XmlElement } from '../../../functions/adapters/saml/xml-element.ts';
import type { SamlProvider } from '../identity-providers.ts';
import { accessDenied } from './errors.ts';
import { expiredIdentity, invalidIdentityToken, invalidSamlResponse } from './identity-errors.ts';
import { type AwsAttributes, readAwsAttributes } from './saml-attributes.ts';
import { ASSERTION } from './saml-response.ts';

/** What a signed assertion says, for AWS and in force. */
export interface SamlIdentity extends AwsAttributes {
  readonly issuer: string;
  readonly subject: string;
  /** As STS tells it: `persistent`, `transient`, or the whole URI of a format from elsewhere. */
  readonly subjectType: string;
  /** Whom it was made out to. SAML's audience is another thing. */
  readonly recipient: string;
  /** Until when a session may last by the identity provider's word. */
  readonly sessionEnd: Date | undefined;
}

const AUDIENCES = ['urn:amazon:webservices', 'https://signin.aws.amazon.com/saml'];
/** Global, of a Region, and of a provider that decrypts (https://docs.aws.amazon.com/general/latest/gr/signin-service.html). */
const SIGN_IN = /^https:\/\/(?:[a-z\d-]+\.)?signin\.aws\.amazon\.com\/saml(?:\/acs\/[\w-]+)?$/;
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const FORMATS = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
const REDEEM_MILLISECONDS = 5 * 60 * 1000;
/** What may stand in Conditions and does not change whether they are met (SAML 2.0 Core, 2.5.1). */
const CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];
/** SAML 2.0 Core, 1.3.3: in UTC. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/**
 * Reads an assertion that `verifySamlResponse` gave, and checks that it is the provider's, for AWS, and in force
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html). Throws
 * InvalidIdentityToken, ExpiredTokenException, AccessDenied without a subject's name, or what AssumeRole answers to such tags.
 */
export function readSamlAssertion(assertion: XmlElement, provider: SamlProvider, now: Date): SamlIdentity {
  if (
    assertion.name !== 'Assertion' ||
    assertion.namespace !== ASSERTION ||
    assertion.attributes['Version'] !== '2.0'
  )
    throw invalidSamlResponse('expected an assertion of SAML 2.0');
  const issuer = demand(assertion, 'Issuer').text;
  if (issuer !== provider.entityId) throw invalidIdentityToken('Issuer not present in specified provider');
  checkIssueInstant(readInstant(assertion, 'IssueInstant'), now);
  checkConditions(demand(assertion, 'Conditions'), now);
  const subject = demand(assertion, 'Subject');
  const recipient = readRecipient(demand(subject, 'SubjectConfirmation'), provider, now);
  const name = onlyChildOf(subject, 'NameID');
  if (name === undefined || name.text === '')
    throw accessDenied('Not authorized to perform sts:AssumeRoleWithSAML');
  const { Format: format = UNSPECIFIED } = name.attributes;
  return {
    ...readAwsAttributes(assertion),
    issuer,
    subject: name.text,
    subjectType: format.startsWith(FORMATS) ? format.slice(FORMATS.length) : format,
    recipient,
    sessionEnd: readSessionEnd(assertion, now),
  };
}

function checkIssueInstant(issued: Date | undefined, now: Date): void {
  if (issued === undefined) throw invalidSamlResponse('expected an IssueInstant');
  if (issued > now) throw invalidSamlResponse('issued in the future');
  if (now.getTime() - issued.getTime() > REDEEM_MILLISECONDS)
    throw expiredIdentity('Token must be redeemed within 5 minutes of issuance');
}

function checkConditions(conditions: XmlElement, now: Date): void {
  checkWindow(conditions, now);
  if (
    !conditions.children.every(({ name, namespace }) => namespace === ASSERTION && CONDITIONS.includes(name))
  )
    throw invalidSamlResponse('a condition is not known');
  const restrictions = childrenOf(conditions, 'AudienceRestriction');
  // Each of them must be met, by one of its audiences (SAML 2.0 Core, 2.5.1.4).
  const isMet = (restriction: XmlElement) =>
    childrenOf(restriction, 'Audience').some(({ text }) => AUDIENCES.includes(text));
  if (restrictions.length === 0 || !restrictions.every(isMet))
    throw invalidIdentityToken('Response does not contain the required audience.');
}

/** There must be exactly one, with a Recipient and a NotOnOrAfter (page on assertions). */
function readRecipient(confirmation: XmlElement, { recipients }: SamlProvider, now: Date): string {
  if (confirmation.attributes['Method'] !== BEARER)
    throw invalidSamlResponse('expected a bearer confirmation');
  const data = demand(confirmation, 'SubjectConfirmationData');
  const { Recipient: recipient = '', NotOnOrAfter: end } = data.attributes;
  if (end === undefined) throw invalidSamlResponse('expected a NotOnOrAfter of the confirmation');
  checkWindow(data, now);
  if (!SIGN_IN.test(recipient) && !recipients.includes(recipient))
    throw invalidSamlResponse('made out to another recipient');
  return recipient;
}

function readSessionEnd(assertion: XmlElement, now: Date): Date | undefined {
  const ends = childrenOf(assertion, 'AuthnStatement').flatMap(
    (statement) => readInstant(statement, 'SessionNotOnOrAfter') ?? [],
  );
  if (ends.some((end) => now >= end)) throw expiredIdentity('Response has expired');
  return ends.toSorted((one, other) => one.getTime() - other.getTime())[0];
}

function checkWindow(element: XmlElement, now: Date): void {
  const start = readInstant(element, 'NotBefore');
  const end = readInstant(element, 'NotOnOrAfter');
  if (start !== undefined && now < start) throw invalidSamlResponse('not valid yet');
  if (end !== undefined && now >= end) throw expiredIdentity('Response has expired');
}

function readInstant({ attributes }: XmlElement, name: string): Date | undefined {
  const text = attributes[name];
  if (text === undefined) return undefined;
  const instant = new Date(text);
  if (!INSTANT.test(text) || Number.isNaN(instant.getTime()))
    throw invalidSamlResponse(`${name} is no instant in UTC`);
  return instant;
}

function demand(element: XmlElement, name: string): XmlElement {
  const child = onlyChildOf(element, name);
  if (child === undefined) throw invalidSamlResponse(`expected one ${name}`);
  return child;
}
