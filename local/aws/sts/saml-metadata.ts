import { X509Certificate } from 'node:crypto';
import {
  childrenOf,
  onlyChildOf,
  parseXml,
  type XmlElement,
} from '../../../functions/adapters/saml/xml-element.ts';

/** What a SAML identity provider says of itself. */
export interface SamlMetadata {
  /** What its assertions name as their issuer. */
  readonly entityId: string;
  /** PEM, of the keys that it signs with. When they expire nobody asks: neither does AWS. */
  readonly certificates: readonly string[];
}

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html */
const MODULUS_MIN_BITS = 1024;

/**
 * Reads metadata of one identity provider (SAML 2.0 Metadata, 2.4.3; what IAM reads of it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html). Throws when it names no issuer or
 * no RSA key to verify with; `name` is whose it is, for the message.
 */
export function parseSamlMetadata(xml: string, name: string): SamlMetadata {
  const fault = (got: string, expected: string) =>
    new Error(`metadata of ${name}: got ${got}, expected ${expected}`);
  const entity = parseXml(xml);
  const entityId = entity.attributes['entityID'];
  if (entity.name !== 'EntityDescriptor' || entity.namespace !== METADATA || !entityId)
    throw fault(`<${entity.name}>`, 'an EntityDescriptor with an entityID');
  const descriptor = onlyChildOf(entity, 'IDPSSODescriptor');
  const certificates = descriptor === undefined ? [] : signingKeys(descriptor).flatMap(certificatesIn);
  if (certificates.length === 0)
    throw fault('no certificate', 'one of a key that an IDPSSODescriptor signs with');
  for (const { publicKey } of certificates) {
    const { modulusLength = 0 } = publicKey.asymmetricKeyDetails ?? {};
    if (publicKey.asymmetricKeyType !== 'rsa' || modulusLength < MODULUS_MIN_BITS)
      throw fault(`a key of type ${publicKey.asymmetricKeyType}`, `RSA of at least ${MODULUS_MIN_BITS} bits`);
  }
  return { entityId, certificates: certificates.map(String) };
}

/** One without a use is for signing as well (2.4.1.1). */
function signingKeys(descriptor: XmlElement): readonly XmlElement[] {
  return childrenOf(descriptor, 'KeyDescriptor').filter(({ attributes: { use } }) => use !== 'encryption');
}

function certificatesIn(key: XmlElement): readonly X509Certificate[] {
  return childrenOf(key, 'KeyInfo', SIGNATURES)
    .flatMap((info) => childrenOf(info, 'X509Data'))
    .flatMap((data) => childrenOf(data, 'X509Certificate'))
    .map(({ text }) => new X509Certificate(Buffer.from(text, 'base64')));
}
