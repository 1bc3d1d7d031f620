import { describe, expect, it, test } from 'vitest';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { parseProfile, parseProfiles } from '../../../../functions/core/profile/profile.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { profileDefinitions } from '../../../../profiles/index.ts';
import { allow, RESOURCES, sampleDefinition } from '../sample.ts';

const BUCKET = '{{resources.tenantBucketArn}}';
const TABLE = '{{resources.tenantTableArn}}';
const keys = (value: string | string[]) => ({ 'dynamodb:LeadingKeys': value });

describe('the shipped profiles', () => {
  it('are all taken', () => {
    expect([...parseProfiles(profileDefinitions, RESOURCES).keys()]).toEqual(['app', 'read-only']);
  });

  it('are refused when two have one name', () => {
    expect(() => parseProfiles([sampleDefinition(), sampleDefinition()], RESOURCES)).toThrow(
      'profile app: got two of that name',
    );
  });
});

describe('a statement bounded to the tenant', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a prefix with a slash', { Resource: `${BUCKET}/{{tenant.id}}/*` }],
    ['a whole name', { Resource: 'arn:aws:dynamodb:us-east-1:111122223333:table/data-{{tenant.id}}' }],
    [
      'a name up to a dot',
      { Resource: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:{{tenant.id}}.*' },
    ],
    ['an escaped star before the tenant', { Resource: `${BUCKET}/\${*}/{{tenant.id}}/*` }],
    [
      'a list prefix',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' } },
      },
    ],
    [
      'two list prefixes',
      {
        Action: ['s3:ListBucket', 's3:ListBucketVersions'],
        Resource: BUCKET,
        Condition: { StringEquals: { 's3:prefix': ['{{tenant.id}}/', '{{tenant.id}}/a/'] } },
      },
    ],
    [
      'leading keys, present',
      {
        Resource: TABLE,
        Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}'), Null: keys('false') },
      },
    ],
    [
      'leading keys up to a hash',
      {
        Resource: TABLE,
        Condition: { 'ForAllValues:StringLike': keys('{{tenant.id}}#*'), Null: keys('false') },
      },
    ],
    [
      'a resource tag',
      { Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/TenantId': '{{tenant.id}}' } } },
    ],
    [
      'an object tag',
      { Resource: '*', Condition: { StringEquals: { 's3:ExistingObjectTag/tenant': '{{tenant.id}}' } } },
    ],
    [
      'an encryption context',
      { Resource: '*', Condition: { StringEquals: { 'kms:EncryptionContext:tenant': '{{tenant.id}}' } } },
    ],
  ])('%s', (_what, changes) => {
    expect(parseProfile(sampleDefinition({ policy: allow(changes) }), RESOURCES).name).toBe('app');
  });
});

