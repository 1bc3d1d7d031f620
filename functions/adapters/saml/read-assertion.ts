import { VendingError } from '../../core/errors.ts';
import type { Assertion } from '../../core/saml/assertion.ts';
import type { AssertionAttribute } from '../../core/saml/aws-attributes.ts';
import { ASSERTION, isVersion2 } from './saml-response.ts';
import { DSIG } from './signature-form.ts';
import { childrenOf, type XmlElement } from './xml-element.ts';

/** What an assertion may consist of here: no advice, in which whole other assertions may stand, and no statements of other kinds. */
const PARTS = ['Issuer', 'Subject', 'Conditions', 'AuthnStatement', 'AttributeStatement'];
/** What may stand in Conditions and does not change whether they are met (SAML 2.0 Core, 2.5.1). */
const CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

/** The assertion in an element that its provider has signed (SAML 2.0 Core, 2.3.3). Throws `assertion_invalid` for one of another form. */
export function readAssertion(element: XmlElement): Assertion {
  const { name, namespace, attributes } = element;
  if (name !== 'Assertion' || namespace !== ASSERTION || !isVersion2(element))
    throw invalid('what is signed is no assertion of SAML 2.0');
  if (!element.children.every(isPart)) throw invalid('the assertion holds what is not known here');
  const subject = only(element, 'Subject');
  return {
    id: attributes['ID'] ?? '',
    issuer: textOf(only(element, 'Issuer')),
    issueInstant: attributes['IssueInstant'] ?? '',
    subject: textOf(only(subject, 'NameID')),
    confirmation: readConfirmation(only(subject, 'SubjectConfirmation')),
    conditions: readConditions(only(element, 'Conditions')),
    sessionEnds: childrenOf(element, 'AuthnStatement').flatMap(
      (statement) => statement.attributes['SessionNotOnOrAfter'] ?? [],
    ),
    attributes: childrenOf(element, 'AttributeStatement')
      .flatMap((statement) => childrenOf(statement, 'Attribute'))
      .map(readAttribute),
  };
}

function isPart({ name, namespace }: XmlElement): boolean {
  return namespace === ASSERTION ? PARTS.includes(name) : name === 'Signature' && namespace === DSIG;
}

function readConfirmation(confirmation: XmlElement): Assertion['confirmation'] {
  const data = only(confirmation, 'SubjectConfirmationData');
  return {
    method: confirmation.attributes['Method'] ?? '',
    recipient: data.attributes['Recipient'],
    ...windowOf(data),
  };
}

function readConditions(conditions: XmlElement): Assertion['conditions'] {
  if (
    !conditions.children.every(({ name, namespace }) => namespace === ASSERTION && CONDITIONS.includes(name))
  )
    throw invalid('there is a condition that is not known here');
  return {
    ...windowOf(conditions),
    audienceRestrictions: childrenOf(conditions, 'AudienceRestriction').map((restriction) =>
      childrenOf(restriction, 'Audience').map(textOf),
    ),
  };
}

function windowOf({ attributes }: XmlElement) {
  return { notBefore: attributes['NotBefore'], notOnOrAfter: attributes['NotOnOrAfter'] };
}

function readAttribute(attribute: XmlElement): AssertionAttribute {
  return {
    name: attribute.attributes['Name'] ?? '',
    values: childrenOf(attribute, 'AttributeValue').map(({ children, text }) =>
      children.length === 0 ? text : undefined,
    ),
  };
}

/** There must be one, so that no two readers take two. */
function only(element: XmlElement, name: string): XmlElement {
  const [child, ...others] = childrenOf(element, name);
  if (child !== undefined && others.length === 0) return child;
  throw invalid(`there is not one ${name} in ${element.name}`);
}

function textOf({ name, children, text }: XmlElement): string {
  if (children.length > 0) throw invalid(`${name} holds elements, not text`);
  return text;
}

function invalid(cause: string): VendingError {
  return new VendingError('assertion_invalid', { cause });
}
