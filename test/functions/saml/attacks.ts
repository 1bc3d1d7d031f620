import { createSign } from 'node:crypto';
import { signXml } from '@node-saml/node-saml/lib/xml.js';
import { IDP_PAIR, type SigningPair } from '../../local/saml-test-keys.ts';
import {
  type AssertionOptions,
  IDP_ENTITY_ID,
  signAssertion,
  wrapInResponse,
} from '../../local/sign-assertion.ts';
import { attributesOf } from './start-saml.ts';

/** A signed assertion of acme's, taken apart for who wants to put something else in its place. */
export interface Parts {
  /** As its provider signed it. */
  readonly signed: string;
  /** Without its signature. */
  readonly bare: string;
  readonly signature: string;
  /** The same with another ID, for globex, and signed by nobody. */
  readonly evil: string;
}

export function partsOf(options: AssertionOptions): Parts {
  const signed = signAssertion({
    issuer: IDP_ENTITY_ID,
    attributes: attributesOf('acme'),
    ...options,
  });
  const [signature = ''] = /<Signature .*<\/Signature>/s.exec(signed) ?? [];
  const bare = signed.replace(signature, '');
  const evil = bare
    .replace(/ ID="[^"]+"/, ' ID="_evil"')
    .replaceAll('>acme<', '>globex<')
    .replaceAll('>acme.ann<', '>globex.ann<');
  return { signed, bare, signature, evil };
}

/** Something put in behind the issuer, where a signature stands. */
export const inside = (assertion: string, content: string) =>
  assertion.replace('</saml:Issuer>', `</saml:Issuer>${content}`);

/** Something put in as the last of an element. */
export const within = (xml: string, name: string, content: string) =>
  xml.replace(`</${name}>`, `${content}</${name}>`);

const ENVELOPE = `xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`;

/** Ways to have one assertion verified and another one read (https://www.usenix.org/conference/usenixsecurity12/technical-sessions/presentation/somorovsky). */
export const WRAPPED: readonly (readonly [name: string, wrap: (parts: Parts) => string, code: string])[] = [
  ['the evil one before the signed one', ({ signed, evil }) => evil + signed, 'assertion_malformed'],
  ['the evil one behind the signed one', ({ signed, evil }) => signed + evil, 'assertion_malformed'],
  [
    'the signed one in the evil one',
    ({ signed, evil }) => within(evil, 'saml:Assertion', signed),
    'assertion_malformed',
  ],
  [
    'the evil one in the signed one',
    ({ signed, evil }) => within(signed, 'saml:Assertion', evil),
    'assertion_malformed',
  ],
  [
    'the signature in the evil one, the signed one beside it',
    ({ bare, signature, evil }) => inside(evil, signature) + bare,
    'assertion_malformed',
  ],
  [
    'the signed one in the signature of the evil one',
    ({ bare, signature, evil }) => inside(evil, within(signature, 'Signature', `<Object>${bare}</Object>`)),
    'assertion_malformed',
  ],
  [
    'the signed one in an extension',
    ({ signed, evil }) => `<samlp:Extensions ${ENVELOPE}>${signed}</samlp:Extensions>${evil}`,
    'assertion_malformed',
  ],
  [
    'the signed one in an extension, alone',
    ({ signed }) => `<samlp:Extensions ${ENVELOPE}>${signed}</samlp:Extensions>`,
    'assertion_malformed',
  ],
  [
    'the signed one as one of another namespace',
    ({ signed, evil }) => evil + signed.replace('SAML:2.0:assertion', 'SAML:2.0:other'),
    'assertion_malformed',
  ],
  [
    'both with one ID',
    ({ signed, evil }) => evil.replace('_evil', / ID="([^"]+)"/.exec(signed)?.[1] ?? '') + signed,
    'assertion_malformed',
  ],
  [
    'the evil one under the signature of the signed one',
    ({ signature, evil }) => inside(evil, signature),
    'assertion_invalid',
  ],
  [
    'the signed one in the signature, by another name',
    ({ bare, signature, evil }) =>
      inside(
        evil,
        within(
          signature,
          'Signature',
          `<Object>${bare.replace('<saml:Assertion', '<saml:Other').replace('</saml:Assertion', '</saml:Other')}</Object>`,
        ),
      ),
    'assertion_invalid',
  ],
  [
    'attributes of the evil one in the signature',
    ({ signed, evil }) => {
      const [statement = ''] = /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/s.exec(evil) ?? [];
      return signed.replace(
        '<KeyInfo>',
        `<KeyInfo><x xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${statement}</x>`,
      );
    },
    'assertion_invalid',
  ],
  [
    'two signatures',
    ({ signed, signature }) => within(signed, 'saml:Assertion', signature),
    'assertion_invalid',
  ],
];

