// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { PolicyError } from '../../policy/policy-error.ts';
import { checkIdentityBased, checkTrustPolicy } from '../../policy/policy-kind.ts';

const VALID = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' };
const { Resource: _, ...WITHOUT_RESOURCE } = VALID;
const policy = (statement: unknown) => ({ Version: '2012-10-17', Statement: statement });
const condition = (element: unknown) => policy({ ...VALID, Condition: element });
const principal = (element: unknown) => policy({ ...WITHOUT_RESOURCE, Principal: element });

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and the pages of the elements
test.each<[string, unknown]>([
  ['no object', 'policy'],
  ['null', null],
  ['a list', []],
  ['no statement', { Version: '2012-10-17' }],
  ['an empty list of statements', policy([])],
  ['an unknown version', { Version: '2017-10-17', Statement: VALID }],
  ['an unknown element', { ...policy(VALID), Comment: '' }],
  ['an unknown statement element', policy({ ...VALID, Actions: [] })],
  ['an element in the wrong case', policy({ ...VALID, condition: {} })],
  ['an effect in the wrong case', policy({ ...VALID, Effect: 'allow' })],
  ['no effect', policy({ Action: '*', Resource: '*' })],
  ['no action', policy({ Effect: 'Allow', Resource: '*' })],
  ['no resource', policy(WITHOUT_RESOURCE)],
  ['Action beside NotAction', policy({ ...VALID, NotAction: '*' })],
  ['Resource beside NotResource', policy({ ...VALID, NotResource: '*' })],
  ['an empty list of actions', policy({ ...VALID, Action: [] })],
  ['an action without service', policy({ ...VALID, Action: 'GetObject' })],
  ['an action with a wildcard service', policy({ ...VALID, Action: 's*:GetObject' })],
  ['an action with a variable', policy({ ...VALID, Action: 's3:${aws:username}' })],
  ['an action that is a number', policy({ ...VALID, Action: 1 })],
  ['a resource that is no ARN', policy({ ...VALID, Resource: 'data/*' })],
  ['an ARN too short', policy({ ...VALID, Resource: 'arn:aws:s3:::'.slice(0, -1) })],
  ['a wildcard in the service segment', policy({ ...VALID, Resource: 'arn:aws:s*:::data' })],
  [
    'a variable before the fifth colon',
    policy({ ...VALID, Resource: 'arn:aws:s3::${aws:PrincipalAccount}:a' }),
  ],
  ['a variable that is not closed', policy({ ...VALID, Resource: 'arn:aws:s3:::data/${aws:username' })],
  ['a variable without name', policy({ ...VALID, Resource: 'arn:aws:s3:::data/${}' })],
  ['a default without quotes', policy({ ...VALID, Resource: 'arn:aws:s3:::data/${aws:username, x}' })],
  ['a wildcard as default', policy({ ...VALID, Resource: "arn:aws:s3:::data/${aws:username, '*'}" })],
  [
    'two equal Sids',
    policy([
      { ...VALID, Sid: 'A' },
      { ...VALID, Sid: 'A' },
    ]),
  ],
  ['a Sid that is a number', policy({ ...VALID, Sid: 1 })],
  ['an empty condition', condition({})],
  ['an operator without keys', condition({ StringEquals: {} })],
  ['an unknown operator', condition({ StringMatches: { 'aws:a': 'a' } })],
  ['an operator in the wrong case', condition({ stringequals: { 'aws:a': 'a' } })],
  ['an unknown set operator', condition({ 'ForSomeValues:StringEquals': { 'aws:a': 'a' } })],
  ['NullIfExists', condition({ NullIfExists: { 'aws:a': 'true' } })],
  ['a set operator on Null', condition({ 'ForAllValues:Null': { 'aws:a': 'true' } })],
  ['a name from Object.prototype', condition({ constructor: { 'aws:a': 'true' } })],
  ['a key without prefix', condition({ StringEquals: { username: 'a' } })],
  ['no values', condition({ StringEquals: { 'aws:a': [] } })],
  ['a value that is an object', condition({ StringEquals: { 'aws:a': {} } })],
  ['a number that is none', condition({ NumericEquals: { 'aws:a': 'ten' } })],
  ['a day that does not exist', condition({ DateEquals: { 'aws:a': '2026-02-30T00:00:00Z' } })],
  ['a boolean that is none', condition({ Bool: { 'aws:a': '${aws:SecureTransport}' } })],
  ['base64 that is none', condition({ BinaryEquals: { 'aws:a': 'a' } })],
  ['a network that is none', condition({ IpAddress: { 'aws:a': '10.0.0.0/33' } })],
  ['an octet too large', condition({ IpAddress: { 'aws:a': '10.0.0.256' } })],
  ['IPv6 without prefix', condition({ IpAddress: { 'aws:a': '2001:db8::1' } })],
  ['IPv6 with a gap for nothing', condition({ IpAddress: { 'aws:a': '1:2:3:4::5:6:7:8/64' } })],
  ['IPv6 with two gaps', condition({ IpAddress: { 'aws:a': '2001::db8::1/64' } })],
  ['an ARN condition that is no ARN', condition({ ArnLike: { 'aws:a': '*' } })],
  ['a principal with a wildcard in its name', principal({ AWS: 'arn:aws:iam::111122223333:role/*' })],
  ['a principal of an unknown type', principal({ Google: 'x' })],
  ['a canonical user', principal({ CanonicalUser: '79a5' })],
  ['a unique id as principal', principal({ AWS: 'AROAEXAMPLE' })],
  ['an account of eleven digits', principal({ AWS: '11112222333' })],
  ['a principal that is a name', principal('111122223333')],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  ['NotPrincipal in an Allow', policy({ ...WITHOUT_RESOURCE, NotPrincipal: { AWS: '111122223333' } })],
  ['a service with a wildcard', principal({ Service: '*.amazonaws.com' })],
])('refuses %s', (_name, document) => {
  expect(() => parsePolicy(document, 'test')).toThrow(PolicyError);
});

