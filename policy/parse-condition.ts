import type { Condition } from './condition.ts';
import { entriesOf, listOf } from './document.ts';
import { OPERATORS } from './operators.ts';
import type { PolicyVersion } from './policy.ts';
import { PolicyError } from './policy-error.ts';

const OPERATOR_NAME =
  /^(?:(?<qualifier>ForAllValues|ForAnyValue):)?(?<base>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

/**
 * Reads a Condition element: operator → key → values, all of which must hold
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html). Throws a PolicyError on an
 * unknown operator and on values that it cannot compare.
 */
export function parseConditions(
  element: unknown,
  version: PolicyVersion,
  where: string,
): readonly Condition[] {
  return entriesOf(element, where).flatMap(([operator, keys]) =>
    entriesOf(keys, `${where}.${operator}`).map(([key, values]) =>
      parseCondition(operator, key, values, version, `${where}.${operator}.${key}`),
    ),
  );
}

function parseCondition(
  name: string,
  key: string,
  values: unknown,
  version: PolicyVersion,
  where: string,
): Condition {
  const groups = OPERATOR_NAME.exec(name)?.groups ?? {};
  const operator = OPERATORS.get(groups['base'] ?? '');
  const ifExists = groups['ifExists'] !== undefined;
  const qualifier = groups['qualifier'] as Condition['qualifier'];
  if (operator === undefined || (groups['base'] === 'Null' && (ifExists || qualifier !== undefined))) {
    throw new PolicyError({ what: where, got: name, expected: 'a condition operator that IAM documents' });
  }
  if (!/^[^:\s]+:\S/.test(key))
    throw new PolicyError({ what: where, got: key, expected: 'a condition key with its prefix' });
  const texts = listOf(values, where).map((value) => parseValue(value, where));
  const comparison = operator.parse(texts, version, where);
  return { operator: name, qualifier, ifExists, negated: operator.negated, key, comparison };
}

/**
 * Quotes around numbers and booleans are optional
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
function parseValue(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new PolicyError({ what: where, got: value, expected: 'a string, a number or a boolean' });
}
