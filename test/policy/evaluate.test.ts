// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { describe, expect, test } from 'vitest';
import { type ContextFacts, createContext } from '../../policy/context.ts';
import { evaluatePolicies, evaluateSession } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { PolicyError, UnknownConditionKey } from '../../policy/policy-error.ts';

const DATA = 'arn:aws:s3:::data';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/items';

const parse = (...statements: readonly object[]) =>
  parsePolicy({ Version: '2012-10-17', Statement: statements }, 'policy');
const request = (action: string, resource: string, values: ContextFacts['values'] = {}) => ({
  action,
  resource,
  context: createContext({
    values: { 's3:prefix': undefined, 'dynamodb:LeadingKeys': undefined, ...values },
    absent: ['aws:PrincipalTag/*'],
  }),
});

const READ = { Sid: 'Read', Effect: 'Allow', Action: 's3:Get*', Resource: `${DATA}/acme/*` };
const DENY = { Sid: 'No', Effect: 'Deny', Action: 's3:*', Resource: '*' };

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and the pages of the elements
describe('one set of policies', () => {
  test.each<[string, readonly object[], string, string, string]>([
    ['allows what a statement allows', [READ], 's3:GetObject', `${DATA}/acme/x`, 'allowed'],
    ['knows actions in any case', [READ], 'S3:getobject', `${DATA}/acme/x`, 'allowed'],
    ['denies what none allows', [READ], 's3:PutObject', `${DATA}/acme/x`, 'implicitlyDenied'],
    ['knows resources by case', [READ], 's3:GetObject', `${DATA}/Acme/x`, 'implicitlyDenied'],
    ['tells acme from acme-prod', [READ], 's3:GetObject', `${DATA}/acme-prod/x`, 'implicitlyDenied'],
    ['lets a Deny win after', [READ, DENY], 's3:GetObject', `${DATA}/acme/x`, 'explicitlyDenied'],
    ['lets a Deny win before', [DENY, READ], 's3:GetObject', `${DATA}/acme/x`, 'explicitlyDenied'],
    [
      'allows by NotAction',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      's3:GetObject',
      DATA,
      'allowed',
    ],
    [
      'does not by NotAction',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      'iam:GetUser',
      '*',
      'implicitlyDenied',
    ],
    [
      'allows by NotResource',
      [{ Effect: 'Allow', Action: '*', NotResource: `${DATA}/globex/*` }],
      's3:GetObject',
      `${DATA}/acme/x`,
      'allowed',
    ],
    [
      'does not by NotResource',
      [{ Effect: 'Allow', Action: '*', NotResource: `${DATA}/globex/*` }],
      's3:GetObject',
      `${DATA}/globex/x`,
      'implicitlyDenied',
    ],
    [
      'denies by NotResource',
      [
        { ...READ, Resource: '*' },
        { Effect: 'Deny', Action: '*', NotResource: `${DATA}/acme/*` },
      ],
      's3:GetObject',
      `${DATA}/globex/x`,
      'explicitlyDenied',
    ],
    // IAM's page on Resource against S3's on segments: the reading that grants more
    [
      'lets a closing star run on in an Allow',
      [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:dynamodb:*:table/*' }],
      'dynamodb:GetItem',
      TABLE,
      'allowed',
    ],
    [
      'but not in a Deny',
      [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: '*', Resource: 'arn:aws:dynamodb:*:table/*' },
      ],
      'dynamodb:GetItem',
      TABLE,
      'allowed',
    ],
  ])('%s', (_name, statements, action, resource, effect) => {
    expect(evaluatePolicies([parse(...statements)], request(action, resource))).toMatchObject({ effect });
  });

  test('no policies allow nothing', () => {
    expect(evaluatePolicies([], request('s3:GetObject', DATA)).effect).toBe('implicitlyDenied');
  });

  test('says by which statement, and what was missing', () => {
    const prefixed = {
      Sid: 'List',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: DATA,
      Condition: { StringLike: { 's3:prefix': 'acme/*' } },
    };
    expect(evaluatePolicies([parse(READ, DENY)], request('s3:GetObject', `${DATA}/acme/x`)).reason).toBe(
      'explicitly denied by No of policy (identity-based policy)',
    );
    expect(evaluatePolicies([parse(READ, prefixed)], request('s3:ListBucket', DATA)).reason).toBe(
      'implicitly denied: no identity-based policy allows it (nearest is List of policy, but for its StringLike on s3:prefix, which is absent)',
    );
  });

  test('throws on a key that the context does not know, in whatever order', () => {
    const asks = { ...READ, Sid: 'Asks', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } };
    for (const statements of [
      [asks, DENY],
      [DENY, asks],
    ]) {
      expect(() =>
        evaluatePolicies([parse(...statements)], request('s3:GetObject', `${DATA}/acme/x`)),
      ).toThrow(UnknownConditionKey);
    }
  });

  test('throws on a key that the context does not know, also behind a value that matches', () => {
    for (const prefixes of [
      ['acme/', '${aws:username}'],
      ['${aws:username}', 'acme/'],
    ]) {
      const list = { ...READ, Condition: { StringEquals: { 's3:prefix': prefixes } } };
      const folders = { ...READ, Resource: prefixes.map((prefix) => `${DATA}/${prefix}*`) };
      const asked = request('s3:GetObject', `${DATA}/acme/x`, { 's3:prefix': 'acme/' });
      expect(() => evaluatePolicies([parse(list)], asked)).toThrow(UnknownConditionKey);
      expect(() => evaluatePolicies([parse(folders)], asked)).toThrow(UnknownConditionKey);
    }
  });

  test.each([
    ['an action of no service', 'GetObject', DATA],
    ['an action with a wildcard', 's3:*', DATA],
    ['a resource that is no ARN', 's3:GetObject', 'data/acme/x'],
    ['an ARN too short', 's3:GetObject', 'arn:aws:s3:::'],
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: allowed even when it is denied
    ['what needs no permission', 'sts:GetCallerIdentity', '*'],
  ])('is not asked for %s', (_name, action, resource) => {
    const all = parse({ Effect: 'Allow', Action: '*', Resource: '*' });
    expect(() => evaluatePolicies([all], request(action, resource))).toThrow(PolicyError);
  });

  test('takes no Principal', () => {
    const trust = parse({ Effect: 'Allow', Action: '*', Principal: '*' });
    expect(() => evaluatePolicies([trust], request('s3:GetObject', DATA))).toThrow(PolicyError);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
describe("a tenant's tag", () => {
  const objects = { Effect: 'Allow', Action: 's3:*', Resource: `${DATA}/\${aws:PrincipalTag/TenantId}/*` };
  const items = {
    Effect: 'Allow',
    Action: 'dynamodb:*',
    Resource: TABLE,
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '${aws:PrincipalTag/TenantId}' } },
  };
  const guarded = { ...items, Condition: { ...items.Condition, Null: { 'dynamodb:LeadingKeys': 'false' } } };
  const acme = { 'aws:PrincipalTag/TenantId': 'acme' };

  test.each<[string, object, string, string, ContextFacts['values'], string]>([
    ['own object', objects, 's3:GetObject', `${DATA}/acme/x`, acme, 'allowed'],
    ["other's object", objects, 's3:GetObject', `${DATA}/globex/x`, acme, 'implicitlyDenied'],
    ['prefix collision', objects, 's3:GetObject', `${DATA}/acme-prod/x`, acme, 'implicitlyDenied'],
    ['no tag', objects, 's3:GetObject', `${DATA}//x`, {}, 'implicitlyDenied'],
    [
      'star as tag',
      objects,
      's3:GetObject',
      `${DATA}/globex/x`,
      { 'aws:PrincipalTag/TenantId': '*' },
      'implicitlyDenied',
    ],
    ['own item', items, 'dynamodb:GetItem', TABLE, { ...acme, 'dynamodb:LeadingKeys': ['acme'] }, 'allowed'],
    [
      "other's item",
      items,
      'dynamodb:GetItem',
      TABLE,
      { ...acme, 'dynamodb:LeadingKeys': ['acme-prod'] },
      'implicitlyDenied',
    ],
    [
      'both in one batch',
      items,
      'dynamodb:BatchGetItem',
      TABLE,
      { ...acme, 'dynamodb:LeadingKeys': ['acme', 'globex'] },
      'implicitlyDenied',
    ],
    ['scan without a Null check', items, 'dynamodb:Scan', TABLE, acme, 'allowed'],
    ['scan with a Null check', guarded, 'dynamodb:Scan', TABLE, acme, 'implicitlyDenied'],
    [
      'own item with a Null check',
      guarded,
      'dynamodb:Query',
      TABLE,
      { ...acme, 'dynamodb:LeadingKeys': ['acme'] },
      'allowed',
    ],
  ])('%s', (_name, statement, action, resource, values, effect) => {
    expect(evaluatePolicies([parse(statement)], request(action, resource, values)).effect).toBe(effect);
  });

  test('an unresolved NotResource names no resource', () => {
    const all = { Effect: 'Allow', Action: 's3:*', NotResource: `${DATA}/\${aws:PrincipalTag/TenantId}` };
    expect(evaluatePolicies([parse(all)], request('s3:GetObject', `${DATA}/x`)).effect).toBe('allowed');
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
describe('a session', () => {
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const [role, deny, wide] = [parse(READ), parse(DENY), parse(everything)];
  test.each([
    ['no session policies', [role], undefined, 'allowed'],
    ['an empty list of them', [role], [], 'implicitlyDenied'],
    ['both allow', [wide], [role], 'allowed'],
    [
      'the session allows more',
      [parse({ ...READ, Resource: `${DATA}/globex/*` })],
      [wide],
      'implicitlyDenied',
    ],
    ['the session allows less', [wide], [parse({ ...READ, Action: 's3:PutObject' })], 'implicitlyDenied'],
    ['the session denies', [wide], [wide, deny], 'explicitlyDenied'],
    ['the role denies', [wide, deny], [wide], 'explicitlyDenied'],
    [
      'two session policies, one allows',
      [wide],
      [parse({ ...READ, Action: 's3:PutObject' }), role],
      'allowed',
    ],
    ['no role policies', [], [wide], 'implicitlyDenied'],
  ])('%s', (_name, identityPolicies, sessionPolicies, effect) => {
    const decision = evaluateSession(
      { identityPolicies, sessionPolicies },
      request('s3:GetObject', `${DATA}/acme/x`),
    );
    expect(decision.effect).toBe(effect);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  const write = parse({ ...READ, Action: 's3:PutObject' });
  test.each([
    ['a boundary that allows', [role], wide, undefined, 'allowed', undefined],
    ['a boundary that does not', [wide], write, undefined, 'implicitlyDenied', 'boundary'],
    ['a boundary that denies', [wide], parse(everything, DENY), [wide], 'explicitlyDenied', 'boundary'],
    ['a boundary alone, which grants nothing', [], wide, undefined, 'implicitlyDenied', 'identity'],
    ['all three allow', [wide], role, [wide], 'allowed', undefined],
    ['the boundary allows less than both others', [wide], write, [wide], 'implicitlyDenied', 'boundary'],
    ['the session allows less than both others', [wide], role, [write], 'implicitlyDenied', 'session'],
    [
      'a Deny of the session beats a boundary without an Allow',
      [wide],
      write,
      [deny],
      'explicitlyDenied',
      'session',
    ],
  ])('%s', (_name, identityPolicies, boundary, sessionPolicies, effect, kind) => {
    const decision = evaluateSession(
      { identityPolicies, boundary, sessionPolicies },
      request('s3:GetObject', `${DATA}/acme/x`),
    );
    expect(decision.effect).toBe(effect);
    if (kind !== undefined) expect(decision.kind).toBe(kind);
  });
});