describe('a statement that is not bounded to the tenant', () => {
  test.each<[string, Record<string, unknown>]>([
    ['everything', { Resource: '*' }],
    ['the whole bucket', { Resource: `${BUCKET}/*` }],
    ['no delimiter: acme opens acme2', { Resource: `${BUCKET}/{{tenant.id}}*` }],
    ['a hyphen, which ids hold: acme opens acme-prod', { Resource: `${BUCKET}/{{tenant.id}}-*` }],
    ['a question mark behind', { Resource: `${BUCKET}/{{tenant.id}}?/*` }],
    ['a letter behind', { Resource: `${BUCKET}/{{tenant.id}}x/*` }],
    ['a placeholder right behind', { Resource: `${BUCKET}/{{tenant.id}}{{tenant.attributes.x}}/*` }],
    ['a wildcard before the tenant', { Resource: `${BUCKET}/*/{{tenant.id}}/*` }],
    ['a wildcard account', { Resource: 'arn:aws:dynamodb:*:*:table/{{tenant.id}}' }],
    ['the tenant as an account', { Resource: 'arn:aws:s3:us-east-1:{{tenant.id}}:*' }],
    ['one of two resources', { Resource: [`${BUCKET}/{{tenant.id}}/*`, `${BUCKET}/shared/*`] }],
    [
      'an attribute before the tenant: its value can end in another’s id',
      { Resource: `${BUCKET}/{{tenant.attributes.x}}/{{tenant.id}}/*` },
    ],
    [
      'a list prefix for what does not list',
      { Resource: `${BUCKET}/*`, Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' } } },
    ],
    [
      'leading keys of an index',
      {
        Resource: `${TABLE}/index/by-date`,
        Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}'), Null: keys('false') },
      },
    ],
    [
      'leading keys of any table and index',
      {
        Resource: '*',
        Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}'), Null: keys('false') },
      },
    ],
    [
      'leading keys, present or absent',
      {
        Resource: TABLE,
        Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}'), Null: keys(['false', 'true']) },
      },
    ],
    [
      'a negated resource tag',
      { Resource: '*', Condition: { StringNotEquals: { 'aws:ResourceTag/TenantId': '{{tenant.id}}' } } },
    ],
    [
      'a resource tag, if there is one',
      { Resource: '*', Condition: { StringEqualsIfExists: { 'aws:ResourceTag/TenantId': '{{tenant.id}}' } } },
    ],
    ['only an attribute', { Resource: `${BUCKET}/{{tenant.attributes.prefix}}/*` }],
    [
      'a list prefix without delimiter',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLike: { 's3:prefix': '{{tenant.id}}*' } },
      },
    ],
    [
      'an exact list prefix without delimiter: it lists acme2',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringEquals: { 's3:prefix': '{{tenant.id}}' } },
      },
    ],
    [
      'one of two list prefixes',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLike: { 's3:prefix': ['{{tenant.id}}/*', ''] } },
      },
    ],
    [
      'IfExists passes without a prefix',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLikeIfExists: { 's3:prefix': '{{tenant.id}}/*' } },
      },
    ],
    [
      'a negated operator',
      {
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringNotLike: { 's3:prefix': '{{tenant.id}}/*' } },
      },
    ],
    [
      'leading keys that a scan does not have',
      { Resource: TABLE, Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}') } },
    ],
    [
      'leading keys demanded absent',
      {
        Resource: TABLE,
        Condition: { 'ForAllValues:StringEquals': keys('{{tenant.id}}'), Null: keys('true') },
      },
    ],
    [
      'any leading key of a batch',
      {
        Resource: TABLE,
        Condition: { 'ForAnyValue:StringEquals': keys('{{tenant.id}}'), Null: keys('false') },
      },
    ],
    [
      'leading keys without a set operator',
      { Resource: TABLE, Condition: { StringEquals: keys('{{tenant.id}}'), Null: keys('false') } },
    ],
    [
      'leading keys without delimiter',
      {
        Resource: TABLE,
        Condition: { 'ForAllValues:StringLike': keys('{{tenant.id}}*'), Null: keys('false') },
      },
    ],
    [
      'the tag of the caller',
      { Resource: '*', Condition: { StringEquals: { 'aws:PrincipalTag/TenantId': '{{tenant.id}}' } } },
    ],
    [
      'a tag that the request brings',
      { Resource: '*', Condition: { StringEquals: { 'aws:RequestTag/TenantId': '{{tenant.id}}' } } },
    ],
    [
      'a resource tag like the tenant',
      { Resource: '*', Condition: { StringLike: { 'aws:ResourceTag/TenantId': '{{tenant.id}}*' } } },
    ],
  ])('%s', (_what, changes) => {
    expect(() => parseProfile(sampleDefinition({ policy: allow(changes) }), RESOURCES)).toThrow(
      /^profile app: statement 1: got an Allow that is not bounded to the tenant; put/,
    );
  });
});