test('an error names the place, what stood there and what may', () => {
  expect(() => parsePolicy(policy([VALID, { ...VALID, Effect: 'allow' }]), 'session policy')).toThrow(
    'session policy: Statement[1].Effect: got "allow", expected Allow or Deny',
  );
});

test('without Version it is the older language', () => {
  expect(parsePolicy({ Statement: VALID }, 'test').version).toBe('2008-10-17');
});

test.each([
  ['everyone', principal('*')],
  ['an account', principal({ AWS: '111122223333' })],
  ['a session', principal({ AWS: 'arn:aws:sts::111122223333:assumed-role/vend/latchkey' })],
  ['services', principal({ Service: ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] })],
  ['a provider', principal({ Federated: 'accounts.google.com' })],
])('a trust policy may name %s', (_name, document) => {
  expect(() => checkTrustPolicy(parsePolicy(document, 'test'))).not.toThrow();
  expect(() => checkIdentityBased(parsePolicy(document, 'test'))).toThrow(PolicyError);
});

test('a trust policy has no Resource, and no NotPrincipal', () => {
  const withResource = parsePolicy(policy({ ...VALID, Principal: '*' }), 'test');
  const allBut = parsePolicy(
    policy({ ...WITHOUT_RESOURCE, Effect: 'Deny', NotPrincipal: { AWS: '111122223333' } }),
    'test',
  );
  expect(() => checkTrustPolicy(withResource)).toThrow(PolicyError);
  expect(() => checkTrustPolicy(allBut)).toThrow(PolicyError);
  expect(() => checkTrustPolicy(parsePolicy(policy(VALID), 'test'))).toThrow(PolicyError);
});

test('a context says each key once', () => {
  expect(() => createContext({ values: { 'aws:a': '1', 'AWS:A': '2' } })).toThrow(PolicyError);
  expect(() => createContext({ values: { 'aws:a': '1' }, absent: ['aws:a'] })).toThrow(PolicyError);
});
