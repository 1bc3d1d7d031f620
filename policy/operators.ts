import type { Comparison, Order, StringRelation } from './condition.ts';
import { parseNetwork } from './network.ts';
import { parseBytes, parseFlag, parseInstant, parseNumber } from './operand.ts';
import type { PolicyVersion } from './policy.ts';
import { PolicyError } from './policy-error.ts';
import { parseTemplate } from './variables.ts';

/** What an operator's name means: how to read its values, and whether it is true when they do not match. */
export interface Operator {
  readonly negated: boolean;
  readonly parse: (values: readonly string[], version: PolicyVersion, where: string) => Comparison;
}

type Parse = Operator['parse'];

const string =
  (relation: StringRelation): Parse =>
  (values, version, where) => {
    const grammar = { variables: version === '2012-10-17', wildcards: relation === 'like', where };
    return { family: 'string', relation, values: values.map((value) => parseTemplate(value, grammar)) };
  };

const numeric =
  (relation: Order): Parse =>
  (values, _version, where) => ({
    family: 'numeric',
    relation,
    values: values.map((value) => parseNumber(value, where)),
  });

const date =
  (relation: Order): Parse =>
  (values, _version, where) => ({
    family: 'date',
    relation,
    values: values.map((value) => parseInstant(value, where)),
  });

const flag =
  (family: 'boolean' | 'null'): Parse =>
  (values, _version, where) => ({ family, values: values.map((value) => parseFlag(value, where)) });

const binary: Parse = (values, _version, where) => ({
  family: 'binary',
  values: values.map((value) => parseBytes(value, where)),
});

const ip: Parse = (values, _version, where) => ({
  family: 'ip',
  values: values.map((value) => parseNetwork(value, where)),
});

const arn: Parse = (values, version, where) => {
  const grammar = { variables: version === '2012-10-17', wildcards: true, where };
  return {
    family: 'arn',
    values: values.map((value) => {
      const template = parseTemplate(value, grammar);
      const isWhole = value.split(':').length >= 6 || template.some((piece) => piece.kind === 'variable');
      // Six components are compared one by one; AWS does not say what a shorter pattern would mean.
      if (!isWhole) throw new PolicyError({ what: where, got: value, expected: 'an ARN of six segments' });
      return template;
    }),
  };
};

const is = (parse: Parse): Operator => ({ parse, negated: false });
const isNot = (parse: Parse): Operator => ({ parse, negated: true });

/** Every condition operator that AWS documents, without `IfExists` and set operators (page in condition.ts). */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', is(string('equals'))],
  ['StringNotEquals', isNot(string('equals'))],
  ['StringEqualsIgnoreCase', is(string('equalsIgnoreCase'))],
  ['StringNotEqualsIgnoreCase', isNot(string('equalsIgnoreCase'))],
  ['StringLike', is(string('like'))],
  ['StringNotLike', isNot(string('like'))],
  ['NumericEquals', is(numeric('equals'))],
  ['NumericNotEquals', isNot(numeric('equals'))],
  ['NumericLessThan', is(numeric('lessThan'))],
  ['NumericLessThanEquals', is(numeric('lessThanEquals'))],
  ['NumericGreaterThan', is(numeric('greaterThan'))],
  ['NumericGreaterThanEquals', is(numeric('greaterThanEquals'))],
  ['DateEquals', is(date('equals'))],
  ['DateNotEquals', isNot(date('equals'))],
  ['DateLessThan', is(date('lessThan'))],
  ['DateLessThanEquals', is(date('lessThanEquals'))],
  ['DateGreaterThan', is(date('greaterThan'))],
  ['DateGreaterThanEquals', is(date('greaterThanEquals'))],
  ['Bool', is(flag('boolean'))],
  ['BinaryEquals', is(binary)],
  ['IpAddress', is(ip)],
  ['NotIpAddress', isNot(ip)],
  ['ArnEquals', is(arn)],
  ['ArnLike', is(arn)],
  ['ArnNotEquals', isNot(arn)],
  ['ArnNotLike', isNot(arn)],
  ['Null', is(flag('null'))],
]);
