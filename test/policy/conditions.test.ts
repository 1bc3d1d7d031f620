// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { describe, expect, test } from 'vitest';
import { conditionHolds } from '../../policy/condition.ts';
import { type ContextFacts, createContext } from '../../policy/context.ts';
import { parseConditions } from '../../policy/parse-condition.ts';

type Values = ContextFacts['values'];
type Row = readonly [operator: string, key: string, policyValue: unknown, request: Values, expected: boolean];

const FAMILIES = ['aws:PrincipalTag/*', 'aws:RequestTag/*'];

function holds(operator: string, key: string, value: unknown, request: Values): boolean {
  const context = createContext({ values: { [key]: undefined, ...request }, absent: FAMILIES });
  return parseConditions({ [operator]: { [key]: value } }, '2012-10-17', 'test').every((condition) =>
    conditionHolds(condition, context),
  );
}

function decides(rows: readonly Row[]) {
  test.each(rows)('%s %s %j on %j is %j', (operator, key, value, request, expected) => {
    expect(holds(operator, key, value, request)).toBe(expected);
  });
}

const JOB = 'aws:PrincipalTag/job-category';
const TAGS = 'aws:TagKeys';
const KEYS = 'dynamodb:LeadingKeys';
const PREFIX = 's3:prefix';
const TENANT = { 'aws:PrincipalTag/TenantId': 'acme' };

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
describe('string operators', () => {
  decides([
    ['StringEquals', JOB, 'iamuser-admin', { [JOB]: 'iamuser-admin' }, true],
    ['StringEquals', JOB, 'iamuser-admin', { [JOB]: 'dev-ops' }, false],
    ['StringEquals', JOB, 'iamuser-admin', {}, false],
    ['StringEquals', JOB, ['a', 'b'], { [JOB]: 'b' }, true],
    ['StringEquals', JOB, 'a*', { [JOB]: 'ab' }, false],
    ['StringEquals', JOB, 'a*', { [JOB]: 'a*' }, true],
    ['StringEquals', JOB, 'A', { [JOB]: 'a' }, false],
    ['StringNotEquals', JOB, 'a', { [JOB]: 'b' }, true],
    ['StringNotEquals', JOB, ['a', 'b'], { [JOB]: 'b' }, false],
    ['StringNotEquals', JOB, 'a', {}, true],
    ['StringNotEquals', JOB, '', {}, true],
    ['StringEqualsIgnoreCase', JOB, 'PreProd', { [JOB]: 'preprod' }, true],
    ['StringNotEqualsIgnoreCase', JOB, 'PreProd', { [JOB]: 'preprod' }, false],
    ['StringLike', JOB, 'a*', { [JOB]: 'ab' }, true],
    ['StringLike', JOB, 'a', { [JOB]: 'ab' }, false],
    ['StringNotLike', JOB, 'a*', { [JOB]: 'ab' }, false],
    ['StringNotLike', JOB, 'a*', {}, true],
    ['StringLike', PREFIX, ['', 'acme/*'], { [PREFIX]: '' }, true],
    ['StringLike', PREFIX, 'acme/*', { [PREFIX]: '' }, false],
    ['StringLike', PREFIX, 'acme/*', { [PREFIX]: 'acme' }, false],
    ['StringLike', PREFIX, 'acme/*', { [PREFIX]: 'acme/' }, true],
    ['StringLike', PREFIX, 'acme/*', { [PREFIX]: 'acme-prod/' }, false],
    ['StringLike', PREFIX, 'acme*', { [PREFIX]: 'acme-prod/' }, true],
    ['StringLike', PREFIX, 'acme/*', {}, false],
  ]);
});

