import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { evaluatePolicies, evaluateSession } from '../../policy/evaluate.ts';
import { matchesArn, matchesGlob } from '../../policy/match.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { parseTemplate, resolveTemplate } from '../../policy/variables.ts';

// A small world, so that patterns and requests meet often.
const TENANTS = ['acme', 'acme-prod', 'globex'];
const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'];
const key = fc.constantFrom(...TENANTS.flatMap((tenant) => [`${tenant}/x`, `${tenant}/`, tenant, '']));
const tag = `\${aws:PrincipalTag/TenantId}`;

const statement = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom(...ACTIONS, 's3:*', '*', 's3:Get*'),
    Resource: fc
      .constantFrom(...TENANTS, `${tag}/*`, `${tag}*`, 'acme*', 'acme/*', '*', 'a?me/*')
      .map((pattern) => `arn:aws:s3:::data/${pattern}`),
    Condition: fc.record(
      {
        StringLike: fc.record({ 's3:prefix': fc.constantFrom('acme/*', `${tag}/*`, '') }),
        'ForAllValues:StringEquals': fc.record({ 'aws:TagKeys': fc.constantFrom(['a'], ['a', 'b']) }),
        Null: fc.record({ 'aws:TagKeys': fc.constantFrom('true', 'false') }),
      },
      { requiredKeys: ['StringLike'] },
    ),
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);

const policy = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((statements) => parsePolicy({ Version: '2012-10-17', Statement: statements }, 'generated'));
const policies = fc.array(policy, { maxLength: 3 });

const request = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    key,
    tenant: fc.option(fc.constantFrom(...TENANTS), { nil: undefined }),
    prefix: fc.option(key, { nil: undefined }),
    tagKeys: fc.subarray(['a', 'b', 'c']),
  })
  .map((parts) => ({
    action: parts.action,
    resource: `arn:aws:s3:::data/${parts.key}`,
    context: createContext({
      values: {
        'aws:PrincipalTag/TenantId': parts.tenant,
        's3:prefix': parts.prefix,
        'aws:TagKeys': parts.tagKeys,
      },
    }),
  }));

const isAllowed = (decision: { readonly effect: string }) => decision.effect === 'allowed';

test('a further statement that denies never allows more', () => {
  fc.assert(
    fc.property(policies, statement, request, (set, further, asked) => {
      const deny = parsePolicy({ Version: '2012-10-17', Statement: { ...further, Effect: 'Deny' } }, 'deny');
      if (isAllowed(evaluatePolicies([...set, deny], asked))) {
        expect(evaluatePolicies(set, asked).effect).toBe('allowed');
      }
    }),
    { numRuns: 2000 },
  );
});

test('a session is allowed exactly what both sides allow', () => {
  fc.assert(
    fc.property(policies, policies, request, (identityPolicies, sessionPolicies, asked) => {
      const together = isAllowed(evaluateSession({ identityPolicies, sessionPolicies }, asked));
      const apart = [identityPolicies, sessionPolicies].map((set) => isAllowed(evaluatePolicies(set, asked)));
      expect(together).toBe(!apart.includes(false));
    }),
    { numRuns: 2000 },
  );
});

test('the order of policies changes no decision', () => {
  fc.assert(
    fc.property(policies, request, (set, asked) => {
      expect(evaluatePolicies(set.toReversed(), asked).effect).toBe(evaluatePolicies(set, asked).effect);
    }),
  );
});

const hostile = fc.string({
  unit: fc.constantFrom('*', '?', '$', '{', '}', ':', '/', 'a', '\\', '.'),
  minLength: 1,
  maxLength: 8,
});

test('a tag opens the folder that bears its name to the letter, whatever it holds', () => {
  const own = parsePolicy(
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::data/${tag}/file` },
    },
    'own',
  );
  fc.assert(
    fc.property(hostile, hostile, (tenant, folder) => {
      const asked = {
        action: 's3:GetObject',
        resource: `arn:aws:s3:::data/${folder}/file`,
        context: createContext({ values: { 'aws:PrincipalTag/TenantId': tenant } }),
      };
      expect(isAllowed(evaluatePolicies([own], asked))).toBe(tenant === folder);
    }),
    { numRuns: 2000 },
  );
});

const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 12 });
const asRegExp = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, 'u');
const asGlob = (pattern: string) => {
  const grammar = { variables: false, wildcards: true, where: 'test' };
  return resolveTemplate(parseTemplate(pattern, grammar), createContext({ values: {} })) ?? [];
};

test('a glob matches what the regular expression for it does', () => {
  fc.assert(
    fc.property(text, text, (pattern, subject) => {
      expect(matchesGlob(asGlob(pattern), subject)).toBe(asRegExp(pattern).test(subject));
    }),
    { numRuns: 5000 },
  );
});

test('an ARN pattern matches when each of six segments does', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 2 });
  const arn = fc.tuple(segment, segment, segment, segment, segment, text).map((parts) => parts.join(':'));
  const segmentsOf = (whole: string) => {
    const parts = whole.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  fc.assert(
    fc.property(arn, arn, (pattern, subject) => {
      const subjects = segmentsOf(subject);
      const each = segmentsOf(pattern).every((part, index) => asRegExp(part).test(subjects[index] ?? ''));
      expect(matchesArn(asGlob(pattern), subject, 'segments')).toBe(each);
    }),
    { numRuns: 5000 },
  );
});
