import { randomUUID } from 'node:crypto';

/** With whom AWS takes it: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
export const AWS_AUDIENCE = 'urn:amazon:webservices';
/** Where the bearer hands it in: AWS Sign-In. */
export const AWS_RECIPIENT = 'https://signin.aws.amazon.com/saml';

const AWS_ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes';
/** What AWS reads, by the same page: the role with its provider, a comma between them. */
export const ROLE = `${AWS_ATTRIBUTES}/Role`;
/** What the session is called. */
export const ROLE_SESSION_NAME = `${AWS_ATTRIBUTES}/RoleSessionName`;
/** Of the console session, in seconds. */
export const SESSION_DURATION = `${AWS_ATTRIBUTES}/SessionDuration`;
/** The source identity of the session. */
export const SOURCE_IDENTITY = `${AWS_ATTRIBUTES}/SourceIdentity`;
/** Keys of the tags that a chained session inherits. */
export const TRANSITIVE_TAG_KEYS = `${AWS_ATTRIBUTES}/TransitiveTagKeys`;
/** A tag of the session, by its key. */
export const principalTag = (key: string) => `${AWS_ATTRIBUTES}/PrincipalTag:${key}`;

/** The same subject under the same name every time. SAML 2.0 Core, 8.3.7. */
export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** What an assertion says. All but the issuer has a default with which AWS takes it; null leaves it out. Times are around `now`. */
export interface AssertionOptions {
  readonly id?: string;
  /** The identity provider's entityID. */
  readonly issuer: string;
  /** Each in the one AudienceRestriction. */
  readonly audience?: string | readonly string[] | null;
  /** Of the bearer's SubjectConfirmationData, and the response's Destination. */
  readonly recipient?: string | null;
  readonly nameId?: string | null;
  readonly nameIdFormat?: string | null;
  readonly nameQualifier?: string | null;
  readonly now?: Date;
  readonly issueInstant?: Date;
  /** Of the Conditions. */
  readonly notBefore?: Date | null;
  readonly notOnOrAfter?: Date | null;
  /** Of the bearer's SubjectConfirmationData; left out, that of the Conditions. */
  readonly confirmationNotOnOrAfter?: Date | null;
  /** Of the AuthnStatement; left out, there is none. */
  readonly sessionNotOnOrAfter?: Date | null;
  readonly inResponseTo?: string | null;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}

const LIFETIME_MS = 300_000;

/** A samlp:Response around what it is given: one assertion, several, or whatever an attacker puts there. */
export function wrapInResponse(
  content: string,
  {
    issuer,
    recipient = AWS_RECIPIENT,
    inResponseTo = null,
    now = new Date(),
    status = SUCCESS,
  }: AssertionOptions & { readonly status?: string },
): string {
  const attributes = xmlAttributes({
    ID: `_${randomUUID()}`,
    Version: '2.0',
    IssueInstant: now.toISOString(),
    Destination: recipient,
    InResponseTo: inResponseTo,
  });
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"${attributes}>` +
    `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="${escapeXml(status)}"/></samlp:Status>${content}</samlp:Response>`
  );
}

/** An identity provider's metadata: who it is, and the certificates of the keys that it signs with. */
export function renderIdpMetadata({
  entityId,
  certificates,
  use = 'signing',
}: {
  readonly entityId: string;
  /** PEM. */
  readonly certificates: readonly string[];
  /** Null: for signing and encryption alike. */
  readonly use?: 'signing' | 'encryption' | null;
}): string {
  const keys = certificates.map(
    (pem) =>
      `<md:KeyDescriptor${xmlAttributes({ use })}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` +
      `${pem.replace(/-----[A-Z ]+-----/g, '').trim()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"${xmlAttributes({ entityID: entityId })}>` +
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
    keys.join('') +
    `<md:NameIDFormat>${PERSISTENT}</md:NameIDFormat>` +
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"${xmlAttributes({ Location: `${entityId}/sso` })}/>` +
    '</md:IDPSSODescriptor></md:EntityDescriptor>'
  );
}

/** An assertion, as XML, that nobody has signed. */
export function renderAssertion({
  id = `_${randomUUID()}`,
  issuer,
  audience = AWS_AUDIENCE,
  nameId = 'ann@acme.example',
  nameIdFormat = PERSISTENT,
  nameQualifier = null,
  now = new Date(),
  issueInstant = now,
  notBefore = now,
  notOnOrAfter = new Date(now.getTime() + LIFETIME_MS),
  sessionNotOnOrAfter = null,
  attributes = {},
  ...confirmation
}: AssertionOptions): string {
  const audiences = audience === null ? [] : [audience].flat();
  const authnTimes = xmlAttributes({
    AuthnInstant: issueInstant.toISOString(),
    SessionNotOnOrAfter: instant(sessionNotOnOrAfter),
  });
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"${xmlAttributes({ ID: id, IssueInstant: issueInstant.toISOString() })}>`,
    `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`,
    '<saml:Subject>',
    nameId === null
      ? ''
      : `<saml:NameID${xmlAttributes({ Format: nameIdFormat, NameQualifier: nameQualifier })}>${escapeXml(nameId)}</saml:NameID>`,
    renderConfirmation({ notOnOrAfter, ...confirmation }),
    '</saml:Subject>',
    `<saml:Conditions${xmlAttributes({ NotBefore: instant(notBefore), NotOnOrAfter: instant(notOnOrAfter) })}>`,
    audiences.length === 0
      ? ''
      : `<saml:AudienceRestriction>${audiences.map((each) => `<saml:Audience>${escapeXml(each)}</saml:Audience>`).join('')}</saml:AudienceRestriction>`,
    '</saml:Conditions>',
    `<saml:AuthnStatement${authnTimes}><saml:AuthnContext><saml:AuthnContextClassRef>`,
    'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>',
    renderAttributes(attributes),
    '</saml:Assertion>',
  ].join('');
}

function renderConfirmation({
  recipient = AWS_RECIPIENT,
  notOnOrAfter = null,
  confirmationNotOnOrAfter = notOnOrAfter,
  inResponseTo = null,
}: Omit<AssertionOptions, 'issuer'>): string {
  const data = xmlAttributes({
    Recipient: recipient,
    NotOnOrAfter: instant(confirmationNotOnOrAfter),
    InResponseTo: inResponseTo,
  });
  return `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData${data}/></saml:SubjectConfirmation>`;
}

function renderAttributes(attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const rendered = Object.entries(attributes).map(([name, value]) => {
    const values = [value]
      .flat()
      .map((each) => `<saml:AttributeValue>${escapeXml(each)}</saml:AttributeValue>`);
    return `<saml:Attribute${xmlAttributes({ Name: name })}>${values.join('')}</saml:Attribute>`;
  });
  return rendered.length === 0
    ? ''
    : `<saml:AttributeStatement>${rendered.join('')}</saml:AttributeStatement>`;
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

function xmlAttributes(attributes: Readonly<Record<string, string | null>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${escapeXml(value ?? '')}"`)
    .join('');
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