describe('numeric, date, Bool, binary and IP operators', () => {
  const MAX = 's3:max-keys';
  const TIME = 'aws:TokenIssueTime';
  const IP = 'aws:SourceIp';
  decides([
    ['NumericEquals', MAX, 10, { [MAX]: '10.0' }, true],
    ['NumericNotEquals', MAX, '10', { [MAX]: '10' }, false],
    ['NumericNotEquals', MAX, '10', {}, true],
    ['NumericLessThan', MAX, '10', { [MAX]: '10' }, false],
    ['NumericLessThanEquals', MAX, '10', { [MAX]: '10' }, true],
    ['NumericLessThanEquals', MAX, '10', { [MAX]: '9' }, true],
    ['NumericGreaterThan', MAX, '10', { [MAX]: '9' }, false],
    ['NumericGreaterThan', MAX, '10', { [MAX]: '10' }, false],
    ['NumericGreaterThan', MAX, '10', { [MAX]: '10.5' }, true],
    ['NumericGreaterThanEquals', MAX, '-1.5', { [MAX]: '-1.5' }, true],
    ['NumericLessThanEquals', MAX, '10', {}, false],
    ['DateGreaterThan', TIME, '2020-01-01T00:00:01Z', { [TIME]: '2020-01-02T00:00:00Z' }, true],
    ['DateGreaterThan', TIME, '2020-01-01T00:00:01Z', {}, false],
    ['DateLessThan', TIME, '2020-01-01T00:00:01+01:00', { [TIME]: '2020-01-01T00:00:00Z' }, false],
    ['DateLessThanEquals', TIME, '2020', { [TIME]: '2020-01-01' }, true],
    ['DateEquals', TIME, '1577836800', { [TIME]: '2020-01-01T00:00:00Z' }, true],
    ['DateNotEquals', TIME, '2020-01', { [TIME]: '2020-01-01T00:00Z' }, false],
    ['DateGreaterThanEquals', TIME, '2020-01-01T00:00:00Z', { [TIME]: '2020-01-01T00:00:00Z' }, true],
    ['Bool', 'aws:SecureTransport', 'false', { 'aws:SecureTransport': 'false' }, true],
    ['Bool', 'aws:SecureTransport', false, { 'aws:SecureTransport': 'true' }, false],
    ['Bool', 'aws:SecureTransport', 'false', {}, false],
    [
      'BinaryEquals',
      'app:key',
      'QmluYXJ5VmFsdWVJbkJhc2U2NA==',
      { 'app:key': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' },
      true,
    ],
    ['BinaryEquals', 'app:key', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', { 'app:key': 'QUJD' }, false],
    ['BinaryEquals', 'app:key', 'QUJD', {}, false],
    ['IpAddress', IP, '203.0.113.0/24', { [IP]: '203.0.113.255' }, true],
    ['IpAddress', IP, '203.0.113.0/24', { [IP]: '203.0.114.0' }, false],
    ['IpAddress', IP, '203.0.113.7', { [IP]: '203.0.113.7' }, true],
    ['IpAddress', IP, ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], { [IP]: '2001:db8:1234:5678::9' }, true],
    ['IpAddress', IP, '2001:DB8:1234:5678::/64', { [IP]: '2001:db8:1234:5679::9' }, false],
    ['IpAddress', IP, '0.0.0.0/0', { [IP]: '2001:db8::1' }, false],
    ['IpAddress', IP, '0.0.0.0/0', { [IP]: '::1' }, false],
    ['IpAddress', IP, '::/0', { [IP]: '::1' }, true],
    ['NotIpAddress', IP, '203.0.113.0/24', { [IP]: '203.0.113.1' }, false],
    ['NotIpAddress', IP, '203.0.113.0/24', {}, true],
  ]);
});

describe('ARN operators', () => {
  const ARN = 'aws:SourceArn';
  const topic = 'arn:aws:sns:us-west-2:123456789012:TOPIC-ID';
  decides([
    ['ArnEquals', ARN, topic, { [ARN]: topic }, true],
    ['ArnEquals', ARN, topic, { [ARN]: topic.replace('123456789012', '777788889999') }, false],
    ['ArnEquals', ARN, topic, {}, false],
    ['ArnEquals', ARN, 'arn:aws:sns:*:123456789012:TOPIC-*', { [ARN]: topic }, true],
    ['ArnLike', ARN, 'arn:aws:sns:*:*:*', { [ARN]: topic }, true],
    ['ArnNotLike', ARN, 'arn:aws:sns:*:123456789012:*', { [ARN]: topic }, false],
    ['ArnNotEquals', ARN, topic, {}, true],
    ['ArnLike', ARN, '${aws:PrincipalTag/topic}', { [ARN]: topic, 'aws:PrincipalTag/topic': topic }, true],
  ]);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
describe('set operators', () => {
  decides([
    ['ForAllValues:StringEquals', TAGS, ['a', 'b'], { [TAGS]: ['a'] }, true],
    ['ForAllValues:StringEquals', TAGS, ['a', 'b'], { [TAGS]: ['a', 'c'] }, false],
    ['ForAllValues:StringEquals', TAGS, ['a', 'b'], {}, true],
    ['ForAllValues:StringEquals', TAGS, ['a', 'b'], { [TAGS]: [] }, true],
    ['ForAllValues:StringLike', PREFIX, 'acme/*', { [PREFIX]: '' }, true],
    ['ForAllValues:StringNotEquals', TAGS, ['a', 'b'], { [TAGS]: ['c', 'a'] }, false],
    ['ForAllValues:StringNotEquals', TAGS, ['a', 'b'], { [TAGS]: ['c', 'd'] }, true],
    ['ForAnyValue:StringEquals', TAGS, 'environment', { [TAGS]: ['environment', 'costcenter'] }, true],
    ['ForAnyValue:StringEquals', TAGS, 'environment', { [TAGS]: ['Environment'] }, false],
    ['ForAnyValue:StringEquals', TAGS, 'environment', {}, false],
    ['ForAnyValue:StringNotEquals', TAGS, ['a', 'b'], { [TAGS]: ['a', 'c'] }, true],
    ['ForAnyValue:StringNotEquals', TAGS, ['a', 'b'], { [TAGS]: ['a', 'b'] }, false],
    ['ForAnyValue:StringNotEquals', TAGS, 'a', {}, false],
    ['ForAnyValue:StringEquals', TAGS, '', { [TAGS]: [''] }, false],
    [
      'ForAllValues:StringEquals',
      KEYS,
      '${aws:PrincipalTag/TenantId}',
      { [KEYS]: ['acme'], ...TENANT },
      true,
    ],
    [
      'ForAllValues:StringEquals',
      KEYS,
      '${aws:PrincipalTag/TenantId}',
      { [KEYS]: ['acme', 'globex'], ...TENANT },
      false,
    ],
    [
      'ForAllValues:StringLike',
      KEYS,
      '${aws:PrincipalTag/TenantId}#*',
      { [KEYS]: ['acme#1'], ...TENANT },
      true,
    ],
    [
      'ForAllValues:StringLike',
      KEYS,
      '${aws:PrincipalTag/TenantId}#*',
      { [KEYS]: ['acme-prod#1'], ...TENANT },
      false,
    ],
    [
      'ForAllValues:StringLike',
      KEYS,
      '${aws:PrincipalTag/TenantId}*',
      { [KEYS]: ['acme-prod#1'], ...TENANT },
      true,
    ],
    // a Scan names no leading key: without a Null check this is open
    ['ForAllValues:StringEquals', KEYS, 'acme', {}, true],
    [
      'ForAllValues:ArnLike',
      'logs:LogGeneratingResourceArns',
      'arn:aws:s3:::a*',
      { 'logs:LogGeneratingResourceArns': ['arn:aws:s3:::a', 'arn:aws:s3:::b'] },
      false,
    ],
  ]);

  test('a multivalued key without a set operator is an error', () => {
    expect(() => holds('StringEquals', TAGS, 'a', { [TAGS]: ['a'] })).toThrow(/ForAllValues or ForAnyValue/);
  });
});

describe('IfExists and Null', () => {
  const TYPE = 'ec2:InstanceType';
  decides([
    ['StringLikeIfExists', TYPE, ['t1.*', 't2.*'], { [TYPE]: 't1.micro' }, true],
    ['StringLikeIfExists', TYPE, ['t1.*', 't2.*'], { [TYPE]: 'm2.micro' }, false],
    ['StringLikeIfExists', TYPE, ['t1.*', 't2.*'], {}, true],
    ['StringNotEqualsIfExists', TYPE, 'a', {}, true],
    ['ForAnyValue:StringEqualsIfExists', TAGS, 'a', {}, true],
    ['Null', TYPE, 'true', {}, true],
    ['Null', TYPE, 'false', {}, false],
    ['Null', TYPE, 'false', { [TYPE]: 'a' }, true],
    ['Null', TYPE, true, { [TYPE]: 'a' }, false],
    ['Null', KEYS, 'false', { [KEYS]: ['a'] }, true],
    ['Null', KEYS, 'false', { [KEYS]: [] }, false],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: an empty string is null
    ['Null', 'aws:RequestTag/TenantId', 'false', { 'aws:RequestTag/TenantId': '' }, false],
  ]);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe('policy variables', () => {
  const team = '${aws:PrincipalTag/team}';
  decides([
    ['StringEquals', PREFIX, team, { [PREFIX]: 'red', 'aws:PrincipalTag/team': 'red' }, true],
    ['StringEquals', PREFIX, team, { [PREFIX]: 'red', 'AWS:principaltag/TEAM': 'red' }, true],
    ['StringEquals', PREFIX, team, { [PREFIX]: 'red' }, false],
    ['StringEquals', PREFIX, team, { [PREFIX]: '' }, false],
    ['StringNotEquals', PREFIX, team, { [PREFIX]: 'red' }, true],
    ['StringLike', PREFIX, `${team}/*`, { [PREFIX]: '/x', 'aws:PrincipalTag/team': '' }, false],
    [
      'StringLike',
      PREFIX,
      "${aws:PrincipalTag/team, 'company-wide'}/*",
      { [PREFIX]: 'company-wide/x' },
      true,
    ],
    [
      'StringLike',
      PREFIX,
      "${aws:PrincipalTag/team, 'company-wide'}/*",
      { [PREFIX]: 'company-wide/x', 'aws:PrincipalTag/team': 'red' },
      false,
    ],
    ['StringLike', PREFIX, `${team}/*`, { [PREFIX]: 'blue/x', 'aws:PrincipalTag/team': '*' }, false],
    ['StringLike', PREFIX, `${team}/*`, { [PREFIX]: '*/x', 'aws:PrincipalTag/team': '*' }, true],
    ['StringLike', PREFIX, team, { [PREFIX]: 'x', 'aws:PrincipalTag/team': '${*}' }, false],
    ['StringLike', PREFIX, '${*}${?}${$}*', { [PREFIX]: '*?$x' }, true],
    ['StringLike', PREFIX, '${*}', { [PREFIX]: 'x' }, false],
    ['StringLike', PREFIX, '$*', { [PREFIX]: '$x' }, true],
  ]);

  test('are literal text before 2012-10-17', () => {
    const [condition] = parseConditions({ StringEquals: { [PREFIX]: team } }, '2008-10-17', 'test');
    const context = createContext({ values: { [PREFIX]: team } });
    expect(condition && conditionHolds(condition, context)).toBe(true);
  });

  test('cannot be multivalued', () => {
    expect(() => holds('StringEquals', PREFIX, '${aws:TagKeys}', { [PREFIX]: 'a', [TAGS]: ['a'] })).toThrow(
      /single-valued/,
    );
  });
});

test.each([
  ['NumericEquals', 's3:max-keys', '10', { 's3:max-keys': 'ten' }],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', { 'aws:SourceIp': '::ffff:10.0.0.1' }],
  ['Bool', 'aws:SecureTransport', 'true', { 'aws:SecureTransport': 'yes' }],
  ['NumericEquals', 's3:max-keys', '10', { 's3:max-keys': '9007199254740993' }],
  ['ForAnyValue:NumericEquals', 's3:max-keys', '10', { 's3:max-keys': ['10', 'ten'] }],
  ['ForAllValues:NumericEquals', 's3:max-keys', '10', { 's3:max-keys': ['9', 'ten'] }],
  ['DateEquals', 'aws:CurrentTime', '2020', { 'aws:CurrentTime': 'Tuesday' }],
  ['DateEquals', 'aws:CurrentTime', '2020', { 'aws:CurrentTime': '2020-01-01T00:00:00.0001Z' }],
])('%s refuses a request value that it cannot read', (operator, key, value, request) => {
  expect(() => holds(operator, key, value, request)).toThrow(/request value/);
});

test.each([
  ['ß', 'SS'],
  ['k', '\u212a'],
])('%s against %s without case is refused', (value, request) => {
  expect(() => holds('StringEqualsIgnoreCase', PREFIX, value, { [PREFIX]: request })).toThrow(/ignores case/);
});

test('a key that the context does not know is an error, also as a variable', () => {
  expect(() => holds('StringEquals', PREFIX, '${aws:username}', { [PREFIX]: 'a' })).toThrow('"aws:username"');
});