describe('a profile that is refused', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET}/{{tenant.id}}/*` };
  const scope = { folder: { description: 'a folder', pattern: '[a-z]+/', optional: true } };
  const long = Array.from(
    { length: 30 },
    (_, index) => `${BUCKET}/{{tenant.id}}/${'x'.repeat(40)}${index}/*`,
  );

  test.each<[string, unknown, string]>([
    ['not an object', 7, 'profile (without a name)'],
    ['an unknown member', { ...sampleDefinition(), pollicy: {} }, 'got unknown member "pollicy"'],
    [
      'NotAction',
      sampleDefinition({ policy: allow({ NotAction: 's3:*' }) }),
      'got unknown member "NotAction"',
    ],
    [
      'NotResource',
      sampleDefinition({ policy: allow({ NotResource: '*' }) }),
      'got unknown member "NotResource"',
    ],
    [
      'NotPrincipal',
      sampleDefinition({ policy: allow({ NotPrincipal: '*' }) }),
      'got unknown member "NotPrincipal"',
    ],
    [
      'an old version',
      sampleDefinition({ policy: { ...allow({}), Version: '2008-10-17' as '2012-10-17' } }),
      'policy.Version',
    ],
    [
      'no statements',
      sampleDefinition({ policy: { Version: '2012-10-17', Statement: [] } }),
      'policy.Statement',
    ],
    ['only a Deny', sampleDefinition({ policy: allow({ Effect: 'Deny' }) }), 'got no Allow statement'],
    [
      'an empty Resource list',
      sampleDefinition({ policy: allow({ Resource: [] }) }),
      'policy.Statement.0.Resource',
    ],
    [
      'an unknown placeholder',
      sampleDefinition({ policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{tenant.name}}/*` }) }),
      'statement 1: got unknown placeholder {{tenant.name}}',
    ],
    [
      'an undeclared scope parameter',
      sampleDefinition({ policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{scope.folder}}*` }) }),
      '{{scope.folder}}',
    ],
    [
      'an unknown resource',
      sampleDefinition({ roleArn: '{{resources.role}}' }),
      'got {{resources.role}}, expected one that this environment provides: resources.tenantRoleArn',
    ],
    [
      'stray braces',
      sampleDefinition({ policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{ x }}/*` }) }),
      'got stray braces',
    ],
    [
      'an IAM variable',
      sampleDefinition({ policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/\${aws:userid}/*` }) }),
      'got an IAM variable',
    ],
    [
      'a placeholder where IAM does not escape',
      sampleDefinition({
        policy: allow({ Condition: { Bool: { 'aws:SecureTransport': '{{tenant.id}}' } } }),
      }),
      'got unknown placeholder {{tenant.id}}',
    ],
    [
      'a scope parameter before the tenant',
      sampleDefinition({ scope, policy: allow({ Resource: `${BUCKET}/{{scope.folder}}*/{{tenant.id}}/*` }) }),
      'expected it behind {{tenant.id}}, in an Allow',
    ],
    [
      'a scope parameter in a Deny',
      sampleDefinition({
        scope,
        policy: {
          Version: '2012-10-17',
          Statement: [
            statement as never,
            { ...statement, Effect: 'Deny', Resource: `${BUCKET}/{{tenant.id}}/{{scope.folder}}*` },
          ],
        },
      }),
      'expected it behind {{tenant.id}}, in an Allow',
    ],
    [
      'an optional parameter that would widen',
      sampleDefinition({ scope, policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{scope.folder}}x/*` }) }),
      'expected "*" right behind it',
    ],
    [
      'a pattern that breaks out of its anchors',
      sampleDefinition({ scope: { folder: { ...scope.folder, pattern: 'a)|(b' } } }),
      'scope folder: pattern: got "a)|(b"',
    ],
    [
      'too long a policy',
      sampleDefinition({ policy: allow({ Resource: long }) }),
      'expected at most 2048; merge statements',
    ],
    [
      'a placeholder in an action',
      sampleDefinition({ policy: allow({ Action: 's3:{{tenant.id}}' }) }),
      'not an action',
    ],
    [
      'a misspelled operator',
      sampleDefinition({ policy: allow({ Condition: { StringEqual: { 's3:prefix': 'x' } } }) }),
      'policy.Statement.0.Condition',
    ],
    [
      'an operator without keys',
      sampleDefinition({ policy: allow({ Condition: { StringEquals: {} } }) }),
      'at least one condition key',
    ],
    [
      'a condition key twice',
      sampleDefinition({
        policy: allow({ Condition: { StringEquals: { 's3:prefix': 'a', 'S3:Prefix': 'b' } } }),
      }),
      'a condition key twice',
    ],
    [
      'a member that would vanish',
      JSON.parse(
        JSON.stringify(sampleDefinition()).replace(
          '"Effect"',
          '"Condition":{"__proto__":{"s3:prefix":"x"}},"Effect"',
        ),
      ),
      '__proto__',
    ],
    [
      'a dollar before a value',
      sampleDefinition({
        policy: allow({ Resource: [BUCKET, '/{{tenant.id}}/$', '{{tenant.attributes.x}}/*'].join('') }),
      }),
      'got an IAM variable',
    ],
    [
      'a scope parameter behind a negated operator',
      sampleDefinition({
        scope,
        policy: allow({ Condition: { StringNotLike: { 's3:prefix': '{{tenant.id}}/{{scope.folder}}*' } } }),
      }),
      'in no negated condition',
    ],
    [
      'too many tags',
      sampleDefinition({
        tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`Tag${index}`, 'x'])),
      }),
      'tags: expected at most 20 members',
    ],
    ['a role that is none', sampleDefinition({ roleArn: 'arn:aws:iam::1:role/x' }), 'roleArn: got'],
    ['the tenant tag', sampleDefinition({ tags: { tenantid: 'x' } }), 'tags: got a key twice'],
    [
      'a transitive key that is no tag',
      sampleDefinition({ transitiveTagKeys: ['Plan'] }),
      'transitiveTagKeys: got Plan, expected one of TenantId',
    ],
    [
      'a scope value in a tag',
      sampleDefinition({ scope, tags: { Folder: '{{scope.folder}}' } }),
      '{{scope.folder}}',
    ],
    [
      'more than an hour',
      sampleDefinition({ durationSeconds: { maximum: 7200 } }),
      'durationSeconds: got a maximum of 7200, expected at most 3600 with the method assumeRole',
    ],
    [
      'a default over the maximum',
      sampleDefinition({ durationSeconds: { maximum: 900 } }),
      'got a default of 3600',
    ],
    [
      'a managed policy without a reason',
      sampleDefinition({ policyArns: [{ arn: 'arn:aws:iam::111122223333:policy/x' }] as never }),
      'boundedBecause',
    ],
    [
      "a managed policy of AWS's own",
      sampleDefinition({
        policyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess', boundedBecause: 'it is not' }],
      }),
      'policyArns: got',
    ],
  ])('%s', (_what, definition, message) => {
    expect(() => parseProfile(definition, RESOURCES)).toThrow(ConfigurationError);
    expect(() => parseProfile(definition, RESOURCES)).toThrow(message);
  });
});

describe('patterns of scope parameters', () => {
  const withPattern = (pattern: string) => () =>
    parseProfile(
      sampleDefinition({
        scope: { folder: { description: 'a folder', pattern, optional: true } },
        policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{scope.folder}}*` }),
      }),
      RESOURCES,
    );

  test.each([
    '[a-z]+/',
    '[A-Za-z0-9_-][A-Za-z0-9._/-]*/',
    '[0-9]{4}/',
    '(?:a|b)/',
    '(?:20[0-9]{2}/)+',
    'a\\.b?/',
    '[)(*]+',
    '[a-z]+/[a-z]+',
    '[0-9]{1,3}-[0-9]{1,3}',
    'v?[0-9]+',
    '(reports|invoices|exports|images|logs)/',
    '(?:[a-z]|[0-9])x',
  ])('%s is taken', (pattern) => {
    expect(withPattern(pattern)().scope.get('folder')?.pattern.source).toBe(
      new RegExp(`^(?:${pattern})$`, 'u').source,
    );
  });

  test.each([
    '(a+)+',
    '([a-z]+[a-z0-9]*)*/',
    '(?:[a-z0-9-]+/?)+',
    '(a|a)*',
    '(a?){30}',
    '((ab)+)*',
    '(x(a|b)y)+',
    'a*a*a*',
    'a*a*a?',
    '.{0,99}.{0,99}.{0,9}',
    '.{0,9}.{0,9}.{0,9}.?',
    'a?a?a?a?a?a?a?a?a?a?a?',
    `${'a|'.repeat(3) + '(?:b|'.repeat(9)}c${')'.repeat(9)}`,
    `${'(?:[a-z]|[a-z0-9])'.repeat(26).slice(0, 255)}-`,
    `${'(?:[a-z]|[a-z0-9])'.repeat(11)}-`,
    '(a)(b)(c)(d)(e)',
    '\\p{L}+',
    '\\P{L}',
    '(a)\\1',
    '(?=a)a',
    '(?<n>a)',
  ])('%s, which could take minutes, is refused', (pattern) => {
    expect(withPattern(pattern)).toThrow('it could take minutes to compare');
  });
});

