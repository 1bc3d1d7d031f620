import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minifyPolicy } from '../../../../functions/core/profile/minify-policy.ts';
import type { PolicyStatement } from '../../../../functions/core/profile/policy-document.ts';
import { createContext } from '../../../../policy/context.ts';
import { evaluatePolicies } from '../../../../policy/evaluate.ts';
import { parsePolicy } from '../../../../policy/parse-policy.ts';

const BUCKET = 'arn:aws:s3:::data';
const written = (...Statement: readonly PolicyStatement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const minified = (...statements: readonly PolicyStatement[]): readonly PolicyStatement[] =>
  JSON.parse(minifyPolicy(written(...statements), 'acme')).Statement;
const allow = (changes: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: `${BUCKET}/acme/*`,
  ...changes,
});

describe('a minified policy', () => {
  it('has no names, and lists of one are that one', () => {
    const Condition = { StringLike: { 's3:prefix': ['acme/*'] } };
    expect(minified(allow({ Sid: 'Own', Action: ['s3:ListBucket'], Resource: [BUCKET], Condition }))).toEqual(
      [
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: BUCKET,
          Condition: { StringLike: { 's3:prefix': 'acme/*' } },
        },
      ],
    );
  });

  it('joins statements that differ in actions or resources alone', () => {
    const Resource = `${BUCKET}/acme/inbox/*`;
    expect(minified(allow(), allow({ Action: 's3:PutObject' }))).toEqual([
      allow({ Action: ['s3:GetObject', 's3:PutObject'] }),
    ]);
    expect(minified(allow(), allow({ Resource }))).toEqual([
      allow({ Resource: [`${BUCKET}/acme/*`, Resource] }),
    ]);
    expect(minified(allow(), allow({ Action: 's3:PutObject', Resource }))).toHaveLength(2);
    expect(minified(allow(), allow({ Effect: 'Deny' }))).toHaveLength(2);
    expect(minified(allow(), allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))).toHaveLength(
      2,
    );
  });

  it('does not join what could not be seen to be bounded', () => {
    // Bounded by its resource the one, by its prefix the other: joined, neither would be.
    const Condition = { StringLike: { 's3:prefix': 'acme/*' } };
    const list = { Action: 's3:ListBucket', Resource: BUCKET, Condition };
    expect(minified(allow(list), allow({ ...list, Action: 's3:GetObject', Resource: BUCKET }))).toHaveLength(
      2,
    );
  });

  it('decides every request as the policy itself does', () => {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:*', 's3:ListBucket'];
    const resources = ['acme/*', 'acme/a', 'acme/b/*'].map((key) => `${BUCKET}/${key}`);
    const conditions = [
      undefined,
      { StringEquals: { 'aws:PrincipalTag/Plan': ['gold', 'blue'] } },
      { StringEquals: { 'aws:PrincipalTag/Plan': ['blue', 'gold'] } },
      { StringNotEquals: { 'aws:PrincipalTag/Plan': 'gold' } },
    ];
    const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
    const statement = fc.record({
      Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      Action: some(actions),
      Resource: some(resources),
      Condition: fc.constantFrom(...conditions),
    });
    const requests = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].flatMap((action) =>
      ['acme/a', 'acme/b/c', 'acme/z', 'globex/a'].flatMap((key) =>
        ['gold', 'blue', 'red'].map((plan) => ({
          action,
          resource: `${BUCKET}/${key}`,
          context: createContext({ values: { 'aws:PrincipalTag/Plan': plan } }),
        })),
      ),
    );
    const decisions = (policy: string) => {
      const parsed = parsePolicy(JSON.parse(policy), 'policy');
      return requests.map((request) => evaluatePolicies([parsed], request).effect);
    };
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
        const policy = written(...statements.map((each, index) => ({ Sid: `S${index}`, ...each })));
        const shorter = minifyPolicy(policy, 'acme');
        expect(decisions(shorter)).toEqual(decisions(policy));
        expect(shorter.length).toBeLessThan(policy.length);
      }),
      { numRuns: 150 },
    );
  });
});