/** Ways to change a response after its assertion was signed. */
export const TAMPERED: readonly (readonly [name: string, tamper: (xml: string) => string, code: string])[] = [
  ['its tag', (xml) => xml.replace('>acme<', '>globex<'), 'assertion_invalid'],
  ['its end', (xml) => xml.replaceAll(/NotOnOrAfter="20/g, 'NotOnOrAfter="21'), 'assertion_invalid'],
  ['its ID', (xml) => xml.replace(/(<saml:Assertion [^>]* ID="_)/, '$1x'), 'assertion_invalid'],
  ['its signature', (xml) => xml.replace(/<SignatureValue>./, '<SignatureValue>='), 'assertion_invalid'],
  ['no signature', (xml) => xml.replace(/<Signature .*<\/Signature>/s, ''), 'assertion_invalid'],
  [
    'a second SignedInfo',
    (xml) => xml.replace(/<SignedInfo>.*<\/SignedInfo>/s, (info) => `${info}${info}`),
    'assertion_invalid',
  ],
  [
    'a second reference',
    (xml) => xml.replace(/<Reference .*<\/Reference>/s, (reference) => `${reference}${reference}`),
    'assertion_invalid',
  ],
  [
    'a transform',
    (xml) =>
      xml.replace(
        '<Transforms>',
        '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
      ),
    'assertion_invalid',
  ],
  ['a reference to everything', (xml) => xml.replace(/URI="#[^"]+"/, 'URI=""'), 'assertion_invalid'],
  [
    'HMAC with the certificate',
    (xml) => xml.replaceAll('2001/04/xmldsig-more#rsa-sha256', '2001/04/xmldsig-more#hmac-sha256'),
    'assertion_invalid',
  ],
  [
    'a method in the canonicalization',
    (xml) =>
      xml.replace(
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/></CanonicalizationMethod>',
      ),
    'assertion_invalid',
  ],
  [
    'a comment in its NameID',
    (xml) => xml.replace('>ann@acme.example<', '>ann@acme.example<!-- -->.evil<'),
    'assertion_malformed',
  ],
  ['a comment in its tag', (xml) => xml.replace('>acme<', '>ac<!-- -->me<'), 'assertion_malformed'],
  ['a CDATA section', (xml) => xml.replace('>acme<', '><![CDATA[acme]]><'), 'assertion_malformed'],
  ['a processing instruction', (xml) => xml.replace('>acme<', '>ac<?x?>me<'), 'assertion_malformed'],
  [
    'a document type with an entity',
    (xml) => `<!DOCTYPE r [<!ENTITY t "acme">]>${xml.replace('>acme<', '>&t;<')}`,
    'assertion_malformed',
  ],
  [
    'an external entity',
    (xml) => `<!DOCTYPE r [<!ENTITY t SYSTEM "file:///etc/passwd">]>${xml.replace('>acme<', '>&t;<')}`,
    'assertion_malformed',
  ],
  ['an entity that nobody declared', (xml) => xml.replace('>acme<', '>&t;<'), 'assertion_malformed'],
  ['a character that is none', (xml) => xml.replace('>acme<', '>acme&#0;<'), 'assertion_malformed'],
  ['a control character', (xml) => xml.replace('>acme<', '>acme\u0001<'), 'assertion_malformed'],
  [
    'an extension',
    (xml) => xml.replace('<samlp:Status>', '<samlp:Extensions/><samlp:Status>'),
    'assertion_malformed',
  ],
  ['an object in its signature', (xml) => within(xml, 'Signature', '<Object/>'), 'assertion_invalid'],
  ['another encoding', (xml) => `<?xml version="1.0" encoding="utf-16"?>${xml}`, 'assertion_malformed'],
  ['a byte order mark', (xml) => `\u{feff}${xml}`, 'assertion_malformed'],
  ['a second document', (xml) => `${xml}<x/>`, 'assertion_malformed'],
  ['text behind it', (xml) => `${xml}x`, 'assertion_malformed'],
  ['no end', (xml) => xml.slice(0, -5), 'assertion_malformed'],
  [
    'an encrypted assertion beside it',
    (xml) => within(xml, 'samlp:Response', '<saml:EncryptedAssertion/>'),
    'assertion_malformed',
  ],
  ['another version', (xml) => xml.replace('Version="2.0"', 'Version="1.1"'), 'assertion_malformed'],
  ['no response', (xml) => xml.replaceAll('samlp:Response', 'samlp:Answer'), 'assertion_malformed'],
  [
    'a status that is no success',
    (xml) => xml.replace('status:Success', 'status:Responder'),
    'assertion_invalid',
  ],
  ['no status', (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, ''), 'assertion_invalid'],
  [
    'a second status',
    (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, (status) => status + status),
    'assertion_malformed',
  ],
];

/** Assertions that their provider has signed and that say what is not taken; by what is edited before. */
export const EDITED: readonly (readonly [name: string, edit: (xml: string) => string])[] = [
  ['for whoever holds a key', (xml) => xml.replace('cm:bearer', 'cm:holder-of-key')],
  [
    'with two confirmations',
    (xml) => xml.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/s, (each) => each + each),
  ],
  ['with two names', (xml) => xml.replace(/<saml:NameID .*<\/saml:NameID>/, (each) => each + each)],
  ['with markup in its name', (xml) => xml.replace('>ann@acme.example<', '><b>ann</b>@acme.example<')],
  ['with a condition that nobody knows', (xml) => within(xml, 'saml:Conditions', '<saml:Condition/>')],
  [
    'with a signature further in',
    (xml) => within(xml, 'saml:AuthnContext', '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'),
  ],
  ['with advice', (xml) => within(xml, 'saml:Assertion', '<saml:Advice/>')],
  [
    'with an attribute outside of its statements',
    (xml) => within(xml, 'saml:AuthnContext', '<saml:Attribute Name="x"/>'),
  ],
  ['of another version', (xml) => xml.replace('Version="2.0"', 'Version="1.1"')],
  ['with an ID that is none', (xml) => xml.replace(/ ID="_/, ' ID="1')],
  ['with no time', (xml) => xml.replace(/IssueInstant="[^"]*"/, 'IssueInstant="now"')],
  ['with a day that is none', (xml) => xml.replace(/NotBefore="[^"]*"/, 'NotBefore="2026-02-30T00:00:00Z"')],
  ['with a local time', (xml) => xml.replace(/NotBefore="([^"]*)Z"/, 'NotBefore="$1+01:00"')],
];

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const RSA = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const RSA_SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
const C14N = `<CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>`;

/** Signatures of the provider's own key that verify, by means that do not count; of an assertion that was signed with `algorithm`. */
export const WEAK: readonly (readonly [
  name: string,
  algorithm: 'sha1' | 'sha256',
  change: (info: string) => string,
])[] = [
  ['with SHA-1', 'sha256', (info) => info.replace(RSA, RSA_SHA1)],
  ['over a digest of SHA-1', 'sha1', (info) => info.replace(RSA_SHA1, RSA)],
  [
    'canonical with comments',
    'sha256',
    (info) => info.replace(C14N, C14N.replace('c14n#', 'c14n#WithComments')),
  ],
  [
    'transformed with comments',
    'sha256',
    (info) =>
      info.replace(`<Transform Algorithm="${EXCLUSIVE}`, `<Transform Algorithm="${EXCLUSIVE}WithComments`),
  ],
  [
    'with something in a method',
    'sha256',
    (info) => info.replace(C14N, C14N.replace('/>', '><x></x></CanonicalizationMethod>')),
  ],
  ['of a reference that is none', 'sha256', (info) => info.replace('URI="#', 'URI="')],
  ['with more in its reference', 'sha256', (info) => info.replace('<DigestMethod', '<x></x><DigestMethod')],
];

/** An assertion with another SignedInfo, signed anew with the provider's key. */
export function resigned(signed: string, change: (info: string) => string): string {
  const [info = ''] = /<SignedInfo>.*<\/SignedInfo>/s.exec(signed) ?? [];
  const changed = change(info);
  if (changed === info) throw new Error('nothing was changed');
  // Canonical: with the namespace that it stands in, and an end for every element.
  const canonical = changed
    .replace('<SignedInfo>', '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">')
    .replaceAll(/<(\w+)([^<>]*?) ?\/>/g, '<$1$2></$1>');
  const value = createSign(changed.includes('#rsa-sha1') ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(canonical)
    .sign(IDP_PAIR.key, 'base64');
  return signed.replace(info, changed).replace(/<SignatureValue>[^<]*</, () => `<SignatureValue>${value}<`);
}

/** The response itself signed, around an assertion that is. */
export function signedResponse(
  content: string,
  options: AssertionOptions,
  pair: SigningPair = IDP_PAIR,
  algorithm: 'sha1' | 'sha512' = 'sha512',
): string {
  const xpath = "/*[local-name(.)='Response']";
  return signXml(
    wrapInResponse(content, options),
    xpath,
    { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
    { privateKey: pair.key, signatureAlgorithm: algorithm, digestAlgorithm: algorithm },
  );
}