describe('two texts in which a tenant’s id could be a word of the profile', () => {
  const resources = (...paths: string[]) => allow({ Resource: paths.map((path) => `${BUCKET}/${path}`) });
  const leadingKeys = (...values: string[]) =>
    allow({
      Action: 'dynamodb:Query',
      Resource: TABLE,
      Condition: { 'ForAllValues:StringLike': keys(values), Null: keys('false') },
    });

  test.each<[string, ProfileDefinition['policy'], string]>([
    ['a folder beside', resources('{{tenant.id}}/*', 'reports/{{tenant.id}}/*'), '"reports"'],
    ['the same, the other way round', resources('reports/{{tenant.id}}/*', '{{tenant.id}}/*'), '"reports"'],
    ['a longer name', resources('{{tenant.id}}/*', 'archive-{{tenant.id}}/*'), '"archive-…"'],
    ['a longer key', leadingKeys('{{tenant.id}}#*', 'tenant#{{tenant.id}}'), '"tenant"'],
    [
      'a longer list prefix',
      allow({
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLike: { 's3:prefix': ['{{tenant.id}}/*', 'reports/{{tenant.id}}/*'] } },
      }),
      '"reports"',
    ],
  ])('%s', (_what, policy, word) => {
    expect(() => parseProfile(sampleDefinition({ policy }), RESOURCES)).toThrow(
      `in which a tenant could be called ${word}`,
    );
  });

  it('of two profiles', () => {
    const own = sampleDefinition({ policy: resources('{{tenant.id}}/*') });
    const reports = sampleDefinition({ name: 'reports', policy: resources('reports/{{tenant.id}}/*') });
    expect(() => parseProfiles([own, reports], RESOURCES)).toThrow('"reports"');
  });

  test.each<[string, ProfileDefinition['policy']]>([
    ['a word that no id begins with', resources('{{tenant.id}}/*', '_reports/{{tenant.id}}/*')],
    ['a word in capitals', leadingKeys('{{tenant.id}}#*', 'USER#{{tenant.id}}')],
    ['a word that is too short for an id', resources('{{tenant.id}}/*', 'v1/{{tenant.id}}/*')],
    ['the word behind the id', resources('{{tenant.id}}/*', '{{tenant.id}}/reports/*')],
    [
      'two words, neither at the start of the other',
      resources('reports/{{tenant.id}}/*', 'invoices/{{tenant.id}}/*'),
    ],
  ])('is none: %s', (_what, policy) => {
    expect(parseProfile(sampleDefinition({ policy }), RESOURCES).name).toBe('app');
  });

  it('is none on two tables', () => {
    const statements = (['a', 'b'] as const).map((name, index) => ({
      Effect: 'Allow' as const,
      Action: 'dynamodb:Query',
      Resource: `${TABLE}-${name}`,
      Condition: {
        'ForAllValues:StringLike': keys(['{{tenant.id}}#*', 'tenant#{{tenant.id}}'][index] ?? ''),
        Null: keys('false'),
      },
    }));
    const policy = { Version: '2012-10-17' as const, Statement: statements };
    expect(parseProfile(sampleDefinition({ policy }), RESOURCES).name).toBe('app');
  });
});
