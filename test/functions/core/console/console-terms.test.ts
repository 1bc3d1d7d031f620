import { describe, expect, it, test } from 'vitest';
import {
  type ConsoleRequest,
  decideConsoleTerms,
  readHttpsUrl,
} from '../../../../functions/core/console/console-terms.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { clock, codeOf, sampleCaller, sampleProfile, sampleTenant } from '../sample.ts';

const chained = decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), {}, clock);
const unchained: Grant = {
  ...chained,
  method: 'webIdentity',
  webIdentityToken: 'latchkey',
  durationSeconds: 7200,
};
const inPartition = (partition: string): Grant => ({
  ...chained,
  roleArn: `arn:${partition}:iam::111122223333:role/latchkey-tenant`,
});

describe('the sign-in of a partition', () => {
  test.each([
    ['aws', 'https://signin.aws.amazon.com', 'https://console.aws.amazon.com/'],
    ['aws-cn', 'https://signin.amazonaws.cn', 'https://console.amazonaws.cn/'],
    ['aws-us-gov', 'https://signin.amazonaws-us-gov.com', 'https://console.amazonaws-us-gov.com/'],
  ])('%s is %s', (partition, signIn, destination) => {
    expect(decideConsoleTerms({}, inPartition(partition))).toEqual({
      signIn,
      destination,
      issuer: undefined,
      durationSeconds: undefined,
    });
  });

  test.each(['aws-eusc', '', '__proto__', 'constructor'])('is not guessed for %j', (partition) => {
    expect(codeOf(() => decideConsoleTerms({}, inPartition(partition)))).toBe('destination_invalid');
  });
});

describe('a destination', () => {
  test.each([
    'https://console.aws.amazon.com/',
    'https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1#buckets',
    'https://a.b.console.aws.amazon.com/x%20y',
  ])('may be %s', (destination) => {
    expect(decideConsoleTerms({ destination }, chained).destination).toBe(destination);
  });

  test.each([
    'https://example.com/',
    'https://xconsole.aws.amazon.com/',
    'https://console.aws.amazon.com.example.com/',
    'https://console.aws.amazon.com@example.com/',
    'https://a@console.aws.amazon.com/',
    'https://:b@console.aws.amazon.com/',
    'https://console.aws.amazon.com:8443/',
    'https://console.aws.amazon.com./',
    'https://example.com\\.console.aws.amazon.com/',
    'https://console.aws.amazon.com\\@example.com/',
    'https://console.aws.amazon.com/a b',
    ' https://console.aws.amazon.com/',
    'https://console.aws.amazon.com/\n',
    'https:console.aws.amazon.com/',
    'http://console.aws.amazon.com/',
    'javascript:https://console.aws.amazon.com/',
    '//console.aws.amazon.com/',
    'https://console.amazonaws.cn/',
    'https://console.amazonaws-us-gov.com/',
    'https://aws.amazon.com/',
    'https://cоnsole.aws.amazon.com/',
    '',
  ])('may not be %j', (destination) => {
    expect(codeOf(() => decideConsoleTerms({ destination }, chained))).toBe('destination_invalid');
  });

  it('is of the very partition that the session is in', () => {
    const destination = 'https://console.amazonaws.cn/';
    expect(decideConsoleTerms({ destination }, inPartition('aws-cn')).destination).toBe(destination);
  });
});

describe('a duration of the console session', () => {
  const refusal = (request: ConsoleRequest, grant: Grant) => {
    try {
      decideConsoleTerms(request, grant);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return `${code}: ${message}`;
    }
    return undefined;
  };

  test.each([900, 3600, 7200])('may be %d with a session that is not chained', (sessionDurationSeconds) => {
    const terms = decideConsoleTerms({ sessionDurationSeconds }, unchained);
    expect(terms.durationSeconds).toBe(sessionDurationSeconds);
  });

  it('may be given where an IAM user assumes the role, with MFA', () => {
    const mfa = { serialNumber: 'arn:aws:iam::111122223333:mfa/acme', tokenCode: secret('123456') };
    expect(decideConsoleTerms({ sessionDurationSeconds: 900 }, { ...chained, mfa }).durationSeconds).toBe(
      900,
    );
  });

  test.each<[string, number, Grant, RegExp]>([
    ['with role chaining', 900, chained, /^duration_out_of_range: .*role chaining.*leave it out/],
    [
      'of a federated user',
      900,
      { ...unchained, method: 'federationToken' },
      /^duration_out_of_range: .*federated user/,
    ],
    ['that is too short', 899, unchained, /^duration_out_of_range: .*from 900 to 7200/],
    ['that outlasts its credentials', 7201, unchained, /^duration_out_of_range: .*from 900 to 7200/],
    ['of a fraction', 900.5, unchained, /^duration_out_of_range/],
  ])('is refused %s', (_what, sessionDurationSeconds, grant, message) => {
    expect(refusal({ sessionDurationSeconds }, grant)).toMatch(message);
  });
});

test.each([
  ['https://app.acme.example/sign-in?x=1', true],
  ['http://app.acme.example/', false],
  ['https://a@app.acme.example/', false],
  ['https://app.acme.example:444/', false],
  ['javascript:alert(1)', false],
  ['https://', false],
])('%s as an https URL: %s', (text, isOne) => {
  expect(readHttpsUrl(text) !== undefined).toBe(isOne);
});
