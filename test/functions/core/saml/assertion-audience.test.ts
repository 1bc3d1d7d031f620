import { expect, test } from 'vitest';
import { isAwsSignIn, isForAws } from '../../../../functions/core/saml/assertion-audience.ts';

const of = (partition: string) => `arn:${partition}:iam::111122223333:saml-provider/acme`;

test.each([
  ['aws', 'https://signin.aws.amazon.com/saml', true],
  ['aws', 'https://eu-central-1.signin.aws.amazon.com/saml', true],
  ['aws', 'https://ap-southeast-2.signin.aws.amazon.com/saml', true],
  ['aws', 'http://signin.aws.amazon.com/saml', false],
  ['aws', 'https://signin.aws.amazon.com/saml/', false],
  ['aws', 'https://signin.aws.amazon.com/saml?x', false],
  ['aws', 'https://signin.aws.amazon.com', false],
  ['aws', 'https://evil.signin.aws.amazon.com/saml', false],
  ['aws', 'https://user@signin.aws.amazon.com/saml', false],
  ['aws', 'https://evil.example/?eu-central-1.signin.aws.amazon.com/saml', false],
  ['aws', 'https://us-gov-west-1.signin.amazonaws-us-gov.com/saml', false],
  ['aws-cn', 'https://signin.amazonaws.cn/saml', true],
  ['aws-cn', 'https://cn-northwest-1.signin.amazonaws.cn/saml', true],
  ['aws-cn', 'https://signin.aws.amazon.com/saml', false],
  ['aws-us-gov', 'https://us-gov-west-1.signin.amazonaws-us-gov.com/saml', true],
  ['aws-us-gov', 'https://signin.amazonaws-us-gov.com/saml', true],
  ['aws-us-gov', 'https://signin.aws.amazon.com/saml', false],
  ['aws-iso', 'https:///saml', false],
])('in %s, %s is AWS Sign-In: %s', (partition, recipient, is) => {
  expect(isAwsSignIn(recipient, of(partition))).toBe(is);
});

test.each<[string, readonly (readonly string[])[], boolean]>([
  ['aws', [['urn:amazon:webservices']], true],
  ['aws', [['https://signin.aws.amazon.com/saml']], true],
  ['aws', [['https://app.example', 'urn:amazon:webservices']], true],
  ['aws', [['urn:amazon:webservices'], ['https://app.example']], false],
  ['aws', [['urn:amazon:webservices '], ['URN:amazon:webservices']], false],
  ['aws', [['urn:amazon:webservices'], []], false],
  ['aws', [[]], false],
  ['aws', [], false],
  ['aws', [['urn:amazon:webservices:govcloud']], false],
  ['aws-us-gov', [['urn:amazon:webservices:govcloud']], true],
  ['aws-us-gov', [['urn:amazon:webservices']], false],
  ['aws-cn', [['urn:amazon:webservices:cn-north-1']], true],
])('in %s, %j is for AWS: %s', (partition, restrictions, is) => {
  expect(isForAws(restrictions, of(partition))).toBe(is);
});
