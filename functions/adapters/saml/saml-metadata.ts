import { ConfigurationError } from '../../core/errors.ts';
import { checkedMetadata, type SamlMetadata } from '../../core/saml/saml-provider.ts';
import { parseSigningCertificate } from '../../core/saml/signing-certificate.ts';
import { DSIG } from './signature-form.ts';
import { childrenOf, parseXml, type XmlElement } from './xml-element.ts';

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';

/**
 * Reads the metadata of one identity provider (SAML 2.0 Metadata, 2.4.3), as IAM does: a signature around it is not looked at,
 * since who writes it into a tenant's definition answers for it. Throws `ConfigurationError` that says what is wrong, and where to
 * turn. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
 */
export function parseSamlMetadata(xml: string): SamlMetadata {
  const entity = parseEntity(xml);
  const [descriptor, ...others] = childrenOf(entity, 'IDPSSODescriptor');
  if (descriptor === undefined || others.length > 0)
    throw fault(
      `got ${others.length + (descriptor === undefined ? 0 : 1)} of IDPSSODescriptor, expected one: the metadata of an identity provider, not of a service provider`,
    );
  return checkedMetadata({
    entityId: entity.attributes['entityID'],
    certificates: [...new Set(signingKeys(descriptor).flatMap(certificatesIn).map(parseCertificate))],
  });
}

function parseEntity(xml: string): XmlElement {
  let entity: XmlElement;
  try {
    entity = parseXml(xml);
  } catch (error) {
    if (error instanceof SyntaxError) throw fault(error.message);
    throw error;
  }
  if (entity.name === 'EntityDescriptor' && entity.namespace === METADATA) return entity;
  throw fault('got another document, expected one EntityDescriptor of SAML 2.0');
}

/** One without a use is for signing as well (2.4.1.1). */
function signingKeys(descriptor: XmlElement): readonly XmlElement[] {
  return childrenOf(descriptor, 'KeyDescriptor').filter(({ attributes: { use } }) => use !== 'encryption');
}

function certificatesIn(key: XmlElement): readonly string[] {
  return childrenOf(key, 'KeyInfo', DSIG)
    .flatMap((info) => childrenOf(info, 'X509Data'))
    .flatMap((data) => childrenOf(data, 'X509Certificate'))
    .map(({ text }) => text);
}

function parseCertificate(base64: string, index: number): string {
  try {
    return parseSigningCertificate(base64);
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw fault(`signing certificate ${index + 1}: ${error.message}`);
    throw error;
  }
}

function fault(message: string): ConfigurationError {
  return new ConfigurationError(`metadata: ${message}`);
}
