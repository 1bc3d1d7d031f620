import { X509Certificate } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { parseSamlMetadata } from '../../../../functions/adapters/saml/saml-metadata.ts';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { samlProviderFaults } from '../../../../functions/core/saml/saml-provider-faults.ts';
import { parseTenantDefinition } from '../../../../functions/core/tenant/tenant-definition.ts';
import { IDP_PAIR, OTHER_PAIR } from '../../../local/saml-test-keys.ts';
import { IDP_ENTITY_ID, renderIdpMetadata } from '../../../local/sign-assertion.ts';
import { sampleTenantDefinition } from '../../core/sample.ts';
import { EC_CERTIFICATE, WEAK_CERTIFICATE } from './certificates.ts';

const metadata = renderIdpMetadata();
/** A certificate with bytes behind it. */
const longer = (pem: string) =>
  Buffer.concat([new X509Certificate(pem).raw, Buffer.alloc(3)]).toString('base64');
const faultIn = (xml: string) => {
  try {
    parseSamlMetadata(xml);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
};

describe("an identity provider's metadata", () => {
  it('says who it is and what it signs with', () => {
    expect(parseSamlMetadata(metadata)).toEqual({
      entityId: IDP_ENTITY_ID,
      certificates: [IDP_PAIR.certificate],
    });
  });

  it('may name several keys, one of them twice, while the provider goes from one to the next', () => {
    const certificates = [IDP_PAIR, OTHER_PAIR, IDP_PAIR].map(({ certificate }) => certificate);
    expect(parseSamlMetadata(renderIdpMetadata({ certificates, use: null })).certificates).toEqual([
      IDP_PAIR.certificate,
      OTHER_PAIR.certificate,
    ]);
  });

  test.each<[string, string, string]>([
    ['no XML', 'https://idp.example/metadata', 'metadata: not well-formed XML'],
    ['a document type', `<!DOCTYPE x>${metadata.replace(/^<\?.*?\?>/, '')}`, 'metadata: got markup'],
    ['a comment', metadata.replace('<md:IDPSSO', '<!-- --><md:IDPSSO'), 'metadata: got markup'],
    ['another document', '<md:Other xmlns:md="x"/>', 'metadata: got another document'],
    [
      'a list of providers',
      metadata.replaceAll('md:EntityDescriptor', 'md:EntitiesDescriptor'),
      'metadata: got another document, expected one EntityDescriptor',
    ],
    [
      'a service provider',
      metadata.replaceAll('md:IDPSSODescriptor', 'md:SPSSODescriptor'),
      'metadata: got 0 of IDPSSODescriptor',
    ],
    ['no name', metadata.replace(/ entityID="[^"]*"/, ''), 'metadata: entityId: got none'],
    ['an empty name', renderIdpMetadata({ entityId: '' }), 'metadata: entityId: not an entityID'],
    [
      'a name of 1025 characters',
      renderIdpMetadata({ entityId: 'a'.repeat(1025) }),
      'metadata: entityId: not an entityID',
    ],
    ['a name with a blank', renderIdpMetadata({ entityId: 'a b' }), 'metadata: entityId: not an entityID'],
    ['no key', renderIdpMetadata({ certificates: [] }), 'metadata: certificates: expected at least 1'],
    ['a key to encrypt for', renderIdpMetadata({ use: 'encryption' }), 'metadata: certificates: expected'],
    [
      'a certificate that is none',
      renderIdpMetadata({ certificates: [IDP_PAIR.certificate, 'AAAA'] }),
      'metadata: signing certificate 2: got no certificate',
    ],
    [
      'something behind a certificate',
      renderIdpMetadata({ certificates: [`${IDP_PAIR.certificate}AAAA`] }),
      'metadata: signing certificate 1: got no certificate',
    ],
    [
      'something in a certificate, behind it',
      renderIdpMetadata({ certificates: [longer(IDP_PAIR.certificate)] }),
      'metadata: signing certificate 1: got no certificate',
    ],
    [
      'two identity providers',
      metadata.replace(/<md:IDPSSODescriptor .*<\/md:IDPSSODescriptor>/s, (each) => each + each),
      'metadata: got 2 of IDPSSODescriptor, expected one',
    ],
    [
      'a key on a curve',
      renderIdpMetadata({ certificates: [EC_CERTIFICATE] }),
      'metadata: signing certificate 1: got a key of type ec, expected RSA',
    ],
    [
      'a key of 1024 bits',
      renderIdpMetadata({ certificates: [WEAK_CERTIFICATE] }),
      'metadata: signing certificate 1: its key: n: got 1024 bits, expected at least 2048',
    ],
  ])('with %s is refused', (_what, xml, fault) => {
    expect(faultIn(xml)).toContain(fault);
  });
});

describe("the SAML providers of a tenant's definition", () => {
  const provider = (name: string, xml = metadata) => ({
    providerArn: `arn:aws:iam::111122223333:saml-provider/${name}`,
    metadata: xml,
  });
  const faults = (...samlProviders: ReturnType<typeof provider>[]) =>
    samlProviderFaults(
      parseTenantDefinition(sampleTenantDefinition({ samlProviders })).samlProviders,
      parseSamlMetadata,
    );

  it('are without fault where each is another', () => {
    expect(
      faults(provider('a'), provider('b', renderIdpMetadata({ entityId: 'https://b.example' }))),
    ).toEqual([]);
  });

  it('have a fault where two are one', () => {
    expect(faults(provider('a'), provider('b'))).toEqual([
      {
        path: ['samlProviders', 1, 'metadata'],
        message: 'got the entityID of another one, expected each once',
      },
    ]);
  });

  it('have a fault where metadata has one', () => {
    expect(faults(provider('a'), provider('b', '<x/>'))).toMatchObject([
      { path: ['samlProviders', 1, 'metadata'], message: expect.stringContaining('got another document') },
    ]);
  });
});
