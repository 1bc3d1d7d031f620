import { X509Certificate } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';
import { publicKey } from '../issuer/issuer-public-keys.ts';
import { parse } from '../parse.ts';

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * The certificate of a signing key, PEM, of its base64 as metadata has it. Throws `ConfigurationError` for what is none, and for
 * a key that is not RSA or that is weak. Whether it has expired is not looked at: neither does AWS, and what counts is that the
 * metadata names it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
 */
export function parseSigningCertificate(base64: string): string {
  const certificate = read(base64);
  const { asymmetricKeyType: type } = certificate.publicKey;
  // What verifies signatures knows no other kind.
  if (type !== 'rsa') throw new ConfigurationError(`got a key of type ${type}, expected RSA`);
  const { n, e } = certificate.publicKey.export({ format: 'jwk' });
  parse(publicKey, { kty: 'RSA', n, e }, 'its key');
  return certificate.toString();
}

function read(base64: string): X509Certificate {
  try {
    // Buffer passes over what is no base64, and a certificate over what stands behind it.
    const der = Buffer.from(base64, 'base64');
    const certificate = new X509Certificate(der);
    if (BASE64.test(base64) && certificate.raw.equals(der)) return certificate;
  } catch {
    // The message of OpenSSL tells nobody what to do.
  }
  throw new ConfigurationError('got no certificate, expected one of X.509 in base64, without PEM lines');
}
