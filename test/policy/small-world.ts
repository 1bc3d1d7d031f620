import fc from 'fast-check';
import { createContext } from '../../policy/context.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';

// A small world, so that patterns and requests meet often.
const TENANTS = ['acme', 'acme-prod', 'globex'];
const ACTIONS = ['s3:GetObject', 's3:PutObject'];
const key = fc.constantFrom(...TENANTS.map((tenant) => `${tenant}/x`), 'acme/', 'acme', '');

/** The variable that the world's policies tell tenants by. */
export const TAG = `\${aws:PrincipalTag/TenantId}`;

/** A statement of an identity-based policy as written. */
export interface StatementDocument {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Operators = NonNullable<StatementDocument['Condition']>;
const operator: fc.Arbitrary<Operators> = fc.oneof(
  fc.record({ StringLike: fc.record({ 's3:prefix': fc.constantFrom('*', 'acme*', `${TAG}/*`, '') }) }),
  fc.record({ StringNotEquals: fc.record({ 's3:prefix': fc.constantFrom('acme/x', TAG) }) }),
  fc.record({
    StringEqualsIfExists: fc.record({ 'aws:PrincipalTag/TenantId': fc.constantFrom('acme', 'globex') }),
  }),
  fc.record({
    'ForAllValues:StringEquals': fc.record({ 'aws:TagKeys': fc.constantFrom(['a'], ['a', 'b']) }),
  }),
  fc.record({ 'ForAnyValue:StringNotEquals': fc.record({ 'aws:TagKeys': fc.constantFrom('a', 'b') }) }),
  fc.record({ Null: fc.record({ 'aws:TagKeys': fc.constantFrom('true', 'false') }) }),
);

/** A Condition element, negated operators and traps for absent keys included. */
export const conditionDocument: fc.Arbitrary<Operators> = fc
  .array(operator, { minLength: 1, maxLength: 2 })
  .map((operators) => Object.assign({}, ...operators));

export const statementDocument: fc.Arbitrary<StatementDocument> = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    Action: fc.constantFrom(...ACTIONS, 's3:*', '*', 's3:Get*'),
    Resource: fc
      .constantFrom('*', '*', '*', 'acme', `${TAG}/*`, `${TAG}*`, 'acme*', 'acme/*', 'a?me/*')
      .map((pattern) => `arn:aws:s3:::data/${pattern}`),
    Condition: conditionDocument,
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);

export const parse = (statements: readonly object[], name = 'generated') =>
  parsePolicy({ Version: '2012-10-17', Statement: statements }, name);

export const statementDocuments = fc.array(statementDocument, { minLength: 1, maxLength: 4 });
export const policy = statementDocuments.map((statements) => parse(statements));
export const policies = fc.array(policy, { maxLength: 3 });

export const request = fc
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

export const isAllowed = (decision: { readonly effect: string }) => decision.effect === 'allowed';
