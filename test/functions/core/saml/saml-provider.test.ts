import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { checkedMetadata, parseSamlProvider } from '../../../../functions/core/saml/saml-provider.ts';

const withCertificates = (count: number) => ({
  entityId: 'https://idp.acme.example/saml',
  certificates: Array.from({ length: count }, (_, index) => `certificate ${index}`),
});
const record = (count: number) => ({
  ...withCertificates(count),
  providerArn: 'arn:aws:iam::111122223333:saml-provider/acme',
  tenantId: 'acme',
});

describe.each<[string, (count: number) => { readonly certificates: readonly string[] }]>([
  ['metadata', (count) => checkedMetadata(withCertificates(count))],
  ['a record', (count) => parseSamlProvider(record(count))],
])('%s', (_what, parse) => {
  it('has three certificates at most, each of which a forged response has tried', () => {
    expect(parse(3).certificates).toHaveLength(3);
    expect(() => parse(4)).toThrow(ConfigurationError);
    expect(() => parse(4)).toThrow(/certificates: .*at most 3/);
  });

  it('has one at least', () => {
    expect(() => parse(0)).toThrow(/certificates: .*at least 1/);
  });
});
